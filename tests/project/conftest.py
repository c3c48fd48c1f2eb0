"""The world of the crawling tests, built once per module and rolled back after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import transaction

from tests.project import world as worlds


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory
) -> Iterator[worlds.World]:
    """This will give the module its two planteles; each request is undone by tests.project.knock."""
    folder: Path = tmp_path_factory.mktemp("world")
    kept = portal_settings.MEDIA_ROOT
    with django_db_blocker.unblock(), transaction.atomic():
        portal_settings.MEDIA_ROOT = folder
        yield worlds.build(folder)
        transaction.set_rollback(True)
        portal_settings.MEDIA_ROOT = kept
