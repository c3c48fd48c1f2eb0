"""Until when the student may hand over the acuse, from the rows that say what happened to the clock."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import BooleanField, DateField, DateTimeField, F, QuerySet, Value

from common.prepared import Given, Prepared
from school.models import SchoolCycle
from school.queries.planteles import calendar_of
from school.states import DayCount
from students.deadlines import Due, Event, EventKind, Rule, due
from students.models import ClockPause, Enrollment, Extension
from students.states import PauseReason


class Stretch(NamedTuple):
    """One row about a clock: a pause with its end, or a prórroga with the day `until` which it goes."""

    started_at: datetime
    pk: int
    reason: str
    ended_at: datetime | None
    is_return: bool
    until: date | None


def acuse_deadline(enrollment: Enrollment) -> Due:
    """Compute the deadline: the cycle's days, the pauses, two business days after a return, a prórroga.

    Of several prórrogas the newest counts: giving another day is how a wrong one is put right.
    """
    return _deadline(enrollment, _rows_of(enrollment))


def deadline_without_extension(enrollment: Enrollment) -> Due:
    """Compute what the deadline would be had nobody given a prórroga."""
    return _deadline(enrollment, [row for row in _rows_of(enrollment) if row.until is None])


def has_lapsed(enrollment: Enrollment, *, now: datetime) -> bool:
    """Tell whether the last day has passed in the plantel; never while the clock stands.

    The last day is the one kept with the stay, or a later one once told to the student.
    """
    if enrollment.acuse_due_on is None:
        return False
    last_day = max(enrollment.acuse_due_on, enrollment.told_due_on or date.min)
    return last_day < _day(now, enrollment.plantel.zone)


def rule_of(cycle: SchoolCycle) -> Rule:
    """Return the rule by which deadlines are counted in the ciclo."""
    return Rule(days=cycle.acuse_days, business_days=cycle.acuse_day_count == DayCount.BUSINESS)


def events_of(enrolled_on: date, rows: Iterable[Stretch], zone: tzinfo) -> tuple[Event, ...]:
    """Return what happened to a clock, in order, on the days of the plantel's zone."""
    moments: list[tuple[datetime, Event]] = []
    newest: Stretch | None = None
    for row in sorted(rows):
        if row.until is not None:
            newest = row
        else:
            moments += _bracket(row, zone)
    if newest is not None:
        extended = Event(EventKind.EXTENDED, _day(newest.started_at, zone), until=newest.until)
        moments.append((newest.started_at, extended))
    moments.sort(key=itemgetter(0))
    return (Event(EventKind.ENROLLED, enrolled_on), *(event for _, event in moments))


def stretches(enrollments: "QuerySet[Enrollment] | Given") -> QuerySet[Any, Any]:
    """Return the pauses and prórrogas of these stays: the id of the stay, then a Stretch, in any order."""
    is_one = isinstance(enrollments, Given)
    these = {"enrollment" if is_one else "enrollment__in": enrollments}
    pauses = ClockPause.objects.filter(**these).order_by()
    given = Extension.objects.filter(**these).order_by()
    no_moment = Value(None, output_field=DateTimeField())
    return pauses.values_list(
        *("enrollment", "started_at", "pk", "reason", "ended_at", "is_return"),
        Value(None, output_field=DateField()),
    ).union(
        given.values_list(
            *("enrollment", "given_at", "pk", Value(""), no_moment),
            Value(False, output_field=BooleanField()),
            F("due_on"),
        ),
        all=True,
    )


_SAID = dict(PauseReason.choices)
_STRETCHES = Prepared(lambda: stretches(Given("enrollment")))


def _rows_of(enrollment: Enrollment) -> list[Stretch]:
    return [Stretch(*row[1:]) for row in _STRETCHES.rows(enrollment=enrollment.pk)]


def _deadline(enrollment: Enrollment, rows: Iterable[Stretch]) -> Due:
    events = events_of(enrollment.enrolled_on, rows, enrollment.plantel.zone)
    return due(events, rule_of(enrollment.cycle), calendar_of(enrollment.plantel))


def _bracket(row: Stretch, zone: tzinfo) -> list[tuple[datetime, Event]]:
    reason = _SAID[row.reason]
    start = Event(EventKind.PAUSED, _day(row.started_at, zone), reason=reason)
    if row.ended_at is None:
        return [(row.started_at, start)]
    kind = EventKind.RETURNED if row.is_return else EventKind.RESUMED
    end = Event(kind, _day(row.ended_at, zone), reason=reason)
    return [(row.started_at, start), (row.ended_at, end)]


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
