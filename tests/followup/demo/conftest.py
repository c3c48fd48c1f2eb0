"""A demo of the smallest size, loaded once for all tests that look at it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as portal_settings
from django.db import transaction

from followup.demo.load import Loaded, load_demo
from followup.demo.plan import FEWEST
from followup.models import StudentReport
from followup.queries.progress import progress
from notices.models import Notice
from nss.models import Acuse, Reading
from students.models import Enrollment, StoredFile, StudentData, TimelineEntry

SEED = 5
TODAY = date(2026, 8, 26)  # a Wednesday
NOW = datetime(2026, 8, 26, 10, 0, tzinfo=ZoneInfo("America/Hermosillo"))


@dataclass(frozen=True)
class LoadedDemo:
    """Where its files are, what was said of it, and what the rows were when it was loaded before."""

    folder: Path
    loaded: Loaded
    before: dict[str, Any]


@pytest.fixture(scope="module")
def demo_once(
    django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoadedDemo]:
    """Load the demo, take it back, and load it again inside a transaction that ends with the module."""
    folder = tmp_path_factory.mktemp("demo")
    kept = portal_settings.VAR, portal_settings.MEDIA_ROOT
    with django_db_blocker.unblock():
        portal_settings.VAR, portal_settings.MEDIA_ROOT = folder, folder / "files"
        with transaction.atomic():
            load_demo(students=FEWEST, seed=SEED, today=TODAY)
            before = snapshot()
            transaction.set_rollback(True)
        with transaction.atomic():
            loaded = load_demo(students=FEWEST, seed=SEED, today=TODAY)
            portal_settings.VAR, portal_settings.MEDIA_ROOT = kept
            yield LoadedDemo(folder, loaded, before)
            transaction.set_rollback(True)


@pytest.fixture
def demo(demo_once: LoadedDemo, db, settings, own_folders) -> LoadedDemo:
    """Show the demo to one test; what the test writes is gone afterwards."""
    settings.VAR, settings.MEDIA_ROOT = demo_once.folder, demo_once.folder / "files"
    return demo_once


def snapshot() -> dict[str, Any]:
    """Return what a demo consists of, without what differs by nature: row numbers, hashes, durations."""
    stays = progress(Enrollment.objects.all(), now=NOW).order_by("matricula")
    person = ("student__curp", "student__nss", "student__search_name", "student__user__username")
    dates = ("enrolled_on", "acuse_due_on", "told_due_on", "created_at", "stage")
    rows = {
        "stays": stays.values_list("matricula", "public_id", "plantel__clave", *person, *dates),
        "data": StudentData.objects.order_by("enrollment__matricula").values_list(
            "email", "postal_code", "other_cover", "confirmed_at", "email_confirmed_at"
        ),
        "files": StoredFile.objects.order_by("path").values_list("path", "sha256", "state"),
        "acuses": Acuse.objects.order_by("public_id").values_list("folio", "state", "sent_at"),
        "readings": Reading.objects.order_by("acuse__public_id").values_list("outcome", "fields"),
        "reports": StudentReport.objects.order_by("folio").values_list("folio", "kind", "answer"),
        "history": TimelineEntry.objects.order_by(
            "at", "event", "enrollment__matricula"
        ).values_list("event", "at", "by__username", "data"),
        "notices": Notice.objects.order_by(
            "created_at", "message", "to_email", "not_before"
        ).values_list("message", "to_email", "state", "subject", "body"),
    }
    return {name: list(values) for name, values in rows.items()}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
