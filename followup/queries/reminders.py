"""Who is to be told what now, in sets: no student is looked at one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
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

from common.bulk import Among
from common.dates import weekday_date
from common.quiet_hours import end_of_quiet, is_quiet
from followup.ladder import (
    UNCONFIRMED_AFTER,
    Rung,
    Standing,
    Step,
    ladder,
    next_look,
    next_morning,
    next_opening,
    open_rung,
    steps_of,
)
from followup.models import DailyRun, Reminder
from followup.queries.progress import due_on_of, progress
from followup.queries.students import waiting_for_acuse
from followup.states import DailyJob, ReminderKind, ReminderOutcome, ReminderStep, Stage
from nss.models import Acuse
from nss.states import AcuseState
from school.calendar import NATURAL_DAYS, Calendar
from school.models import Plantel, SchoolCycle
from school.queries.planteles import own_days
from school.queries.texts import current_text
from school.states import DayCount, TextKind
from school.text_parts.ladder import step_day
from students.models import Enrollment, NextLook
from students.queries.data import is_minor

OVERDUE_MESSAGE = "M-05"
DEADLINE_MESSAGES = ("M-03", "M-04", OVERDUE_MESSAGE)
"""What the steps of the ladder may say (school/text_parts/ladder.py)."""
DRAFT_MESSAGE, GUARDIAN_MESSAGE = "M-07", "M-20"
REMINDERS = (*DEADLINE_MESSAGES, DRAFT_MESSAGE)
"""What counts as the one reminder of a student's day."""

TOLD_STUDENT = Q(outcome=ReminderOutcome.TOLD) & ~Q(kind=ReminderKind.GUARDIAN)

_IN_ORDER = ("plantel__number", "matricula")
_COPY = "correo: copia a mamá, papá o tutor"
_RUNG_DUE = Q(rung__isnull=False, is_rung_noted=False)

EMAIL = Coalesce(NullIf(F("data__email"), Value("")), F("roster_email"), output_field=CharField())
"""Over stays: the address given in the data, else that of the roster; empty when there is none."""


def leaves_copy(stay: str = "") -> Q:
    """Whether confirmed data name a mailbox of mamá, papá o tutor; `stay` leads to the stay."""
    data = f"{stay}data__"
    return Q(**{f"{data}confirmed_at__isnull": False, f"{data}guardian_contact__contains": "@"})


def due_looks(now: datetime) -> QuerySet[NextLook]:
    """Return the stays that are to be looked at now; those of a closed plantel wait until it opens again."""
    return NextLook.objects.filter(at__lte=now, enrollment__plantel__is_active=True)


def planteles_to_sweep() -> QuerySet[Any]:
    """Return the active planteles with `next_look_at`, the same for all, and `staff_told_on`: one query.

    The earliest moment stands first in the index, however many looks the planner believes to be due: finding
    that none is costs next to nothing.
    """
    runs = DailyRun.objects.filter(plantel=OuterRef("pk"), job=DailyJob.STAFF_MAIL)
    return Plantel.objects.filter(is_active=True).annotate(
        next_look_at=Subquery(NextLook.objects.order_by("at").values("at")[:1]),
        staff_told_on=Subquery(
            runs.order_by().values("plantel").annotate(last=Max("day")).values("last")
        ),
    )


@dataclass(frozen=True)
class Group:
    """Planteles with one clock and one calendar: what is due in them is worked out together."""

    zone: ZoneInfo
    calendar: Calendar
    planteles: Collection[int]


def groups(planteles: Collection[int]) -> list[Group]:
    """Put together the planteles whose clock and days off are the same."""
    own = own_days(planteles)
    alike: dict[tuple[str, tuple[date, ...]], list[int]] = defaultdict(list)
    for place in Plantel.objects.filter(pk__in=planteles).only("time_zone"):
        alike[place.time_zone, tuple(own[place.pk])].append(place.pk)
    return [
        Group(ZoneInfo(zone), Calendar(own[members[0]]), frozenset(members))
        for (zone, _), members in alike.items()
    ]


@dataclass(frozen=True)
class Batch:
    """Some stays of one group and one ciclo that are looked at together, at one moment.

    `deadlines` has the deadline of each. Few dates occur among them, as few as there were days of enrolment: what
    follows from a date is worked out once and handed to the database as a table.
    """

    group: Group
    cycle: SchoolCycle
    deadlines: Mapping[int, date | None]
    now: datetime
    steps: Sequence[Step]

    @cached_property
    def due_dates(self) -> frozenset[date]:
        """The dates that occur."""
        return frozenset(day for day in self.deadlines.values() if day is not None)

    @cached_property
    def today(self) -> date:
        """The planteles' own day."""
        return self.now.astimezone(self.group.zone).date()

    @property
    def copied(self) -> Step | None:
        """The step of which mamá, papá o tutor gets a copy, if there is one."""
        return next((one for one in self.steps if one.copies_guardian), None)

    @cached_property
    def rungs(self) -> Mapping[date, Sequence[Rung]]:
        """The ladder to each deadline."""
        is_business = self.cycle.acuse_day_count == DayCount.BUSINESS
        days = self.group.calendar if is_business else NATURAL_DAYS
        return {day: ladder(day, days, self.group.zone, self.steps) for day in self.due_dates}

    @cached_property
    def open_rungs(self) -> Mapping[date, str]:
        """What each deadline lets be said now; those that let nothing be said are not in it."""
        found = {day: open_rung(rungs, self.now) for day, rungs in self.rungs.items()}
        return {day: rung.step for day, rung in found.items() if rung is not None}

    def days_with(self, key: str) -> list[date]:
        """The deadlines to which this step leads."""
        return [day for day, rungs in self.rungs.items() if key in {rung.step for rung in rungs}]

    def later(self, *, was_told_today: bool) -> Mapping[date, datetime | None]:
        """When each deadline is looked at again: after its open rung was said, or while it has to wait."""
        zone = self.group.zone
        if not was_told_today:
            return {day: next_opening(rungs, self.now) for day, rungs in self.rungs.items()}
        return {
            day: next_look(Standing(True, rungs, was_told_today=True), self.now, zone)
            for day, rungs in self.rungs.items()
        }


def steps_in_use() -> tuple[Step, ...]:
    """Return the table of steps in use."""
    return steps_of(current_text(TextKind.ESCALERA).fields)


def batches(looks: QuerySet[NextLook], *, now: datetime) -> list[Batch]:
    """Sort the stays of these looks into what can be looked at together."""
    rows = list(
        looks.values_list(
            "pk", "enrollment__plantel", "enrollment__cycle", due_on_of("enrollment__")
        )
    )
    group_of = {
        plantel: group
        for group in groups({plantel for _, plantel, _, _ in rows})
        for plantel in group.planteles
    }
    cycles = SchoolCycle.objects.in_bulk({cycle for _, _, cycle, _ in rows})
    parts: dict[tuple[int, int], dict[int, date | None]] = defaultdict(dict)
    for pk, plantel, cycle, due_on in rows:
        parts[id(group_of[plantel]), cycle][pk] = due_on
    by_id = {id(group): group for group in group_of.values()}
    steps = steps_in_use() if rows else ()
    return [
        Batch(by_id[group], cycles[cycle], due_dates, now, steps)
        for (group, cycle), due_dates in parts.items()
    ]


def standing(batch: Batch, scope: QuerySet[Enrollment]) -> QuerySet[Any]:
    """Add to stays of the batch what decides whether there is something to say.

    `rung` is the step that the deadline lets be said, `is_rung_noted` whether the ledger has it, `draft_at` when
    an unconfirmed file came in that was not spoken of, `was_told_today` whether the day's one reminder is used up.
    """
    ledger = Reminder.objects.filter(enrollment=OuterRef("pk"))
    draft = Acuse.objects.filter(
        request__enrollment=OuterRef("pk"), state=AcuseState.DRAFT
    ).order_by("-version")
    zone = batch.group.zone
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


def rungs_to_tell(batch: Batch) -> QuerySet[Any]:
    """Return the students of the batch who are told of their deadline now, with what.

    `step`, `round_on` and `message` are the line of the ledger; `email` is empty where nobody can be reached. Who
    has a file to confirm is told that instead, in the same place of the ledger.
    """
    return (
        _untold(batch, Enrollment.objects.filter(Among("pk", batch.deadlines)))
        .filter(_RUNG_DUE)
        .annotate(
            kind=Value(ReminderKind.ACUSE),
            step=F("rung"),
            round_on=F("due_on"),
            message=Case(
                When(draft_uploaded_at__isnull=False, then=Value(DRAFT_MESSAGE)),
                *(When(rung=step.key, then=Value(step.message)) for step in batch.steps),
                output_field=CharField(),
            ),
        )
    )


def drafts_to_tell(batch: Batch) -> QuerySet[Any]:
    """Return the students of the batch who are told of the file they did not confirm, likewise.

    The deadline goes first: whose rung is open is not among them.
    """
    waiting_since = batch.now - UNCONFIRMED_AFTER
    drafts = Acuse.objects.filter(
        Among("request__enrollment", batch.deadlines),
        state=AcuseState.DRAFT,
        created_at__lte=waiting_since,
    )
    # Read first: they are few, and the planner believes them to be many.
    stays = drafts.values_list("request__enrollment", flat=True)
    scope = Enrollment.objects.filter(Among("pk", stays))
    return (
        _untold(batch, scope)
        .filter(~_RUNG_DUE, stage=Stage.S_04B, is_draft_noted=False)
        .annotate(
            kind=Value(ReminderKind.DRAFT),
            step=Value(ReminderStep.ONCE),
            round_on=F("draft_day"),
            message=Value(DRAFT_MESSAGE),
        )
    )


def copies_to_tell(batch: Batch, step: Step) -> QuerySet[Any]:
    """Return of `rungs_to_tell` those whose mamá, papá o tutor gets a copy of that step now, once a round."""
    noted = Reminder.objects.filter(
        kind=ReminderKind.GUARDIAN, enrollment=OuterRef("pk"), round_on=OuterRef("due_on")
    )
    return (
        rungs_to_tell(batch)
        .filter(leaves_copy(), ~Exists(noted), step=step.key, message=step.message)
        .exclude(data__guardian_contact__iexact=F("email"))
    )


def _untold(batch: Batch, scope: QuerySet[Enrollment]) -> QuerySet[Any]:
    untold = standing(batch, scope).filter(was_told_today=False)
    return waiting_for_acuse(untold).annotate(email=EMAIL)


def looked_at_again(batch: Batch, scope: QuerySet[Enrollment]) -> QuerySet[Any]:
    """Add `look_at` to stays that are of the batch, and leave out who is never looked at again.

    It is followup.ladder.next_look, worked out by the database.
    """
    waits_for_morning = Q(draft_uploaded_at__lte=batch.now - UNCONFIRMED_AFTER)
    rung_at = Case(
        When(_RUNG_DUE, then=_by_date(batch.later(was_told_today=True), DateTimeField())),
        default=_by_date(batch.later(was_told_today=False), DateTimeField()),
        output_field=DateTimeField(),
    )
    draft_at = Case(
        When(
            Q(is_draft_noted=True) | ~Q(stage=Stage.S_04B), then=Cast(Value(None), DateTimeField())
        ),
        When(waits_for_morning, then=Value(next_morning(batch.now, batch.group.zone))),
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


def lines_of(now: datetime) -> Iterator[str]:
    """Say, a line each, who is told what now and why; neither CURP nor NSS."""
    for batch in batches(due_looks(now), now=now):
        zone = batch.group.zone
        if is_quiet(now, zone):
            until = end_of_quiet(now, zone).astimezone(zone)
            yield f"{len(batch.deadlines)} esperan hasta las {until:%H:%M} ({zone})"
            continue
        for due in (rungs_to_tell(batch), drafts_to_tell(batch)):
            for stay in due.select_related("plantel").order_by(*_IN_ORDER):
                how = "correo" if stay.email else "sin correo"
                yield f"{stay.plantel.number} {stay.matricula} {stay.message} {how}: {_why(stay, batch)}"
        yield from _copies(batch)


def _copies(batch: Batch) -> Iterator[str]:
    if (step := batch.copied) is None:
        return
    copies = copies_to_tell(batch, step).select_related("plantel", "student")
    for stay in copies.order_by(*_IN_ORDER):
        if is_minor(stay.student, today=batch.today):
            yield f"{stay.plantel.number} {stay.matricula} {GUARDIAN_MESSAGE} {_COPY}"


def _why(stay: Any, batch: Batch) -> str:
    if stay.kind == ReminderKind.DRAFT:
        return f"subió un archivo el {weekday_date(stay.round_on)} y no lo confirmó"
    day = {step.key: step_day(step.offset) for step in batch.steps}[stay.step]
    return f"{day}, su plazo es el {weekday_date(stay.round_on)}"
