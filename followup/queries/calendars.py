"""A-02: the year of a plantel as a grid, and what adding or taking away days would change."""

import calendar as months_of
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from common.dates import MONTHS, weekday_date
from followup.queries.recount import Recount, recount, running
from school.calendar import NATURAL_DAYS, Calendar, national_days
from school.models import Plantel, SchoolCycle
from school.queries.planteles import cycle_on, own_days
from students.deadlines import Rule
from students.queries.deadlines import rule_of

NATIONAL, OWN, WEEKEND, WORKING = "national", "own", "weekend", ""
LONGEST_RANGE = 62
"""Days that one range may hold: contingencies are longer than a puente, a wrong year is longer still."""

_SATURDAY = 5


@dataclass(frozen=True)
class DayCell:
    """One day of the grid: its kind, and why it does not count."""

    day: date
    kind: str
    reason: str = ""


@dataclass(frozen=True)
class Month:
    """A month of the grid; the cells outside of it are None."""

    name: str
    weeks: list[list[DayCell | None]]


@dataclass(frozen=True)
class DayChange:
    """A range of days that begin not to count in some planteles, or (`is_removal`) that count again."""

    planteles: Sequence[Plantel]
    first: date
    last: date
    reason: str = ""
    is_removal: bool = False


@dataclass(frozen=True)
class DayPreview:
    """What a change would do: by plantel the `days` that change, the example in words, the students' dates."""

    days: dict[int, list[date]]
    example: str
    recount: Recount = field(default_factory=Recount)

    @property
    def count(self) -> int:
        """How many days change, over all planteles."""
        return sum(map(len, self.days.values()))


def months(year: int, own: Mapping[date, str]) -> list[Month]:
    """Return the twelve months of a year, each week from Monday to Sunday."""
    weeks_of = months_of.Calendar().monthdatescalendar
    return [
        Month(
            MONTHS[number - 1],
            [
                [_cell(day, own) if day.month == number else None for day in week]
                for week in weeks_of(year, number)
            ],
        )
        for number in range(1, 13)
    ]


def preview_days(change: DayChange, *, enrolled_on: date) -> DayPreview:
    """Tell what the change would do, without doing it; `enrolled_on` is the day of the example."""
    before = own_days(one.pk for one in change.planteles)
    days = {pk: _changed(change, own) for pk, own in before.items()}
    after = {pk: _changed_days(change, before[pk], days[pk]) for pk in before}
    stays = running(list(change.planteles)).filter(
        enrolled_on__lt=change.last, acuse_due_on__gte=change.first
    )
    shown = change.planteles[0].pk
    example = example_in_words(before[shown], after[shown], enrolled_on)
    return DayPreview(days, example, recount(stays, after))


def example_in_words(
    before: Mapping[date, str], after: Mapping[date, str], enrolled_on: date
) -> str:
    """Say until when who enrolled on that day has, and until when with the change."""
    cycle = cycle_on(enrolled_on)
    rule = rule_of(cycle) if cycle else Rule()
    old, new = (_due_on(enrolled_on, rule, own) for own in (before, after))
    return _in_words(enrolled_on, old, new)


def rule_in_words(before: Rule, after: Rule, enrolled_on: date) -> str:
    """Say the same of another rule, where only the days off of the whole country count."""
    old, new = (_due_on(enrolled_on, rule, {}) for rule in (before, after))
    return _in_words(enrolled_on, old, new)


def _in_words(enrolled_on: date, old: date, new: date) -> str:
    told = f"Inscripción {weekday_date(enrolled_on)} → vence {weekday_date(new)}"
    return told if old == new else f"{told} (hoy: {weekday_date(old)})"


def _due_on(enrolled_on: date, rule: Rule, own: Mapping[date, str]) -> date:
    days = Calendar(own) if rule.business_days else NATURAL_DAYS
    return days.add_working_days(enrolled_on, rule.days)


def _changed(change: DayChange, own: Mapping[date, str]) -> list[date]:
    """The days of the range that would change: those that count now, or the plantel's own."""
    calendar = Calendar(own)
    length = (change.last - change.first).days
    days = [change.first + timedelta(days=offset) for offset in range(length + 1)]
    if change.is_removal:
        return [day for day in days if day in own]
    return [day for day in days if calendar.is_working(day)]


def _changed_days(
    change: DayChange, own: Mapping[date, str], days: Sequence[date]
) -> dict[date, str]:
    if change.is_removal:
        return {day: reason for day, reason in own.items() if day not in days}
    return {**own, **dict.fromkeys(days, change.reason)}


def _cell(day: date, own: Mapping[date, str]) -> DayCell:
    if day in own:
        return DayCell(day, OWN, own[day])
    if reason := national_days(day.year).get(day):
        return DayCell(day, NATIONAL, reason)
    return DayCell(day, WEEKEND if day.weekday() >= _SATURDAY else WORKING)


def preview_rule(cycle: SchoolCycle, rule: Rule) -> Recount:
    """Tell whose deadline in the ciclo would change by that rule, without changing it."""
    planteles = Plantel.objects.all()
    days = own_days(planteles.values_list("pk", flat=True))
    return recount(running(planteles).filter(cycle=cycle), days, rules={cycle.pk: rule})
