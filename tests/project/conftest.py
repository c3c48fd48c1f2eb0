"""The world of the crawling tests, built once per module and rolled back after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.project import world as worlds


@pytest.fixture(scope="module")
def built_world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory
) -> Iterator[worlds.World]:
    """Build the two planteles of the module."""
    folder: Path = tmp_path_factory.mktemp("world")
    kept = portal_settings.MEDIA_ROOT
    with django_db_blocker.unblock(), transaction.atomic():
        portal_settings.MEDIA_ROOT = folder
        yield worlds.build(folder)
        transaction.set_rollback(True)
        portal_settings.MEDIA_ROOT = kept


@pytest.fixture
def world(built_world: worlds.World, own_folders: Path, settings) -> worlds.World:
    """Give the test the module's world with its files; each request is undone by tests.project.knock."""
    settings.MEDIA_ROOT = built_world.folder
    return built_world
