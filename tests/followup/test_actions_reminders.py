"""The sweep: who is told what, once, and who is not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from followup.actions.reminders import remind_students
from followup.models import Reminder
from notices.models import Notice
from nss.states import RequestState
from students.actions.reminders import look_again
from students.models import Enrollment, NextLook
from students.states import EnrollmentState
from tests.factories.followup import ReminderFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, SchoolCycleFactory
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

MEXICO = ZoneInfo("America/Mexico_City")
DUE = date(2026, 8, 26)  # a Wednesday


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2026 in Mexico City."""
    return datetime(2026, 8, day, hour, minute, tzinfo=MEXICO)


def waiting(**fields) -> Enrollment:
    """A student without an acuse whose deadline is 26 August."""
    stay = EnrollmentFactory(**{"confirmed": True, "acuse_due_on": DUE} | fields)
    look_again([stay.pk])
    return stay


def ledger(stay: Enrollment) -> list[tuple[str, str, str]]:
    rows = Reminder.objects.filter(enrollment=stay).order_by("pk")
    return list(rows.values_list("kind", "step", "outcome"))


def mails(stay: Enrollment) -> list[str]:
    rows = Notice.objects.filter(about=f"enrollment:{stay.pk}").order_by("pk")
    return list(rows.values_list("message", flat=True))


def look_at(stay: Enrollment) -> datetime | None:
    return NextLook.objects.filter(pk=stay.pk).values_list("at", flat=True).first()


@pytest.mark.parametrize(
    ("now", "message", "following"),
    [
        (moment(25, 8), "M-03", moment(26, 8)),
        (moment(26, 8), "M-04", moment(27, 8)),
        (moment(27, 8), "M-05", None),
    ],
)
def test_remind_students_tells_the_rung_of_the_day(now, message, following):
    stay = waiting()

    reminded = remind_students(now=now)

    assert (reminded.noted, reminded.queued) == (1, 1)
    assert mails(stay) == [message]
    assert look_at(stay) == following
