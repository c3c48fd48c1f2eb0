"""The sweep that reminds: what is due goes into the ledger and into the outbox in one transaction."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import (
    Cast,
    Coalesce,
    Concat,
    JSONObject,
    NullIf,
    StrIndex,
    Substr,
    Trim,
    TruncDate,
)

from common.bulk import Among, insert_from_query, inserted_from_query
from common.dates import WEEKDAYS
from common.quiet_hours import end_of_quiet, is_quiet
from followup.ladder import end_of_day
from followup.models import Reminder
from followup.queries.reminders import (
    DRAFT_MESSAGE,
    GUARDIAN_MESSAGE,
    Batch,
    batches,
    drafts_to_tell,
    due_looks,
    leaves_copy,
    looked_at_again,
    rungs_to_tell,
)
from followup.states import ReminderChannel, ReminderKind, ReminderOutcome, ReminderStep
from notices.actions.bulk import queue_from_query
from nss.states import AcuseState
from students.models import Enrollment, NextLook

MOST_AT_ONCE = 100_000
"""So many stays in one transaction: what is done stays done when a worker dies."""

SWEPT = (ReminderKind.ACUSE, ReminderKind.DRAFT, ReminderKind.GUARDIAN)
TRUE_TODAY = ("M-03", "M-04", "M-20")
"""Messages that speak of today or tomorrow: a late relay must not deliver them a day later."""

# Over lines of the ledger: who gets the mail.
_EMAIL = Coalesce(
    NullIf(F("enrollment__data__email"), Value("")),
    F("enrollment__roster_email"),
    output_field=CharField(),
)
_GUARDIAN = F("enrollment__data__guardian_contact")
_GIVEN = F("enrollment__student__given_names")
_FIRST_NAME = Substr(_GIVEN, 1, StrIndex(Concat(_GIVEN, Value(" ")), Value(" ")) - 1)
_NAME = Trim(
    Concat(
        *(_GIVEN, Value(" "), F("enrollment__student__first_surname")),
        *(Value(" "), F("enrollment__student__second_surname")),
    )
)
_CONTACT = Concat(
    F("enrollment__plantel__room"),
    Case(
        When(Q(enrollment__plantel__room="") | Q(enrollment__plantel__email=""), then=Value("")),
        default=Value(", "),
    ),
    F("enrollment__plantel__email"),
    output_field=CharField(),
)
_GUARDIAN_NAME = Concat(Value("mamá, papá o tutor de "), _FIRST_NAME)


@dataclass(frozen=True)
class Reminded:
    """What a sweep wrote: lines of the ledger, and how many of them went into the outbox."""

    noted: int = 0
    queued: int = 0

    def __add__(self, other: "Reminded") -> "Reminded":
        return Reminded(self.noted + other.noted, self.queued + other.queued)


def remind_students(*, now: datetime) -> Reminded:
    """Tell every student what is due until now; a second time finds nothing.

    Of several rungs missed in an outage the latest that is still true is told and the others are noted as passed
    over. In the quiet hours of a plantel its students wait for seven. Two sweeps at once share the work, and a
    stay that an action is changing is left to the next tick.
    """
    total = Reminded()
    while True:
        found, reminded = _remind_some(now=now)
        total += reminded
        if found < MOST_AT_ONCE:
            return total


@transaction.atomic
def _remind_some(*, now: datetime) -> tuple[int, Reminded]:
    held = due_looks(now).select_for_update(of=("self",), skip_locked=True)
    found, total = 0, Reminded()
    for batch in batches(held[:MOST_AT_ONCE], now=now):
        found += len(batch.deadlines)
        if is_quiet(now, batch.group.zone):
            looks = NextLook.objects.filter(Among("pk", batch.deadlines))
            looks.update(at=end_of_quiet(now, batch.group.zone))
        else:
            total += _remind_batch(batch)
    return found, total


def _remind_batch(batch: Batch) -> Reminded:
    mark = Reminder.objects.aggregate(last=Max("pk"))["last"] or 0
    fresh = Reminder.objects.filter(
        pk__gt=mark,
        kind__in=SWEPT,
        created_at=batch.now,
        enrollment__plantel__in=batch.group.planteles,
        enrollment__cycle=batch.cycle,
    )
    told = _note(rungs_to_tell(batch), batch) | _note(drafts_to_tell(batch), batch)
    queued, messages = 0, set(told.values())
    if told:
        _note_passed(fresh, messages, batch)
        if _note_guardians(fresh, messages, batch):
            messages.add(GUARDIAN_MESSAGE)
        queued = _queue(fresh, messages, batch)
        _move_on(told, batch)
    _put_off(batch.deadlines.keys() - told, batch)
    return Reminded(len(told), queued)


def _note(due: QuerySet[Any], batch: Batch) -> dict[int, str]:
    """One line for each student who is told something now, or who has no mailbox; returns the message of each."""
    is_reachable = ~Q(email="")
    columns = {
        "enrollment_id": F("pk"),
        **{name: F(name) for name in ("kind", "step", "round_on", "message")},
        "outcome": _told_if(is_reachable, ReminderOutcome.TOLD, ReminderOutcome.NO_EMAIL),
        "channel": _told_if(is_reachable, ReminderChannel.MAIL, ""),
        "day": batch.today,
        "created_at": batch.now,
    }
    # In an order of its own, for `due` looks into the ledger (see insert_from_query).
    in_order = due.order_by(F("pk") + 0)
    return dict(inserted_from_query(Reminder, in_order, columns, ("enrollment_id", "message")))


def _note_passed(fresh: QuerySet[Reminder], messages: Collection[str], batch: Batch) -> None:
    """What the line just written makes superfluous: the rungs below it, and the reminder of the same draft."""
    ladder, said = fresh.filter(kind=ReminderKind.ACUSE), set(batch.open_rungs.values())
    for at, step in enumerate(batch.steps):
        above = [one.key for one in batch.steps[at + 1 :]]
        days = batch.days_with(step.key)
        if days and said.intersection(above):
            _pass_over(
                ladder.filter(step__in=above, round_on__in=days),
                {"kind": ReminderKind.ACUSE, "step": step.key, "round_on": F("round_on")},
                batch,
            )
    if DRAFT_MESSAGE not in messages:
        return
    draft_day = TruncDate("enrollment__nss_request__acuses__created_at", tzinfo=batch.group.zone)
    _pass_over(
        ladder.filter(
            message=DRAFT_MESSAGE, enrollment__nss_request__acuses__state=AcuseState.DRAFT
        ),
        {"kind": ReminderKind.DRAFT, "step": ReminderStep.ONCE, "round_on": draft_day},
        batch,
    )


def _pass_over(source: QuerySet[Reminder], columns: dict[str, Any], batch: Batch) -> None:
    shared = {
        "enrollment_id": F("enrollment_id"),
        "outcome": ReminderOutcome.SKIPPED,
        "day": batch.today,
        "created_at": batch.now,
    }
    insert_from_query(Reminder, source, {**columns, **shared})


def _note_guardians(fresh: QuerySet[Reminder], messages: Collection[str], batch: Batch) -> int:
    """Who left an e-mail of mamá, papá o tutor in confirmed data: a copy to that mailbox, once a round."""
    step = batch.copied
    if step is None or step.message not in messages:
        return 0
    told = fresh.filter(leaves_copy("enrollment__"), step=step.key, message=step.message)
    source = told.exclude(enrollment__data__guardian_contact__iexact=_EMAIL)
    return insert_from_query(
        Reminder,
        source,
        {
            "enrollment_id": F("enrollment_id"),
            "kind": ReminderKind.GUARDIAN,
            "step": ReminderStep.BEFORE,
            "round_on": F("round_on"),
            "outcome": ReminderOutcome.TOLD,
            "channel": ReminderChannel.MAIL,
            "message": GUARDIAN_MESSAGE,
            "day": batch.today,
            "created_at": batch.now,
        },
    )


def _queue(fresh: QuerySet[Reminder], messages: Collection[str], batch: Batch) -> int:
    """One mail for each line just told; each message carries only what its words need."""
    told = fresh.filter(outcome=ReminderOutcome.TOLD)
    contexts = _contexts(batch)
    closes_at = end_of_day(batch.now, batch.group.zone)
    return sum(
        queue_from_query(
            told.filter(message=message),
            {
                "key": Concat(Value("reminder:"), Cast("pk", CharField())),
                "message": message,
                "about": Concat(Value("enrollment:"), Cast("enrollment_id", CharField())),
                "plantel_id": F("enrollment__plantel_id"),
                "to_email": _GUARDIAN if message == GUARDIAN_MESSAGE else _EMAIL,
                "to_name": _GUARDIAN_NAME if message == GUARDIAN_MESSAGE else _NAME,
                "context": JSONObject(**contexts[message]),
                **({"expires_at": closes_at} if message in TRUE_TODAY else {}),
            },
            now=batch.now,
        )
        for message in sorted(messages)
    )


def _contexts(batch: Batch) -> dict[str, dict[str, Any]]:
    tomorrow = batch.today + timedelta(days=1)
    weekday = Case(
        *(
            When(round_on=day, then=Value(WEEKDAYS[day.weekday()]))
            for day in batch.due_dates
            if day != tomorrow
        ),
        default=Value(""),
        output_field=CharField(),
    )
    return {
        "M-03": {"due_on": F("round_on"), "weekday": weekday},
        "M-04": {},
        "M-05": {"due_on": F("round_on")},
        "M-07": {},
        "M-20": {"first_name": _FIRST_NAME, "due_on": F("round_on"), "contact": _CONTACT},
    }


def _move_on(told: Collection[int], batch: Batch) -> None:
    """Who was told something is looked at again when the next rung opens; above the last one, never."""
    following = batch.later(was_told_today=False)
    at: dict[datetime | None, list[int]] = defaultdict(list)
    for pk in told:
        due_on = batch.deadlines[pk]
        at[following[due_on] if due_on else None].append(pk)
    NextLook.objects.filter(Among("pk", at.pop(None, []))).delete()
    for moment, stays in at.items():
        NextLook.objects.filter(Among("pk", stays)).update(at=moment)


def _put_off(silent: Collection[int], batch: Batch) -> None:
    """Who was told nothing is looked at again when there may be something to say, or never."""
    if not silent:
        return
    waiting = Enrollment.objects.filter(Among("pk", silent))
    at: dict[datetime, list[int]] = defaultdict(list)
    for pk, moment in looked_at_again(batch, waiting).values_list("pk", "look_at"):
        if moment is not None:
            at[moment].append(pk)
    for moment, stays in at.items():
        NextLook.objects.filter(Among("pk", stays)).update(at=moment)
    never = set(silent).difference(*at.values())
    NextLook.objects.filter(Among("pk", never)).delete()


def _told_if(condition: Q, yes: str, no: str) -> Case:
    return Case(When(condition, then=Value(yes)), default=Value(no), output_field=CharField())
