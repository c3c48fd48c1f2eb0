"""The day of the clinic step: every way in which changing and withdrawing it can end."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.actions import (
    move_openings,
    open_clinics,
    register_clinic,
    withdraw_openings,
)
from clinics.actions.errors import DayHasPassed, NobodyToMove
from clinics.models import UMFRegistration
from clinics.queries.registrations import ClinicReport
from notices.models import Notice
from notices.states import NoticeState
from notices.tasks import deliver_notices
from school.states import Role
from students.models import Enrollment, TimelineEntry
from students.states import EnrollmentState, Event
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")
TODAY = NOW.date()
FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 8)
SENT, QUEUED, CANCELLED = NoticeState.SENT, NoticeState.QUEUED, NoticeState.CANCELLED


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def laura(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def stay(plantel, laura):
    stay = insured(plantel)
    open_clinics([stay], opens_on=FIRST, by=laura, now=NOW)
    return stay


def insured(plantel):
    return MovementFactory(
        applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel)
    ).enrollment


def at_eight(day):
    return datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)


def told(stay):
    """Let the first invitation have left."""
    first = Notice.objects.filter(about=f"enrollment:{stay.pk}").order_by("not_before").first()
    Notice.objects.filter(pk=first.pk).update(state=SENT, sent_at=first.not_before)


def waiting(stay):
    rows = Notice.objects.filter(about=f"enrollment:{stay.pk}", state=QUEUED)
    return [
        (one.message, one.not_before.astimezone(ZONE))
        for one in rows.order_by("not_before", "message")
    ]


def test_move_openings_puts_the_invitations_off(stay, laura):
    (moved,) = move_openings([stay], opens_on=SECOND, by=laura, now=NOW)

    moved.refresh_from_db()
    assert moved.opens_on == SECOND
    assert waiting(stay) == [
        ("M-13", at_eight(SECOND)),
        ("M-13", at_eight(SECOND + timedelta(days=5))),
    ]
    line = TimelineEntry.objects.get(event=Event.CLINIC_MOVED)
    assert (line.enrollment, line.by, line.data) == (
        *(stay, laura),
        {"from": "2026-09-01", "opens_on": "2026-09-08"},
    )


def test_move_openings_tells_the_new_day_to_who_was_told_another(stay, laura):
    told(stay)
    later = datetime(2026, 9, 2, 12, tzinfo=ZONE)

    move_openings([stay], opens_on=SECOND, by=laura, now=later)

    assert waiting(stay) == [
        ("M-13b", later + timedelta(seconds=10)),
        ("M-13", at_eight(SECOND)),
        ("M-13", at_eight(SECOND + timedelta(days=5))),
    ]
    assert Notice.objects.get(message="M-13b").context == {"opens_on": "2026-09-08"}


def test_move_openings_to_today_says_so_once(stay, laura):
    told(stay)
    later = datetime(2026, 9, 2, 12, tzinfo=ZONE)
    move_openings([stay], opens_on=SECOND, by=laura, now=later)

    move_openings([stay], opens_on=date(2026, 9, 3), by=laura, now=later + timedelta(days=1))

    assert waiting(stay) == [
        ("M-13b", later + timedelta(days=1, seconds=10)),
        ("M-13", at_eight(date(2026, 9, 8))),
    ]


def test_move_openings_tells_anew_on_the_new_day(stay, laura):
    """The invitation to the former day holds up none to the new one."""
    told(stay)
    move_openings([stay], opens_on=date(2026, 9, 3), by=laura, now=at_eight(date(2026, 9, 2)))

    for day in (2, 3, 4):
        leave_at(datetime(2026, 9, day, 9, tzinfo=ZONE))

    left = Notice.objects.filter(state=SENT).order_by("sent_at")
    assert [(one.message, one.sent_at.astimezone(ZONE).day) for one in left] == [
        *(("M-13", 1), ("M-13b", 2), ("M-13", 3)),
    ]


@pytest.mark.parametrize("state", [NoticeState.SENDING, NoticeState.RETRY])
def test_move_openings_holds_a_mail_of_the_former_day_that_is_tried_again(stay, laura, state):
    """A sender had begun it when the day was moved."""
    at_nine = datetime(2026, 9, 1, 9, tzinfo=ZONE)
    first = Notice.objects.order_by("not_before").first()
    begun = Notice.objects.filter(pk=first.pk)
    begun.update(state=NoticeState.SENDING, lease_until=at_nine)
    move_openings([stay], opens_on=SECOND, by=laura, now=at_nine)
    begun.update(state=state)

    leave_at(at_nine + timedelta(hours=1))

    first.refresh_from_db()
    assert (first.state, first.not_before) == (NoticeState.RETRY, at_eight(SECOND))
    assert list(Notice.objects.filter(state=SENT).values_list("message", flat=True)) == ["M-13b"]


def leave_at(moment):
    with time_machine.travel(moment, tick=False):
        deliver_notices()


def test_move_openings_to_the_day_it_has_is_refused(stay, laura):
    with pytest.raises(NobodyToMove):
        move_openings([stay], opens_on=FIRST, by=laura, now=NOW)

    assert not TimelineEntry.objects.filter(event=Event.CLINIC_MOVED).exists()


def test_move_openings_refuses_a_day_that_has_passed(stay, laura):
    with pytest.raises(DayHasPassed):
        move_openings([stay], opens_on=TODAY - timedelta(days=1), by=laura, now=NOW)

    assert UMFRegistration.objects.get().opens_on == FIRST


def test_move_openings_passes_over_who_registered_or_left(plantel, stay, laura):
    registered = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True).enrollment
    left = UMFRegistrationFactory(enrollment__plantel=plantel).enrollment
    Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)

    moved = move_openings([stay, registered, left], opens_on=SECOND, by=laura, now=NOW)

    assert [one.enrollment for one in moved] == [stay]


def test_withdraw_openings_asks_nothing_any_more(stay, laura):
    assert withdraw_openings([stay], by=laura, now=NOW) == 1

    assert UMFRegistration.objects.count() == 0
    assert waiting(stay) == []
    line = TimelineEntry.objects.get(event=Event.CLINIC_WITHDRAWN)
    assert (line.enrollment, line.by, line.data) == (stay, laura, {"opens_on": "2026-09-01"})


def test_withdraw_openings_tells_who_was_told_a_day(stay, laura):
    told(stay)
    later = datetime(2026, 9, 2, 12, tzinfo=ZONE)

    withdraw_openings([stay], by=laura, now=later)

    assert waiting(stay) == [("M-13c", later + timedelta(seconds=10))]


def test_withdraw_openings_may_be_opened_again_and_invites_anew(stay, laura):
    told(stay)
    later = datetime(2026, 9, 2, 12, tzinfo=ZONE)
    withdraw_openings([stay], by=laura, now=later)

    open_clinics([stay], opens_on=SECOND, by=laura, now=later)
    leave_at(later + timedelta(minutes=1))

    assert waiting(stay) == [
        ("M-13", at_eight(SECOND)),
        ("M-13", at_eight(SECOND + timedelta(days=5))),
    ]
    assert Notice.objects.get(message="M-13c").state == CANCELLED


def test_withdraw_openings_of_who_registered_is_refused(stay, laura):
    move_openings([stay], opens_on=TODAY, by=laura, now=NOW)
    register_clinic(stay, ClinicReport(37), by=stay.student.user, now=NOW)

    with pytest.raises(NobodyToMove):
        withdraw_openings([stay], by=laura, now=NOW)
    assert UMFRegistration.objects.count() == 1


@pytest.mark.parametrize("verb", ["move", "withdraw"])
def test_openings_take_the_same_statements_for_one_and_three(plantel, laura, verb):
    counts = []
    for number in (1, 3):
        stays = [insured(plantel) for _ in range(number)]
        open_clinics(stays, opens_on=FIRST, by=laura, now=NOW)
        for stay in stays:
            told(stay)
        with CaptureQueriesContext(connection) as queries:
            if verb == "move":
                move_openings(stays, opens_on=SECOND, by=laura, now=NOW)
            else:
                withdraw_openings(stays, by=laura, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]
