"""R9: minute by minute through the weekends on which Tijuana changes its clocks, beside Mexico City, which does not."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import time_machine

from common.quiet_hours import MORNING
from followup.climb import STEPS
from followup.ladder import STAFF_MORNING
from followup.models import DailyRun, Escalation, EscalationStep, Reminder
from followup.queries.progress import progress, standing_of
from followup.states import DailyJob, ReminderStep, ReportKind
from followup.tasks import escalate, remind
from nss.states import RequestState
from school.models import Plantel, SchoolCycle
from school.queries.planteles import calendar_of
from school.states import DayCount, Role
from students.actions.reminders import look_again
from students.models import Enrollment
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory

ZONES = ("America/Tijuana", "America/Mexico_City")
WEEKENDS = (date(2027, 3, 13), date(2027, 11, 6))
"""The Saturdays before the clocks change (R9)."""

DAYS = 4
ONE_DAY = timedelta(days=1)


def clock_changes(folder: Path, *, minutes: int, seed: int) -> dict[str, float]:
    """Tick every so many minutes of both weekends, and look when each daily thing was done."""
    del folder, seed  # nothing here is left to chance
    cycle = SchoolCycleFactory(
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
        acuse_day_count=DayCount.NATURAL,
    )
    planteles = [_plantel(zone) for zone in ZONES]
    figures = Counter[str]()
    for saturday in WEEKENDS:
        stays = [stay for one in planteles for stay in _students(one, cycle, saturday)]
        cases = [_case(one, saturday) for one in planteles]
        for now in _moments(saturday, minutes):
            with time_machine.travel(now, tick=False):
                if now == _begin(saturday):
                    look_again(stay.pk for stay in stays)
                remind()
                escalate()
            figures["ticks"] += 1
        figures.update(_runs(planteles, saturday))
        figures.update(_steps(cases))
        figures.update(_reminders(stays))
        figures.update(_ends_of_days(stays))
    return dict(figures)


def _plantel(zone: str) -> Plantel:
    plantel = PlantelFactory(time_zone=zone)
    AcuseFactory(request__enrollment__plantel=plantel)
    staff(Role.REVISOR, plantel)
    return plantel


def _students(plantel: Plantel, cycle: SchoolCycle, saturday: date) -> list[Enrollment]:
    """Two whose whole ladder lies in the four days: it is due on the day of the change, and on the day after."""
    return [
        EnrollmentFactory(
            plantel=plantel,
            cycle=cycle,
            confirmed=True,
            enrolled_on=saturday - 7 * ONE_DAY,
            acuse_due_on=saturday + days * ONE_DAY,
        )
        for days in (1, 2)
    ]


def _case(plantel: Plantel, saturday: date) -> Escalation:
    """One that nobody touches since Wednesday: its first step falls on a day after the change."""
    request = NSSRequestFactory(enrollment__plantel=plantel, state=RequestState.AT_SUBDELEGACION)
    noon = datetime.combine(saturday - 3 * ONE_DAY, time(12), plantel.zone)
    report = StudentReportFactory(
        enrollment=request.enrollment, kind=ReportKind.SUBDELEGACION, created_at=noon
    )
    return report.escalation


def _begin(saturday: date) -> datetime:
    """The first of the zones to begin the day is Mexico City."""
    return datetime.combine(saturday, time(6), UTC)


def _moments(saturday: date, minutes: int) -> Iterator[datetime]:
    """Every so many minutes until the four days are over in Tijuana too."""
    now, end = _begin(saturday), datetime.combine(saturday + DAYS * ONE_DAY, time(8), UTC)
    while now < end:
        yield now
        now += timedelta(minutes=minutes)


def _runs(planteles: list[Plantel], saturday: date) -> dict[str, int]:
    """The runs of the morning: each once for each local day, at half past seven."""
    days = {saturday + n * ONE_DAY for n in range(DAYS)}
    figures = Counter[str](runs_missing=0, runs_wrong=0)
    for plantel in planteles:
        runs = DailyRun.objects.filter(plantel=plantel, day__in=days)
        found = list(runs.values_list("job", "day", "created_at"))
        local = {(job, day, at.astimezone(plantel.zone)) for job, day, at in found}
        right = {
            (job, day, datetime.combine(day, STAFF_MORNING, plantel.zone))
            for job in DailyJob
            for day in days
        }
        figures["runs"] += len(found)
        figures["runs_missing"] += len(right - local)
        figures["runs_wrong"] += len(local - right) + len(found) - len(local)
    return figures


def _steps(cases: list[Escalation]) -> dict[str, int]:
    """The first step of a case: once, in the morning of the working day on which it is due."""
    figures = Counter[str](steps_missing=0, steps_wrong=0)
    for case in cases:
        zone, step = case.plantel.zone, STEPS[0]
        since = case.moved_at.astimezone(zone).date()
        due_on = calendar_of(case.plantel).add_working_days(since, step.days)
        right = {(step.name, datetime.combine(due_on, STAFF_MORNING, zone))}
        lines = EscalationStep.objects.filter(escalation=case).values_list("step", "created_at")
        found = [(name, at.astimezone(zone)) for name, at in lines]
        figures["steps"] += len(found)
        figures["steps_missing"] += len(right - set(found))
        figures["steps_wrong"] += len(set(found) - right) + len(found) - len(set(found))
    return figures


def _reminders(stays: list[Enrollment]) -> dict[str, int]:
    """The rungs: each once, at eight on the local day before, on the last day and after it."""
    figures = Counter[str](reminders_missing=0, reminders_wrong=0)
    for stay in stays:
        zone, due_on = stay.plantel.zone, stay.acuse_due_on
        right = {
            (step, day, datetime.combine(day, MORNING, zone))
            for step, day in (
                (ReminderStep.BEFORE, due_on - ONE_DAY),
                (ReminderStep.LAST_DAY, due_on),
                (ReminderStep.OVERDUE, due_on + ONE_DAY),
            )
        }
        lines = list(
            Reminder.objects.filter(enrollment=stay).values_list("step", "day", "created_at")
        )
        found = {(step, day, at.astimezone(zone)) for step, day, at in lines}
        figures["reminders"] += len(lines)
        figures["reminders_missing"] += len(right - found)
        figures["reminders_wrong"] += len(found - right) + len(lines) - len(found)
    return figures


def _ends_of_days(stays: list[Enrollment]) -> dict[str, int]:
    """A deadline ends with the last second of its local day, in the database as in Python."""
    figures = Counter[str](ends_wrong=0)
    for stay in stays:
        zone, due_on = stay.plantel.zone, stay.acuse_due_on
        for moment, is_over in (
            (datetime.combine(due_on, time(23, 59, 59), zone), False),
            (datetime.combine(due_on + ONE_DAY, time(0), zone), True),
        ):
            scope = Enrollment.objects.filter(pk=stay.pk)
            told = [
                standing_of(stay, now=moment).is_overdue,
                progress(scope, now=moment).get().is_overdue,
            ]
            figures["ends_wrong"] += sum(one is not is_over for one in told)
    return figures
