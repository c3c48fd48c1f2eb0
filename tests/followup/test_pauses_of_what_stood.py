"""The migration that writes the pauses of what stood before they were kept."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from followup.states import ReportKind
from nss.states import AcuseState, RequestState, ReturnReason
from students.models import ClockPause, Enrollment, TimelineEntry
from students.queries.deadlines import acuse_deadline
from students.states import EnrollmentState, Event
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued
from tests.factories.school import UserFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=5)
write_pauses = import_module("followup.migrations.0007_pauses_of_what_stood").write_pauses


def write() -> None:
    write_pauses(apps, None)


def pauses():
    columns = ("enrollment", "reason", "started_at", "ended_at", "is_return")
    return list(ClockPause.objects.order_by("enrollment").values_list(*columns))


def test_write_pauses_of_who_waits_for_others():
    reviewed = AcuseFactory(sent_at=LATER).request.enrollment
    at_office, unreported = (
        NSSRequestFactory(state=RequestState.AT_SUBDELEGACION).enrollment for _ in range(2)
    )
    StudentReportFactory(enrollment=at_office, kind=ReportKind.SUBDELEGACION, created_at=LATER)
    renounced = issued().enrollment
    gone, unknown = (EnrollmentFactory(state=EnrollmentState.WITHDRAWN) for _ in range(2))
    TimelineEntry.objects.create(enrollment=gone, event=Event.WITHDRAWN, at=LATER)
    ClockPause.objects.all().delete()
    free = EnrollmentFactory()

    for _ in range(2):
        write()

    assert pauses() == [
        (reviewed.pk, "REVIEW", LATER, None, False),
        (at_office.pk, "SUBDELEGACION", LATER, None, False),
        (unreported.pk, "SUBDELEGACION", NOW, None, False),
        (renounced.pk, "RENUNCIA", NOW, None, False),
        (gone.pk, "WITHDRAWN", LATER, None, False),
    ]
    running = Enrollment.objects.filter(acuse_due_on__isnull=False)
    assert list(running.order_by("pk")) == [unknown, free]


def test_write_pauses_of_returns_keeps_their_dates():
    acuse = AcuseFactory(state=AcuseState.RETURNED, **returned(ReturnReason.UNREADABLE))
    stay = acuse.request.enrollment
    ClockPause.objects.all().delete()

    for _ in range(2):
        write()

    assert pauses() == [(stay.pk, "REVIEW", LATER, LATER, True)]
    assert acuse_deadline(stay).date == date(2026, 8, 28)


def test_write_pauses_of_a_return_that_is_in_review_again():
    first = AcuseFactory(state=AcuseState.RETURNED, **returned(ReturnReason.UNREADABLE))
    AcuseFactory(request=first.request, sent_at=LATER + timedelta(days=1))
    ClockPause.objects.all().delete()

    write()

    stay = first.request.enrollment
    assert [row[2:] for row in pauses()] == [
        (LATER + timedelta(days=1), None, False),
        (LATER, LATER, True),
    ]
    assert acuse_deadline(stay).paused


def test_write_pauses_leaves_what_went_to_the_subdelegacion_and_what_is_kept():
    AcuseFactory(state=AcuseState.RETURNED, **returned(ReturnReason.IMSS_DATA_WRONG))
    kept = AcuseFactory(state=AcuseState.RETURNED, **returned(ReturnReason.UNREADABLE))
    before = pauses()

    write()

    assert pauses() == before == [(kept.request.enrollment_id, "REVIEW", NOW, LATER, True)]


def returned(reason):
    return {"return_reason": reason, "reviewed_at": LATER, "reviewed_by": UserFactory()}
