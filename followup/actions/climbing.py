"""The cases that nobody moves climb: responsable, suplente, administration, dirección; each step of a round once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from followup.climb import Step, steps_reached
from followup.ladder import end_of_day
from followup.models import DailyRun, Escalation, EscalationStep
from followup.queries.escalations import cases_to_climb, days_still
from followup.states import ClimbStep, DailyJob, StepOutcome
from notices.actions import Draft, Recipient, queue_many
from school.models import Membership, Plantel
from school.queries.planteles import calendars_of
from school.states import Role

Climbing = tuple[Escalation, Step]


@dataclass(frozen=True)
class Reader:
    """Who is told, by which mail; `key` names the reader in the key of the mail."""

    key: str
    to: Recipient
    message: str = "M-22"


Readers = dict[tuple[int | None, str], list[Reader]]


@transaction.atomic
def escalate_cases(planteles: Sequence[Plantel], *, now: datetime) -> int:
    """Write the steps that the planteles' cases reached, and M-22 to each person with the folios.

    Once per plantel and local day; nothing on a day that does not count. Administration, which opens no cases,
    is told how many they are, and so is dirección, by a mail of its own to the plantel's address. A fixed number of
    statements; returns how many mails.
    """
    fresh = _begin_day(planteles, now=now)
    calendars = calendars_of(fresh)
    working = [
        one for one in fresh if calendars[one.pk].is_working(now.astimezone(one.zone).date())
    ]
    lines, told = list[EscalationStep](), list[Climbing]()
    readers = _readers(working)
    for case in cases_to_climb(working):
        days = days_still(case, calendars[case.plantel_id], now=now)
        step, passed = steps_reached(days, {line.step for line in case.noted})  # type: ignore[attr-defined]
        lines += [_line(case, one, StepOutcome.SKIPPED, now=now) for one in passed]
        if step is not None:
            is_told = bool(readers[case.plantel_id, step.name])
            outcome = StepOutcome.TOLD if is_told else StepOutcome.NOBODY
            lines.append(_line(case, step, outcome, now=now))
            told.append((case, step))
    EscalationStep.objects.bulk_create(lines, ignore_conflicts=True)
    return queue_many(_drafts(told, readers, now=now), now=now)


def _begin_day(planteles: Sequence[Plantel], *, now: datetime) -> list[Plantel]:
    """The planteles whose day nobody has begun, locked while it is: of two clocks one finds them."""
    keys = [one.pk for one in planteles]
    locked = list(
        Plantel.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
    )
    days = {one.pk: now.astimezone(one.zone).date() for one in locked}
    runs = DailyRun.objects.filter(
        job=DailyJob.ESCALATION, plantel__in=keys, day__in=set(days.values())
    )
    done = set(runs.values_list("plantel", "day"))
    fresh = [one for one in locked if (one.pk, days[one.pk]) not in done]
    DailyRun.objects.bulk_create(
        DailyRun(job=DailyJob.ESCALATION, plantel=one, day=days[one.pk], created_at=now)
        for one in fresh
    )
    return fresh


def _readers(planteles: Sequence[Plantel]) -> Readers:
    """Who is told at each step in each plantel; dirección where its address is known."""
    found = defaultdict[tuple[int | None, str], list[Reader]](list)
    for plantel in planteles:
        if plantel.direction_email:
            to = Recipient(plantel.direction_email, f"Dirección, {plantel}")
            reader = Reader(f"direction:{plantel.pk}", to, "M-22b")
            found[plantel.pk, ClimbStep.DIRECTION].append(reader)
    members = Membership.objects.filter(
        role__in=(Role.RESPONSABLE, Role.ADMIN), user__is_active=True
    ).select_related("user")
    for one in members.order_by("pk"):
        reader = Reader(str(one.user_id), Recipient(one.user.email, one.user.name))
        if one.role == Role.ADMIN:
            for plantel in planteles:
                found[plantel.pk, ClimbStep.ADMIN].append(reader)
        else:
            step = ClimbStep.SUBSTITUTE if one.is_substitute else ClimbStep.RESPONSABLE
            found[one.plantel_id, step].append(reader)
    return found


def _line(case: Escalation, step: Step, outcome: StepOutcome, *, now: datetime) -> EscalationStep:
    return EscalationStep(
        escalation=case, round=case.round, step=step.name, outcome=outcome, created_at=now
    )


def _drafts(told: Iterable[Climbing], readers: Readers, *, now: datetime) -> list[Draft]:
    """One mail a reader, grouped by plantel."""
    mine = defaultdict[Reader, list[Climbing]](list)
    for case, step in told:
        for reader in readers[case.plantel_id, step.name]:
            mine[reader].append((case, step))
    return [_draft(reader, cases, now=now) for reader, cases in mine.items()]


def _draft(reader: Reader, cases: Sequence[Climbing], *, now: datetime) -> Draft:
    first = cases[0][0].plantel
    fewest = min(step.days for _, step in cases)
    context: dict[str, Any] = {"cases": len(cases), "dias": f"{fewest} días hábiles"}
    context |= {"lista": _list_of(cases)} if reader.message == "M-22" else {"plantel": str(first)}
    day = now.astimezone(first.zone).date()
    return Draft(
        key=f"stale:{reader.key}:{day.isoformat()}:{first.pk}",
        message=reader.message,
        to=reader.to,
        plantel=first if all(case.plantel == first for case, _ in cases) else None,
        about="",
        context=context,
        expires_at=end_of_day(now, first.zone),
    )


def _list_of(cases: Sequence[Climbing]) -> str:
    """The folios by plantel, or how many they are for who opens no cases."""
    by_plantel = defaultdict[str, list[str]](list)
    for case, _ in cases:
        by_plantel[str(case.plantel)].append(case.report.folio)
    is_counted = any(step.name == ClimbStep.ADMIN for _, step in cases)
    return "\n".join(
        f"{name}: {len(folios) if is_counted else ', '.join(folios)}"
        for name, folios in by_plantel.items()
    )
