"""When a student is reminded of the acuse: a deadline, the steps and a clock in, moments out.

Administration edits the steps (TextKind.ESCALERA): how many counted days before or after the deadline, and what is
said. Everything is said in the morning of the plantel's own clock, and nothing between 20:00 and 7:00.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from common.quiet_hours import MORNING, QUIET_FROM, QUIET_UNTIL, at, end_of_quiet
from school.calendar import Calendar

STAFF_MORNING = dt.time(7, 30)
UNCONFIRMED_AFTER = dt.timedelta(hours=2)

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: the message said `offset` counted days after the deadline, before it if negative.

    `key` is what the ledger knows it by, however it moves. It says nothing of a moment before `since`, when it
    came into the table.
    """

    key: str
    offset: int
    message: str
    copies_guardian: bool = False
    since: dt.datetime | None = None


def steps_of(fields: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a version of the table, in their order."""
    steps = (
        Step(
            key=one["key"],
            offset=int(one["offset"]),
            message=one["message"],
            copies_guardian=bool(one["guardian"]),
            since=dt.datetime.fromisoformat(one["since"]) if one["since"] else None,
        )
        for one in fields["steps"]
    )
    return tuple(sorted(steps, key=lambda step: step.offset))


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing to say, from `opens_at` on and not after `closes_at`; None is never too late."""

    step: str
    opens_at: dt.datetime
    closes_at: dt.datetime | None = None

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether now is the time to say it."""
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


def ladder(
    due_on: dt.date, calendar: Calendar, zone: ZoneInfo, steps: Sequence[Step]
) -> tuple[Rung, ...]:
    """Return the rungs that lead to a deadline and beyond it, in their order.

    `calendar` counts the days as the deadline's own rule does. What is said before the deadline is true until its
    day begins, «hoy es el último día» until its quiet hours; «todavía puedes» stays true.
    """
    rungs = (_rung(step, due_on, calendar, zone) for step in steps)
    return tuple(
        rung
        for step, rung in zip(steps, rungs, strict=True)
        if step.since is None or rung.opens_at >= step.since
    )


def _rung(step: Step, due_on: dt.date, calendar: Calendar, zone: ZoneInfo) -> Rung:
    opens_at = at(counted_day(due_on, step.offset, calendar), MORNING, zone)
    if step.offset > 0:
        return Rung(step.key, opens_at)
    closes_at = at(due_on, QUIET_FROM if step.offset == 0 else dt.time(), zone)
    return Rung(step.key, opens_at, closes_at)


def counted_day(due_on: dt.date, offset: int, calendar: Calendar) -> dt.date:
    """Return the day that lies so many counted days after the deadline, or before it."""
    if offset >= 0:
        return calendar.add_working_days(due_on, offset)
    day = due_on
    while offset:
        day -= _ONE_DAY
        offset += calendar.is_working(day)
    return day


def open_rung(rungs: Sequence[Rung], now: dt.datetime) -> Rung | None:
    """Return what is to be said now: of several rungs that passed, the latest that is still true."""
    return next((rung for rung in reversed(rungs) if rung.is_open(now)), None)


def next_opening(rungs: Sequence[Rung], now: dt.datetime) -> dt.datetime | None:
    """Return when the next rung opens, None when no rung is left."""
    return next((rung.opens_at for rung in rungs if rung.opens_at > now), None)


def end_of_day(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return when the quiet hours of this local day begin."""
    return at(now.astimezone(zone).date(), QUIET_FROM, zone)


def next_morning(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return when one may write again on the next local day: seven in the morning."""
    return at(now.astimezone(zone).date() + _ONE_DAY, QUIET_UNTIL, zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides when a stay is looked at again.

    `noted` are the steps of this round in the ledger. `draft_at` is when a file came in that was never
    confirmed nor spoken of; `was_told_today` that the day's one reminder is used up.
    """

    is_students_turn: bool
    rungs: Sequence[Rung]
    noted: frozenset[str] = frozenset()
    draft_at: dt.datetime | None = None
    was_told_today: bool = False


def next_look(stay: Standing, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """Return when there is something to say to this student: now, later or never (None).

    The cached NextLook.at is this moment, or an earlier one at which the sweep finds nothing to
    say and puts it right.
    """
    if not stay.is_students_turn:
        return None
    moments = [_rung_at(stay, now, zone), _draft_at(stay, now, zone)]
    return min((moment for moment in moments if moment is not None), default=None)


def _rung_at(stay: Standing, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    rung, later = open_rung(stay.rungs, now), next_opening(stay.rungs, now)
    if rung is None or rung.step in stay.noted:
        return later
    moment = next_morning(now, zone) if stay.was_told_today else end_of_quiet(now, zone)
    return moment if rung.is_open(moment) else later


def _draft_at(stay: Standing, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    if stay.draft_at is None:
        return None
    moment = stay.draft_at + UNCONFIRMED_AFTER
    if moment > now:
        return moment
    return next_morning(now, zone) if stay.was_told_today else end_of_quiet(now, zone)
