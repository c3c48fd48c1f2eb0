"""The migration that writes the bajas of who left before they were kept."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from school.states import Role
from students.models import Baja, TimelineEntry
from students.states import BajaKind, EnrollmentState, Event
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory, leave

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 8, 22, 5, 0, tzinfo=UTC)
write_bajas = import_module("students.migrations.0013_bajas_of_who_left").write_bajas


def test_write_bajas_of_who_left_by_whom_and_when_the_history_says():
    """Of several lines the newest; the day is the plantel's. Where nobody's line says it there is none."""
    withdrawn = {"state": EnrollmentState.WITHDRAWN}
    gone, by_nobody, silent = (EnrollmentFactory(**withdrawn) for _ in range(3))
    by = staff(Role.RESPONSABLE, gone.plantel)
    for stay, who, at in (
        (gone, by, NIGHT - timedelta(days=9)),
        (gone, by, NIGHT),
        (by_nobody, None, NIGHT),
        (EnrollmentFactory(), by, NIGHT),
    ):
        TimelineEntry.objects.create(enrollment=stay, event=Event.WITHDRAWN, by=who, at=at)
    TimelineEntry.objects.create(enrollment=silent, event=Event.SIGNED_IN_FIRST, by=by, at=NIGHT)

    for _ in range(2):
        write_bajas(apps, None)

    baja = Baja.objects.get()
    assert (baja.enrollment, baja.kind, baja.left_from) == (gone, BajaKind.DEFINITIVE, "ACTIVE")
    assert (baja.by, baja.at, baja.on_date) == (by, NIGHT, date(2026, 8, 21))


def test_write_bajas_leaves_those_that_are_kept():
    stay = EnrollmentFactory()
    kept = leave(
        stay,
        by=staff(Role.RESPONSABLE, stay.plantel),
        now=datetime(2026, 8, 22, 18, tzinfo=UTC),
        kind=BajaKind.TEMPORARY,
    )

    write_bajas(apps, None)

    assert Baja.objects.get() == kept
