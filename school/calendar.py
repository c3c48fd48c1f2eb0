"""The working days of a plantel: dates in, dates out.

A day counts unless it is Saturday, Sunday, a national día de descanso obligatorio (Ley Federal
del Trabajo, art. 74) or one of the plantel's own non-working days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

WEEKEND_REASON = "fin de semana"

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def national_days(year: int) -> Mapping[date, str]:
    """Return the national non-working days of a year with their Spanish names."""
    days = holidays.country_holidays("MX", years=year, language="es")
    return MappingProxyType(dict(sorted(days.items())))


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that does not count, and why."""

    day: date
    reason: str

    @property
    def is_weekend(self) -> bool:
        """Whether nothing but the week itself explains it."""
        return self.reason == WEEKEND_REASON


@dataclass(frozen=True, slots=True)
class Calendar:
    """Counts days; `non_working` are the plantel's own days, on top of weekends and national ones.

    With `every_day_counts` it counts natural days and `non_working` says nothing.
    """

    non_working: Mapping[date, str] = field(default_factory=dict)
    every_day_counts: bool = False

    def reason(self, day: date) -> str | None:
        """Return why the day does not count, None if it does."""
        if self.every_day_counts:
            return None
        own = self.non_working.get(day) or national_days(day.year).get(day)
        if own is None and day.weekday() >= _SATURDAY:
            return WEEKEND_REASON
        return own

    def is_working(self, day: date) -> bool:
        """Return whether the day counts."""
        return self.reason(day) is None

    def add_working_days(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`, which is day 0; `day` itself for 0.

        Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("a deadline is counted forward")
        while count:
            day += _ONE_DAY
            count -= self.is_working(day)
        return day

    def next_working_day(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_working_days(day, 1)

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to `end`; negative if `end` is earlier.

        So `working_days_between(d, add_working_days(d, n)) == n`.
        """
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(day) for day in _days_after(start, end))

    def skipped_days(self, start: date, end: date) -> list[SkippedDay]:
        """Return the days after `start` up to `end` that do not count, with the reason of each."""
        days = ((day, self.reason(day)) for day in _days_after(start, end))
        return [SkippedDay(day, reason) for day, reason in days if reason is not None]


NATURAL_DAYS = Calendar(every_day_counts=True)


def _days_after(start: date, end: date) -> Iterator[date]:
    for offset in range(1, (end - start).days + 1):
        yield start + timedelta(days=offset)
