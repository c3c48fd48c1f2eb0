"""The set-based write of a roster: one transaction, a fixed number of statements for each 5,000 rows."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from common.search import normalise
from school.models import Plantel, SchoolCycle, User
from school.queries.planteles import calendar_of
from school.states import DayCount
from students import timeline
from students.deadlines import Event as DeadlineEvent
from students.deadlines import EventKind, Rule, due
from students.models import Enrollment, Student, TimelineEntry
from students.queries.roster import Change, Plan, plan_import
from students.roster_file import Finding, RosterRow
from students.states import Event

BATCH = 5_000


@dataclass(frozen=True)
class Imported:
    """What one import did; `created` are the ids of the new stays."""

    created: list[int] = field(default_factory=list)
    changed: int = 0
    same: int = 0
    findings: list[Finding] = field(default_factory=list)


@transaction.atomic
def import_rows(
    plantel: Plantel,
    cycle: SchoolCycle,
    rows: list[RosterRow],
    *,
    by: User | None,
    folio: str,
    now: datetime,
    today: date,
) -> Imported:
    """This will write the clean rows of a roster: new students, and of known ones only what differs.

    Imports of one plantel queue on its row, so two of the same file do what one does; the persons it knows are
    held while it compares, so what they do meanwhile is not lost. Rows that the database refuses (another
    plantel's student, a taken matrícula) are left out and returned as findings. All or nothing: an error
    leaves no trace.
    """
    Plantel.objects.select_for_update(of=("self",)).get(pk=plantel.pk)
    plan = plan_import(plantel, cycle, rows, lock=True)
    deadlines = Deadlines(plantel, cycle)
    created = _create(plan, plantel, cycle, deadlines, now=now, today=today)
    _change(plan.changes, deadlines)
    timeline.record_many(
        [
            TimelineEntry(
                enrollment_id=pk, event=Event.ENROLLED, at=now, by=by, data={"folio": folio}
            )
            for pk in created
        ]
        + [_change_entry(change, by=by, folio=folio, now=now) for change in plan.changes]
    )
    return Imported(created, len(plan.changes), plan.same, plan.findings)


class Deadlines:
    """Until when the acuse is due, worked out once for each day of enrolment."""

    def __init__(self, plantel: Plantel, cycle: SchoolCycle) -> None:
        self.calendar = calendar_of(plantel)
        self.rule = Rule(
            days=cycle.acuse_days, business_days=cycle.acuse_day_count == DayCount.BUSINESS
        )
        self.known: dict[date, date | None] = {}

    def of(self, enrolled_on: date) -> date | None:
        """This will return the due date of who enrolled on that day and did nothing since."""
        if enrolled_on not in self.known:
            start = [DeadlineEvent(EventKind.ENROLLED, enrolled_on)]
            self.known[enrolled_on] = due(start, self.rule, self.calendar).date
        return self.known[enrolled_on]


def _create(
    plan: Plan,
    plantel: Plantel,
    cycle: SchoolCycle,
    deadlines: Deadlines,
    *,
    now: datetime,
    today: date,
) -> list[int]:
    unknown = [row for row, student in plan.new if student is None]
    # Random and never typed: a hash of each would cost 18 ms and protect nothing.
    users = User.objects.bulk_create(
        [
            User(
                username=f"e-{secrets.token_hex(12)}",
                password=UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30),
                date_joined=now,
            )
            for _ in unknown
        ],
        batch_size=BATCH,
    )
    students = Student.objects.bulk_create(
        [_student(row, user) for row, user in zip(unknown, users, strict=True)], batch_size=BATCH
    )
    fresh = iter(students)
    stays = Enrollment.objects.bulk_create(
        [
            _enrollment(row, student or next(fresh), plantel, cycle, deadlines, now, today)
            for row, student in plan.new
        ],
        batch_size=BATCH,
    )
    return [stay.pk for stay in stays]


def _student(row: RosterRow, user: User) -> Student:
    return Student(
        user=user,
        curp=row.curp or None,
        given_names=row.given_names,
        first_surname=row.first_surname,
        second_surname=row.second_surname,
        search_name=normalise(f"{row.given_names} {row.first_surname} {row.second_surname}"),
    )


def _enrollment(
    row: RosterRow,
    student: Student,
    plantel: Plantel,
    cycle: SchoolCycle,
    deadlines: Deadlines,
    now: datetime,
    today: date,
) -> Enrollment:
    enrolled_on = date.fromisoformat(row.enrolled_on) if row.enrolled_on else today
    return Enrollment(
        student=student,
        plantel=plantel,
        cycle=cycle,
        matricula=row.matricula,
        group=row.group,
        shift=row.shift,
        semester=row.semester,
        enrolled_on=enrolled_on,
        roster_email=row.email,
        roster_phone=row.phone,
        declared_nss=row.nss or None,
        acuse_due_on=deadlines.of(enrolled_on),
        created_at=now,
    )


def _change(changes: list[Change], deadlines: Deadlines) -> None:
    """This will write the changed stays and persons; a date once given is never shortened."""
    for change in changes:
        stay, person = change.enrollment, change.enrollment.student
        person.search_name = normalise(
            f"{person.given_names} {person.first_surname} {person.second_surname}"
        )
        if any(difference.key == "enrolled_on" for difference in change.differences):
            dates = (stay.acuse_due_on, stay.told_due_on, deadlines.of(stay.enrolled_on))
            stay.acuse_due_on = max(day for day in dates if day is not None)
    of_person = [change for change in changes if _columns([change], of_person=True)]
    of_stay = [change for change in changes if _columns([change], of_person=False)]
    Student.objects.bulk_create(
        [change.enrollment.student for change in of_person],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_columns(of_person, of_person=True),
    )
    Enrollment.objects.bulk_create(
        [change.enrollment for change in of_stay],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_columns(of_stay, of_person=False),
    )


def _columns(changes: list[Change], *, of_person: bool) -> list[str]:
    """This will return the columns in which any row differs: one list for all keeps the statements few.

    The rows are locked, so a column that differs in another row alone is written as it was.
    """
    differences = [item for change in changes for item in change.differences]
    return sorted(
        {name for item in differences if item.is_of_person == of_person for name in item.columns}
    )


def _change_entry(change: Change, *, by: User | None, folio: str, now: datetime) -> TimelineEntry:
    differences = [difference.masked() for difference in change.differences]
    return TimelineEntry(
        enrollment=change.enrollment,
        event=Event.ROSTER_CHANGED,
        at=now,
        by=by,
        data={
            "folio": folio,
            "changes": [[item.label, item.before, item.after] for item in differences],
        },
    )
