"""Until when the student may hand over the acuse: events in, a date that explains itself out.

Source of the rule: the students' guide, «durante los tres días posteriores a la inscripción». The
clock runs only while the student has the ball, and nothing that happens ever brings it nearer.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from common.dates import join_words, short_weekday, weekday_date
from school.calendar import NATURAL_DAYS, Calendar, SkippedDay

IN_REVIEW = "lo revisa Control Escolar"

_ONE_DAY = dt.timedelta(days=1)
_LONGEST_LISTED_RUN = 2


class EventKind(StrEnum):
    """What can happen to the student's clock."""

    ENROLLED = "ENROLLED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    RETURNED = "RETURNED"
    EXTENDED = "EXTENDED"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a date of the plantel's time zone.

    ENROLLED starts the clock; PAUSED and RESUMED with the same `reason` bracket the time in which
    somebody else has the ball; RETURNED gives the acuse back and so ends IN_REVIEW; EXTENDED is a
    prórroga of `days`, or up to the day `until`.
    """

    kind: EventKind
    on: dt.date
    days: int = 0
    reason: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How long the student has: `days` after enrolment, business or natural.

    `return_days` are always business days: the least time left after an acuse is returned.
    """

    days: int = 3
    business_days: bool = True
    return_days: int = 2

    def __post_init__(self) -> None:
        if self.days < 1 or self.return_days < 1:
            raise ValueError("a deadline of less than one day cannot be kept")

    def describe(self, count: int) -> str:
        """Return «3 días hábiles», «1 día natural»."""
        noun = "hábil" if self.business_days else "natural"
        plural = "hábiles" if self.business_days else "naturales"
        return f"1 día {noun}" if count == 1 else f"{count} días {plural}"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. While `paused`, `date` is None and `remaining` are the days kept for later.

    While it runs, `remaining` are the days that the last event left; `days_left` counts from today. `pause` says
    since when it is paused and why, empty while it runs.
    """

    date: dt.date | None
    remaining: int
    paused: bool
    why: str
    pause: str = ""


def due(events: Iterable[Event], rule: Rule, calendar: Calendar) -> Due:
    """Return the deadline that the events leave, in the days the rule counts.

    The day of an event is day 0: neither the day of enrolment nor the days from a pause up to its
    end are counted. Raises ValueError unless exactly one event is ENROLLED.
    """
    started_on, clock = _run(events, rule, calendar)
    return clock.read(started_on)


def due_date(events: Iterable[Event], rule: Rule, calendar: Calendar) -> dt.date | None:
    """Return the date of `due` alone, None while it is paused: for many at once, without the words."""
    _, clock = _run(events, rule, calendar)
    return None if clock.pauses else clock.date


def _run(events: Iterable[Event], rule: Rule, calendar: Calendar) -> "tuple[dt.date, _Clock]":
    """Return the day of enrolment, and the clock after all events."""
    ordered = sorted(events, key=lambda event: event.on)
    starts = [event.on for event in ordered if event.kind is EventKind.ENROLLED]
    if len(starts) != 1:
        raise ValueError("a deadline starts with exactly one enrolment")
    clock = _Clock(rule, calendar, anchor=starts[0], left=rule.days)
    for event in ordered:
        clock.apply(event)
    return starts[0], clock


def review_due(received_on: dt.date, days: int, calendar: Calendar) -> Due:
    """Return by when Control Escolar promised a review: `days` business days after it came in."""
    return due([Event(EventKind.ENROLLED, received_on)], Rule(days=days), calendar)


def days_left(deadline: Due, rule: Rule, calendar: Calendar, *, today: dt.date) -> int:
    """Return how many countable days remain after today: 0 on the last day, negative once past."""
    if deadline.date is None:
        return deadline.remaining
    clock = calendar if rule.business_days else NATURAL_DAYS
    if today > deadline.date:
        return min(-1, clock.working_days_between(today, deadline.date))
    return clock.working_days_between(today, deadline.date)


@dataclass(slots=True)
class _Clock:
    """Counts `left` days from `anchor` (day 0), stopped while any of `pauses` is open.

    `least` is the day of a prórroga: not counted in days, so no day off takes from it, but a pause moves it on.
    """

    rule: Rule
    calendar: Calendar
    anchor: dt.date
    left: int
    pauses: set[str] = field(default_factory=set)
    pause_reasons: list[str] = field(default_factory=list)
    paused_on: dt.date = dt.date.min
    least: dt.date = dt.date.min
    counted: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def days(self) -> Calendar:
        return self.calendar if self.rule.business_days else NATURAL_DAYS

    @property
    def counted_date(self) -> dt.date:
        return self.days.add_working_days(self.anchor, self.left)

    @property
    def date(self) -> dt.date:
        if self.least <= self.anchor:
            return self.counted_date
        is_counted = self.days.is_working(self.least)
        least = self.least if is_counted else self.days.next_working_day(self.least)
        return max(self.counted_date, least)

    def apply(self, event: Event) -> None:
        match event.kind:
            case EventKind.PAUSED:
                self._pause(event)
            case EventKind.RESUMED:
                self._resume(event.reason, event.on)
            case EventKind.RETURNED:
                self._return(event)
            case EventKind.EXTENDED:
                self._extend(event)

    def read(self, started_on: dt.date) -> Due:
        pause, remaining = "", self.left
        if not self.pauses:
            self.counted.append((self.anchor, self.counted_date))
            remaining = self.days.working_days_between(self.anchor, self.date)
        else:
            pause = self._pause_in_words(f"desde el {weekday_date(self.paused_on)}")
            self.notes.append(pause)
        start = f"{self.rule.describe(self.rule.days)} desde el {weekday_date(started_on)}"
        skipped = [day for span in self.counted for day in self.days.skipped_days(*span)]
        skips = [f"sin contar {_list_days(skipped, started_on)}"] if skipped else []
        return Due(
            date=None if self.pauses else self.date,
            remaining=remaining,
            paused=bool(self.pauses),
            why="; ".join([start, *skips, *self.notes]),
            pause=pause,
        )

    def _pause(self, event: Event) -> None:
        was_paused = bool(self.pauses)
        self.pauses.add(event.reason)
        self.pause_reasons.append(event.reason)
        if was_paused:
            return
        self.paused_on = event.on
        due_on = self.counted_date
        if event.on > due_on:
            self._count_until(due_on)
        elif event.on > self.anchor:
            self._count_until(max(self.anchor, event.on - _ONE_DAY))

    def _resume(self, reason: str, day: dt.date) -> None:
        if reason not in self.pauses:
            return
        self.pauses.remove(reason)
        if self.pauses:
            return
        self.notes.append(self._pause_in_words(_span(self.paused_on, day)))
        self.pause_reasons.clear()
        if self.paused_on <= self.least:
            self.least += day - self.paused_on
        if self.left:
            self.anchor = max(self.anchor, day)

    def _return(self, event: Event) -> None:
        self._resume(IN_REVIEW, event.on)
        if not self.pauses and event.on > self.anchor:
            self._count_until(min(self.counted_date, event.on))
        self.anchor = max(self.anchor, event.on)
        least = self.calendar.add_working_days(self.anchor, self.rule.return_days)
        self.left = max(self.left, self.days.working_days_between(self.anchor, least))
        self.notes.append(
            f"el acuse se devolvió el {weekday_date(event.on)}, "
            f"con al menos {Rule().describe(self.rule.return_days)} para corregirlo"
        )

    def _extend(self, event: Event) -> None:
        because = f" ({event.reason})" if event.reason else ""
        if event.until is not None:
            if event.until > self.date:
                self.notes.append(f"prórroga hasta el {weekday_date(event.until)}{because}")
            self.least = max(self.least, event.until)
            return
        if not self.pauses and event.on > self.counted_date:
            self._count_until(self.counted_date)
            self.anchor = event.on
        self.left += event.days
        self.notes.append(f"prórroga de {self.rule.describe(event.days)}{because}")

    def _count_until(self, day: dt.date) -> None:
        self.counted.append((self.anchor, day))
        self.left -= self.days.working_days_between(self.anchor, day)
        self.anchor = day

    def _pause_in_words(self, when: str) -> str:
        reasons = list(dict.fromkeys(filter(None, self.pause_reasons)))
        return f"en pausa {when} ({join_words(reasons)})" if reasons else f"en pausa {when}"


def _list_days(skipped: list[SkippedDay], named: dt.date) -> str:
    """Return «sábado 22, domingo 23 y miércoles 16 de septiembre (Día de la Independencia)»."""
    return join_words([_run_in_words(run, named) for run in _runs(skipped)])


def _runs(skipped: list[SkippedDay]) -> list[list[SkippedDay]]:
    """Return the days one by one, but three or more in a row with one reason as one run."""
    runs: list[list[SkippedDay]] = []
    keyed = groupby(
        enumerate(skipped), key=lambda item: (item[1].day.toordinal() - item[0], item[1].reason)
    )
    for _, items in keyed:
        run = [day for _, day in items]
        runs.extend([run] if len(run) > _LONGEST_LISTED_RUN else [[day] for day in run])
    return runs


def _run_in_words(run: list[SkippedDay], named: dt.date) -> str:
    first, last = run[0].day, run[-1].day
    words = _day_in_words(first, named) if len(run) == 1 else _span(first, last)
    return words if run[0].is_weekend else f"{words} ({run[0].reason})"


def _day_in_words(day: dt.date, named: dt.date) -> str:
    same_month = (day.year, day.month) == (named.year, named.month)
    return short_weekday(day) if same_month else weekday_date(day)


def _span(first: dt.date, last: dt.date) -> str:
    if first == last:
        return f"el {weekday_date(first)}"
    return f"del {_day_in_words(first, last)} al {weekday_date(last)}"
