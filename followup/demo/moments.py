"""When things happened: days that fill «vence hoy», «mañana» and «vencido», hours at which people are awake."""

import random
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from school.calendar import Calendar
from students.deadlines import Event, EventKind, Rule, due

WAKING = time(8, 10)
SLEEPING = time(20, 30)
OPENING = time(8, 30)
CLOSING = time(14, 40)
LONGEST_AGO = timedelta(days=46)

_DAY = timedelta(days=1)


class EnrolmentDays:
    """The days on which a plantel enrolled, each with the deadline that the real rule gives it."""

    def __init__(self, calendar: Calendar, rule: Rule, *, today: date) -> None:
        self.today = today
        self.calendar, self.rule = calendar, rule
        days = [today - _DAY * ago for ago in range(1, LONGEST_AGO.days)]
        self.due = {day: self.deadline(day) for day in days if calendar.is_working(day)}
        self.tomorrow = calendar.next_working_day(today)

    def deadline(self, enrolled_on: date) -> date:
        """Return until when the acuse is due of who enrolled on that day and did nothing since."""
        enrolled = [Event(EventKind.ENROLLED, enrolled_on)]
        return cast(date, due(enrolled, self.rule, self.calendar).date)  # nothing pauses this clock

    def open(self, chance: random.Random) -> date:
        """Return a day whose deadline is today, tomorrow or later, in equal parts."""
        wanted = chance.choice(("today", "tomorrow", "later"))
        if wanted == "today":
            found = [day for day, due_on in self.due.items() if due_on == self.today]
        elif wanted == "tomorrow":
            found = [day for day, due_on in self.due.items() if due_on == self.tomorrow]
        else:
            found = [day for day, due_on in self.due.items() if due_on > self.tomorrow]
        return chance.choice(found or self._latest(3))

    def overdue(self, chance: random.Random) -> date:
        """Return a day whose deadline passed, most of them lately."""
        passed = [day for day, due_on in self.due.items() if due_on < self.today]
        return passed[min(int(chance.expovariate(0.25)), 11)]

    def between(self, chance: random.Random, latest: int, earliest: int) -> date:
        """Return one of the enrolment days, counted back from today; older ones are bundled in fours."""
        days = list(self.due)
        place = min(chance.randint(latest, earliest), len(days) - 1)
        return days[place if place < 8 else min(place // 4 * 4, len(days) - 1)]

    def ago(self, working_days: int) -> date:
        """Return the day that lies so many working days behind today."""
        return list(self.due)[working_days - 1]

    def _latest(self, count: int) -> list[date]:
        found = [day for day, due_on in self.due.items() if due_on >= self.today]
        return (found or list(self.due))[:count]


class Clock:
    """One student's time: goes forward only, sleeps at night, never passes `end`."""

    def __init__(self, start: datetime, end: datetime, chance: random.Random) -> None:
        if start >= end:
            raise ValueError("a story needs some time")
        self.at, self._end, self._chance = start, end, chance

    def wait(self, least: float, most: float) -> datetime:
        """Let some hours pass and return the moment, at a waking hour where there is room for it."""
        later = self.at + timedelta(hours=self._chance.uniform(least, most))
        return self._move(_within(later, WAKING, SLEEPING))

    def wait_for_office(self, least: float, most: float, calendar: Calendar) -> datetime:
        """Let some hours pass until the office is open; on a working day where there is room for it."""
        later = _within(
            self.at + timedelta(hours=self._chance.uniform(least, most)), OPENING, CLOSING
        )
        for _ in range(10):
            if calendar.is_working(later.date()):
                break
            later += _DAY
        return self._move(later)

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until a moment, if it has not passed."""
        self.at = max(self.at, moment)

    def _move(self, later: datetime) -> datetime:
        """Go there, or part of what is left of the time when that would be too late."""
        if not self.at < later < self._end:
            later = self.at + (self._end - self.at) * self._chance.uniform(0.1, 0.4)
        self.at = later.replace(microsecond=0) if later.replace(microsecond=0) > self.at else later
        return self.at


def _within(moment: datetime, first: time, last: time) -> datetime:
    """Return the moment, or the next one of these hours, with the minutes it had."""
    if moment.time() < first:
        return moment.replace(hour=first.hour + 1)
    if moment.time() > last:
        return (moment + _DAY).replace(hour=first.hour + 1)
    return moment


def end_of_story(today: date, zone: ZoneInfo) -> datetime:
    """Return the last moment of the demo: the evening before today, wherever it is loaded."""
    return datetime.combine(today - _DAY, SLEEPING, zone)
