"""Every journey starts from the same little world."""

import pytest

from tests.journeys.world import World, build_world


@pytest.fixture
def world(transactional_db) -> World:
    return build_world()
