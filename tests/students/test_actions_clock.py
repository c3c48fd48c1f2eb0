"""students.actions.clock: the clock stops while somebody else has the ball."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from school.models import NonWorkingDay, SchoolCycle
from students.actions.clock import keep_deadline, pause_clocks, resume_clock, stop_clock_again
from students.models import ClockPause, NextLook
from students.queries.deadlines import acuse_deadline
from students.states import PauseReason
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
MONDAY, WEDNESDAY = NOW + timedelta(days=3), NOW + timedelta(days=5)


@pytest.fixture
def stay():
    return EnrollmentFactory(told_due_on=date(2026, 8, 26))


def pauses():
    return list(ClockPause.objects.values_list("reason", "started_at", "ended_at", "is_return"))


def test_pause_clocks_leaves_no_deadline_and_says_why(stay):
    pause_clocks([stay.pk], PauseReason.REVIEW, now=MONDAY)

    stay.refresh_from_db()
    due = acuse_deadline(stay)
    assert (stay.acuse_due_on, stay.told_due_on) == (None, date(2026, 8, 26))
    assert (due.date, due.paused) == (None, True)
    assert due.pause == "en pausa desde el lunes 24 de agosto (lo revisa Control Escolar)"


def test_pause_clocks_twice_is_once(stay):
    pause_clocks([stay.pk], PauseReason.REVIEW, now=MONDAY)
    pause_clocks([stay.pk], PauseReason.REVIEW, now=WEDNESDAY)

    assert pauses() == [("REVIEW", MONDAY, None, False)]


@pytest.mark.parametrize("count", [1, 3])
def test_pause_clocks_asks_the_database_as_often_for_one_as_for_three(
    django_assert_num_queries, count
):
    keys = [EnrollmentFactory().pk for _ in range(count)]

    with transaction.atomic(), django_assert_num_queries(2):
        pause_clocks(keys, PauseReason.RENUNCIA, now=NOW)


def test_resume_clock_gives_the_days_that_were_left(stay):
    pause_clocks([stay.pk], PauseReason.SUBDELEGACION, now=MONDAY)

    resume_clock(stay, PauseReason.SUBDELEGACION, now=WEDNESDAY)

    stay.refresh_from_db()
    assert stay.acuse_due_on == acuse_deadline(stay).date == date(2026, 8, 31)
    assert stay.told_due_on == date(2026, 8, 26)
    assert pauses() == [("SUBDELEGACION", MONDAY, WEDNESDAY, False)]
    assert NextLook.objects.get(pk=stay.pk).at.year == 2000


def test_resume_clock_of_who_read_the_time_before_it_stopped_ends_it_at_once(stay):
    """A person whose request waited for the worker's transaction comes with an earlier moment."""
    pause_clocks([stay.pk], PauseReason.REVIEW, now=MONDAY)

    resume_clock(stay, PauseReason.REVIEW, now=MONDAY - timedelta(milliseconds=5), is_return=True)

    assert pauses() == [("REVIEW", MONDAY, MONDAY, True)]


def test_resume_clock_after_a_return_tells_the_date(stay):
    pause_clocks([stay.pk], PauseReason.REVIEW, now=WEDNESDAY)

    resume_clock(stay, PauseReason.REVIEW, now=WEDNESDAY, is_return=True, is_told=True)

    assert stay.acuse_due_on == stay.told_due_on == date(2026, 8, 28)


def test_resume_clock_waits_for_the_other_pause(stay):
    pause_clocks([stay.pk], PauseReason.REVIEW, now=MONDAY)
    pause_clocks([stay.pk], PauseReason.SUBDELEGACION, now=WEDNESDAY)

    resume_clock(stay, PauseReason.REVIEW, now=WEDNESDAY, is_told=True)

    assert (stay.acuse_due_on, stay.told_due_on) == (None, date(2026, 8, 26))


def test_resume_clock_without_a_pause_keeps_the_deadline(stay):
    resume_clock(stay, PauseReason.REVIEW, now=MONDAY)

    assert stay.acuse_due_on == date(2026, 8, 26)
    assert pauses() == []


def test_stop_clock_again_takes_the_end_of_the_last_pause_back(stay):
    pause_clocks([stay.pk], PauseReason.REVIEW, now=NOW)
    resume_clock(stay, PauseReason.REVIEW, now=MONDAY)
    pause_clocks([stay.pk], PauseReason.REVIEW, now=MONDAY)
    resume_clock(stay, PauseReason.REVIEW, now=WEDNESDAY, is_return=True)

    stop_clock_again(stay, PauseReason.REVIEW, now=WEDNESDAY)

    stay.refresh_from_db()
    assert stay.acuse_due_on is None
    assert pauses() == [("REVIEW", NOW, MONDAY, False), ("REVIEW", MONDAY, None, False)]


def test_stop_clock_again_without_an_earlier_pause_stops_it_now(stay):
    stop_clock_again(stay, PauseReason.REVIEW, now=MONDAY)

    assert pauses() == [("REVIEW", MONDAY, None, False)]


def test_keep_deadline_never_goes_below_what_was_told(stay):
    stay.told_due_on = date(2026, 9, 30)
    stay.save()

    keep_deadline(stay)

    assert stay.acuse_due_on == date(2026, 9, 30)


def test_keep_deadline_follows_the_plantels_days(stay):
    NonWorkingDay.objects.create(plantel=stay.plantel, date=date(2026, 8, 25), reason="Puente")

    keep_deadline(stay, is_told=True)

    assert stay.acuse_due_on == stay.told_due_on == date(2026, 8, 27)


def test_keep_deadline_follows_the_rule_that_changed_meanwhile(stay):
    SchoolCycle.objects.filter(pk=stay.cycle.pk).update(acuse_days=5)

    keep_deadline(stay)

    assert stay.acuse_due_on == date(2026, 8, 28)


@pytest.mark.parametrize(
    "values",
    [
        {"started_at": WEDNESDAY, "ended_at": MONDAY},
        {"started_at": MONDAY, "is_return": True},
        {"started_at": MONDAY, "ended_at": MONDAY, "reason": "RENUNCIA", "is_return": True},
    ],
)
def test_a_pause_that_cannot_be_is_refused_by_the_database(stay, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPause.objects.create(enrollment=stay, **{"reason": "REVIEW"} | values)
