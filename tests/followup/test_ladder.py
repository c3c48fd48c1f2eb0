"""R9: the ladder is climbed once a local day, also on the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.quiet_hours import at, end_of_quiet, is_quiet
from followup.ladder import (
    STAFF_MORNING,
    Standing,
    Step,
    end_of_day,
    ladder,
    next_look,
    next_morning,
    next_opening,
    open_rung,
    steps_of,
)
from followup.states import ReminderStep
from school.calendar import NATURAL_DAYS, Calendar
from school.queries.texts import packaged_fields
from school.states import TextKind

MEXICO, TIJUANA = ZoneInfo("America/Mexico_City"), ZoneInfo("America/Tijuana")
ZONES = pytest.mark.parametrize("zone", [MEXICO, TIJUANA], ids=str)
CLOCK_CHANGES = [(date(2027, 3, 13), date(2027, 3, 17)), (date(2027, 11, 6), date(2027, 11, 10))]
MINUTE = timedelta(minutes=1)
STEPS = steps_of(packaged_fields(TextKind.ESCALERA))
WEEK = Calendar({date(2026, 8, 24): "Contingencia"})


def local(day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    """A moment of August in Mexico City."""
    return datetime(year, 8, day, hour, minute, tzinfo=MEXICO)


def minutes(zone: ZoneInfo, first: date, end: date):
    """Yield each minute from the first local day up to the last one."""
    now = at(first, time(), zone).astimezone(UTC)
    stop = at(end, time(), zone).astimezone(UTC)
    while now < stop:
        yield now
        now += MINUTE


def test_steps_are_those_of_the_ledger():
    rungs = ladder(date(2026, 8, 26), Calendar(), MEXICO, STEPS)

    assert [rung.step for rung in rungs] == [
        ReminderStep.BEFORE,
        ReminderStep.LAST_DAY,
        ReminderStep.OVERDUE,
    ]


@pytest.mark.parametrize(
    ("due_on", "calendar", "days"),
    [
        (date(2026, 8, 26), Calendar(), [25, 26, 27]),
        (date(2026, 8, 28), Calendar(), [27, 28, 31]),
        (date(2026, 8, 25), WEEK, [21, 25, 26]),
        (date(2026, 8, 21), WEEK, [20, 21, 25]),
        (date(2026, 8, 23), NATURAL_DAYS, [22, 23, 24]),
    ],
)
def test_ladder_counts_the_days_of_the_calendar(due_on, calendar, days):
    opened = [rung.opens_at for rung in ladder(due_on, calendar, MEXICO, STEPS)]

    assert opened == [local(day, 8) for day in days]


@pytest.mark.parametrize(
    ("offset", "day"),
    [(-5, 14), (-2, 19), (-1, 20), (0, 21), (1, 25), (2, 26), (20, 53)],
)
def test_a_step_counts_from_the_deadline_both_ways(offset, day):
    """Around Friday 21: the Monday after it does not count, nor does 16 September."""
    step = Step("X", offset, "M-05")

    (rung,) = ladder(date(2026, 8, 21), WEEK, MEXICO, [step])

    opened = date(2026, 8, 1) + timedelta(days=day - 1)
    assert rung.opens_at == at(opened, time(8), MEXICO)


def test_a_new_step_says_nothing_of_what_has_passed():
    since = local(27, 8, 1)
    steps = [Step("OVERDUE", 1, "M-05"), Step("V1-3", 1, "M-05", since=since)]
    later = Step("V1-4", 2, "M-05", since=since)

    rungs = ladder(date(2026, 8, 26), Calendar(), MEXICO, [*steps, later])

    assert [rung.step for rung in rungs] == ["OVERDUE", "V1-4"]


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (local(27, 7, 59), None),
        (local(27, 8), ReminderStep.BEFORE),
        (local(27, 23, 59), ReminderStep.BEFORE),
        (local(28, 0), None),
        (local(28, 8), ReminderStep.LAST_DAY),
        (local(28, 19, 59), ReminderStep.LAST_DAY),
        (local(28, 20), None),
        (local(30, 12), None),
        (local(31, 8), ReminderStep.OVERDUE),
        (local(31, 8, year=2027), ReminderStep.OVERDUE),
    ],
)
def test_open_rung_is_the_latest_that_is_still_true(now, step):
    rung = open_rung(ladder(date(2026, 8, 28), Calendar(), MEXICO, STEPS), now)

    assert (rung.step if rung else None) == step


def test_next_opening_ends_above_the_ladder():
    rungs = ladder(date(2026, 8, 26), Calendar(), MEXICO, STEPS)

    assert next_opening(rungs, rungs[1].opens_at) == rungs[2].opens_at
    assert next_opening(rungs, rungs[2].opens_at) is None


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [(time(6, 59), True), (time(7), False), (time(19, 59), False), (time(20), True)],
)
def test_quiet_hours_are_from_eight_to_seven(clock, quiet):
    assert is_quiet(at(date(2026, 8, 26), clock, TIJUANA), TIJUANA) is quiet


@ZONES
@pytest.mark.parametrize(("first", "end"), CLOCK_CHANGES)
def test_each_rung_opens_once_while_clocks_change(zone, first, end):
    due_on = first + timedelta(days=2)  # a Monday, so that Saturday and Sunday lie on the way
    rungs = ladder(due_on, NATURAL_DAYS, zone, STEPS)
    opened = [
        (rung.step, now.astimezone(zone).date(), now.astimezone(zone).time())
        for now in minutes(zone, first, end)
        for rung in rungs
        if rung.opens_at == now
    ]

    assert opened == [
        (ReminderStep.BEFORE, due_on - timedelta(days=1), time(8)),
        (ReminderStep.LAST_DAY, due_on, time(8)),
        (ReminderStep.OVERDUE, due_on + timedelta(days=1), time(8)),
    ]


@ZONES
@pytest.mark.parametrize(("first", "end"), CLOCK_CHANGES)
def test_each_local_day_has_one_morning_and_one_quiet_night(zone, first, end):
    days = (end - first).days
    local = [now.astimezone(zone) for now in minutes(zone, first, end)]
    awake = [not is_quiet(now, zone) for now in local]

    assert sum(now.time() == STAFF_MORNING for now in local) == days
    assert sum(awake) == days * 13 * 60
    assert sum(here != there for here, there in pairwise(awake)) == 2 * days


@ZONES
@pytest.mark.parametrize(("first", "end"), CLOCK_CHANGES)
def test_a_wait_ends_in_the_same_place_from_every_minute(zone, first, end):
    for now in minutes(zone, first, end):
        wakes = end_of_quiet(now, zone)
        assert wakes == now if not is_quiet(now, zone) else wakes.astimezone(zone).time() == time(7)
        assert timedelta() <= wakes - now <= timedelta(hours=12)
        morning = next_morning(now, zone).astimezone(zone)
        assert (morning.date() - now.astimezone(zone).date(), morning.time()) == (
            timedelta(days=1),
            time(7),
        )
        assert end_of_day(now, zone).astimezone(zone).date() == now.astimezone(zone).date()


# The whole ladder, climbed by a clock that jumps ------------------------------------------------
DAYS_OFF = st.frozensets(st.dates(date(2026, 8, 17), date(2026, 9, 30)), max_size=8)
MOMENTS = st.integers(0, 41 * 24 * 60).map(lambda passed: local(20, 0) + passed * MINUTE)


@given(
    due_on=st.dates(date(2026, 8, 24), date(2026, 9, 11)),
    off=DAYS_OFF,
    ticks=st.lists(MOMENTS, min_size=1, max_size=40),
)
def test_ladder_is_climbed_upwards_once_and_never_at_night(due_on, off, ticks):
    calendar = Calendar(dict.fromkeys(off, "Inhábil"))
    rungs = ladder(due_on, calendar, TIJUANA, STEPS)
    order = [rung.step for rung in rungs]
    told: list[tuple[str, date]] = []
    look_at: datetime | None = datetime(2026, 8, 1, tzinfo=UTC)
    for now in sorted(ticks):
        day = now.astimezone(TIJUANA).date()
        if look_at is None or now < look_at:
            continue
        noted = frozenset(order[: order.index(told[-1][0]) + 1] if told else ())
        was_told_today = bool(told) and told[-1][1] == day
        rung = open_rung(rungs, now)
        if rung and rung.step not in noted and not was_told_today and not is_quiet(now, TIJUANA):
            told.append((rung.step, day))
            noted, was_told_today = noted | {rung.step}, True
        stay = Standing(True, rungs, noted, was_told_today=was_told_today)
        look_at = next_look(stay, now, TIJUANA)

    steps, days = [step for step, _ in told], [day for _, day in told]
    assert steps == sorted(set(steps), key=order.index)
    assert len(set(days)) == len(days)
    assert (look_at is None) == (ReminderStep.OVERDUE in steps)


@given(now=MOMENTS.filter(lambda now: now < local(27, 8)))
def test_next_look_is_never_in_the_past(now):
    rungs = ladder(date(2026, 8, 26), Calendar(), TIJUANA, STEPS)

    look_at = next_look(Standing(True, rungs), now, TIJUANA)

    assert look_at is not None
    assert look_at >= now


def test_next_look_of_who_has_no_turn_is_never():
    rungs = ladder(date(2026, 8, 26), Calendar(), MEXICO, STEPS)

    assert next_look(Standing(False, rungs), rungs[0].opens_at, MEXICO) is None


@pytest.mark.parametrize(
    ("now", "was_told_today", "looked_at"),
    [
        (local(24, 9), False, local(24, 11, 30)),
        (local(24, 12), False, local(24, 12)),
        (local(24, 12), True, local(25, 7)),
        (local(24, 22), False, local(25, 7)),
    ],
)
def test_next_look_at_a_draft(now, was_told_today, looked_at):
    stay = Standing(
        True,
        (),
        draft_at=local(24, 9, 30),
        was_told_today=was_told_today,
    )

    look_at = next_look(stay, now, MEXICO)

    assert look_at == looked_at
