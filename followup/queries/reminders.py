"""Who is to be told what now, in sets: no student is looked at one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    F,
    Field,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least, NullIf, TruncDate

from common.dates import weekday_date
from followup.ladder import (
    BEFORE,
    LAST_DAY,
    OVERDUE,
    UNCONFIRMED_AFTER,
    Rung,
    Standing,
    end_of_quiet,
    is_quiet,
    ladder,
    next_look,
    next_morning,
    next_opening,
    open_rung,
)
from followup.models import DailyRun, Reminder
from followup.queries.progress import DUE_ON, progress
from followup.queries.students import waiting_for_acuse
from followup.states import DailyJob, ReminderKind, ReminderOutcome, ReminderStep, Stage
from nss.models import Acuse
from nss.states import AcuseState
from school.calendar import NATURAL_DAYS, Calendar
from school.models import Plantel, SchoolCycle
from school.queries.planteles import calendar_of
from school.states import DayCount
from students.models import Enrollment

MESSAGES_OF = {BEFORE: "M-03", LAST_DAY: "M-04", OVERDUE: "M-05"}
DRAFT_MESSAGE, GUARDIAN_MESSAGE = "M-07", "M-20"
REMINDERS = (*MESSAGES_OF.values(), DRAFT_MESSAGE)
"""What counts as the one reminder of a student's day."""

TOLD_STUDENT = Q(outcome=ReminderOutcome.TOLD) & ~Q(kind=ReminderKind.GUARDIAN)

EMAIL = Coalesce(NullIf(F("data__email"), Value("")), F("roster_email"), output_field=CharField())
"""Over stays: the address given in the data, else that of the roster; empty when there is none."""


def planteles_to_sweep(now: datetime) -> QuerySet[Plantel]:
    """This will return the active planteles with `has_stays_due` and `staff_told_on`, in one query by the index."""
    due = Enrollment.objects.filter(plantel=OuterRef("pk"), next_step_at__lte=now)
    runs = DailyRun.objects.filter(plantel=OuterRef("pk"), job=DailyJob.STAFF_MAIL)
    return Plantel.objects.filter(is_active=True).annotate(
        has_stays_due=Exists(due),
        staff_told_on=Subquery(
            runs.order_by().values("plantel").annotate(last=Max("day")).values("last")
        ),
    )


def due_stays(plantel: Plantel, *, now: datetime) -> QuerySet[Enrollment]:
    """This will return the stays of the plantel that are to be looked at now."""
    return Enrollment.objects.filter(plantel=plantel, next_step_at__lte=now).order_by("pk")


@dataclass(frozen=True)
class Batch:
    """Some stays of one plantel and one ciclo that are looked at together, at one moment.

    `due_dates` are the deadlines that occur among them: as few as there were days of enrolment, so what
    follows from a deadline is worked out once and handed to the database as a table.
    """

    plantel: Plantel
    cycle: SchoolCycle
    calendar: Calendar
    ids: Collection[int]
    due_dates: Collection[date]
    now: datetime

    @cached_property
    def today(self) -> date:
        """The plantel's own day."""
        return self.now.astimezone(self.plantel.zone).date()

    @cached_property
    def rungs(self) -> Mapping[date, Sequence[Rung]]:
        """The ladder to each deadline."""
        is_business = self.cycle.acuse_day_count == DayCount.BUSINESS
        days = self.calendar if is_business else NATURAL_DAYS
        return {day: ladder(day, days, self.plantel.zone) for day in self.due_dates}

    @cached_property
    def open_rungs(self) -> Mapping[date, str]:
        """What each deadline lets be said now; those that let nothing be said are not in it."""
        found = {day: open_rung(rungs, self.now) for day, rungs in self.rungs.items()}
        return {day: rung.step for day, rung in found.items() if rung is not None}

    def later(self, *, was_told_today: bool) -> Mapping[date, datetime | None]:
        """When each deadline is looked at again: after its open rung was said, or while it has to wait."""
        zone = self.plantel.zone
        if not was_told_today:
            return {day: next_opening(rungs, self.now) for day, rungs in self.rungs.items()}
        return {
            day: next_look(Standing(True, rungs, was_told_today=True), self.now, zone)
            for day, rungs in self.rungs.items()
        }


def batches(
    plantel: Plantel, rows: Iterable[tuple[int, int, date | None]], *, now: datetime
) -> list[Batch]:
    """This will sort stays (id, ciclo, deadline) into what can be looked at together."""
    ids: dict[int, list[int]] = defaultdict(list)
    due_dates: dict[int, set[date]] = defaultdict(set)
    for pk, cycle, due_on in rows:
        ids[cycle].append(pk)
        if due_on is not None:
            due_dates[cycle].add(due_on)
    calendar = calendar_of(plantel)
    cycles = SchoolCycle.objects.in_bulk(list(ids))
    return [
        Batch(plantel, cycle, calendar, ids[pk], due_dates[pk], now) for pk, cycle in cycles.items()
    ]


def standing(batch: Batch, scope: QuerySet[Enrollment]) -> QuerySet[Any]:
    """This will add to stays that are of the batch what decides whether there is something to say.

    `rung` is the step that the deadline lets be said, `is_rung_noted` whether the ledger has it, `draft_at` when
    an unconfirmed file came in that was not spoken of, `was_told_today` whether the day's one reminder is used up.
    """
    ledger = Reminder.objects.filter(enrollment=OuterRef("pk"))
    draft = Acuse.objects.filter(
        request__enrollment=OuterRef("pk"), state=AcuseState.DRAFT
    ).order_by("-version")
    zone = batch.plantel.zone
    return (
        progress(scope, now=batch.now)
        .annotate(
            rung=_by_date(batch.open_rungs, CharField()),
            draft_uploaded_at=Subquery(draft.values("created_at")[:1]),
        )
        .annotate(draft_day=TruncDate("draft_uploaded_at", tzinfo=zone))
        .annotate(
            is_rung_noted=Exists(
                ledger.filter(
                    kind=ReminderKind.ACUSE, step=OuterRef("rung"), round_on=OuterRef("due_on")
                )
            ),
            is_draft_noted=Exists(
                ledger.filter(kind=ReminderKind.DRAFT, round_on=OuterRef("draft_day"))
            ),
            was_told_today=Exists(ledger.filter(TOLD_STUDENT, day=batch.today)),
        )
    )


def to_remind(batch: Batch) -> QuerySet[Any]:
    """This will return the students of the batch who are told something now, with what and why.

    `kind`, `step`, `round_on` and `message` are the line of the ledger; `email` is empty where nobody can be
    reached. A rung that is open goes before the reminder of a draft, which it then replaces.
    """
    is_rung_due = Q(rung__isnull=False, is_rung_noted=False)
    is_draft_due = Q(
        stage=Stage.S_04B,
        is_draft_noted=False,
        draft_uploaded_at__lte=batch.now - UNCONFIRMED_AFTER,
    )
    return (
        waiting_for_acuse(standing(batch, Enrollment.objects.filter(pk__in=batch.ids)))
        .filter(is_rung_due | is_draft_due, was_told_today=False)
        .annotate(
            kind=_either(is_rung_due, ReminderKind.ACUSE, ReminderKind.DRAFT),
            step=_either(is_rung_due, F("rung"), ReminderStep.ONCE),
            round_on=_either(is_rung_due, F("due_on"), F("draft_day"), DateField()),
            message=Case(
                When(stage=Stage.S_04B, then=Value(DRAFT_MESSAGE)),
                *(When(rung=step, then=Value(name)) for step, name in MESSAGES_OF.items()),
                output_field=CharField(),
            ),
            email=EMAIL,
        )
    )


def next_opening_of(batch: Batch) -> Expression:
    """This will be, over stays with `due_on`, when the next rung opens; NULL above the last one."""
    return _by_date(batch.later(was_told_today=False), DateTimeField())


def looked_at_again(batch: Batch, scope: QuerySet[Enrollment]) -> QuerySet[Any]:
    """This will add `look_at` to stays that are of the batch, and leave out who is never looked at again.

    It is followup.ladder.next_look, worked out by the database.
    """
    is_rung_waiting = Q(rung__isnull=False, is_rung_noted=False)
    waits_for_morning = Q(draft_uploaded_at__lte=batch.now - UNCONFIRMED_AFTER)
    rung_at = Case(
        When(is_rung_waiting, then=_by_date(batch.later(was_told_today=True), DateTimeField())),
        default=_by_date(batch.later(was_told_today=False), DateTimeField()),
        output_field=DateTimeField(),
    )
    draft_at = Case(
        When(
            Q(is_draft_noted=True) | ~Q(stage=Stage.S_04B), then=Cast(Value(None), DateTimeField())
        ),
        When(waits_for_morning, then=Value(next_morning(batch.now, batch.plantel.zone))),
        default=F("draft_uploaded_at") + Value(UNCONFIRMED_AFTER),
        output_field=DateTimeField(),
    )
    return (
        waiting_for_acuse(standing(batch, scope))
        .annotate(rung_at=rung_at, draft_at=draft_at)
        .annotate(look_at=Coalesce(Least("rung_at", "draft_at"), "rung_at", "draft_at"))
    )


def _by_date(table: Mapping[date, Any], kind: Field) -> Case:
    """What the deadline says in the table, NULL where it says nothing: one branch for each different answer."""
    days: dict[Any, list[date]] = defaultdict(list)
    for day, answer in table.items():
        if answer is not None:
            days[answer].append(day)
    return Case(
        *(
            When(due_on__in=same, then=Value(answer, output_field=kind))
            for answer, same in days.items()
        ),
        default=Cast(Value(None), kind),
        output_field=kind,
    )


def _either(condition: Q, yes: Any, no: Any, kind: Any = None) -> Case:
    branches = [one if hasattr(one, "resolve_expression") else Value(one) for one in (yes, no)]
    return Case(
        When(condition, then=branches[0]), default=branches[1], output_field=kind or CharField()
    )


def lines_of(plantel: Plantel, *, now: datetime) -> Iterator[str]:
    """This will say, a line each, who of the plantel is told what now and why; neither CURP nor NSS."""
    if is_quiet(now, plantel.zone):
        until = end_of_quiet(now, plantel.zone).astimezone(plantel.zone)
        yield f"{plantel}: todo espera hasta las {until:%H:%M}"
        return
    rows = due_stays(plantel, now=now).annotate(due_on=DUE_ON)
    for batch in batches(plantel, rows.values_list("pk", "cycle_id", "due_on"), now=now):
        for stay in to_remind(batch).order_by("matricula"):
            yield (
                f"{plantel.number} {stay.matricula} {stay.message} "
                f"{'correo' if stay.email else 'sin correo'}: {_why(stay)}"
            )


def _why(stay: Any) -> str:
    label = ReminderStep(stay.step).label
    if stay.kind == ReminderKind.DRAFT:
        return f"subió un archivo el {weekday_date(stay.round_on)} y no lo confirmó"
    return f"{label}, su plazo es el {weekday_date(stay.round_on)}"
