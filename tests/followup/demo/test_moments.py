"""followup.demo.moments: days with the deadlines that are wanted, hours that only go forward."""

import random
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from followup.demo.moments import Clock, EnrolmentDays, end_of_story
from school.calendar import Calendar
from students.deadlines import Rule

TODAY = date(2026, 8, 26)  # a Wednesday
ZONE = ZoneInfo("America/Hermosillo")


@pytest.fixture
def days() -> EnrolmentDays:
    return EnrolmentDays(Calendar(), Rule(), today=TODAY)


def test_open_days_are_due_today_tomorrow_and_later(days: EnrolmentDays):
    chance = random.Random(1)

    found = {days.due[days.open(chance)] for _ in range(60)}

    assert found == {date(2026, 8, 26), date(2026, 8, 27), date(2026, 8, 28)}


def test_open_days_on_a_sunday_are_due_on_working_days():
    days = EnrolmentDays(Calendar(), Rule(), today=date(2026, 8, 30))
    chance = random.Random(1)

    found = {days.due[days.open(chance)] for _ in range(60)}

    assert found == {date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)}


def test_overdue_days_are_past(days: EnrolmentDays):
    chance = random.Random(1)

    assert max(days.due[days.overdue(chance)] for _ in range(200)) == date(2026, 8, 25)


def test_between_bundles_older_days(days: EnrolmentDays):
    chance = random.Random(1)

    assert len({days.between(chance, 8, 23) for _ in range(300)}) == 4


def test_clock_only_goes_forward_and_never_passes_the_end():
    end = end_of_story(TODAY, ZONE)
    clock = Clock(datetime(2026, 8, 24, 9, 5, tzinfo=ZONE), end, random.Random(3))

    moments = [clock.wait(1, 20) for _ in range(30)]
    moments += [clock.wait_for_office(1, 20, Calendar()) for _ in range(30)]

    assert moments == sorted(set(moments))
    assert moments[-1] < end == datetime(2026, 8, 25, 20, 30, tzinfo=ZONE)


def test_clock_opens_the_office_on_working_days():
    start = datetime(2026, 8, 14, 13, 0, tzinfo=ZONE)  # a Friday
    clock = Clock(start, end_of_story(TODAY, ZONE), random.Random(3))

    assert clock.wait_for_office(20, 30, Calendar()).date() == date(2026, 8, 17)


def test_clock_without_time_raises():
    start = datetime(2026, 8, 26, 9, 5, tzinfo=ZONE)

    with pytest.raises(ValueError, match="some time"):
        Clock(start, end_of_story(TODAY, ZONE), random.Random(3))
