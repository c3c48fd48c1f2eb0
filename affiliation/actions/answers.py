"""What IMSS answered: applied or rejected, for many at once; taken back one by one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from affiliation.actions.errors import AnswersRefused, BatchRefused
from affiliation.actions.work import open_data
from affiliation.models import AltaOrder, Batch, Movement
from affiliation.queries.answers import answers_of, reply_to
from affiliation.queries.sending import insuring
from affiliation.queries.undo import former_alta, stands_on
from affiliation.relation import Answer
from affiliation.states import (
    BATCH_MOVES,
    MOVEMENT_MOVES,
    BatchState,
    MovementKind,
    MovementState,
)
from common.bulk import Among
from common.transitions import check
from notices.actions import Draft, cancel, queue_many
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import about, recipient_of
from school.models import User
from students import timeline
from students.actions.reminders import hold_stays
from students.actions.roster_copy import Same, tables
from students.models import Enrollment, TimelineEntry
from students.states import EnrollmentState, Event

NOT_SENT = "Marcar primero el lote como enviado al IMSS"


@transaction.atomic
def answer_movements(batch: Batch, answers: Iterable[Answer], *, by: User, now: datetime) -> Batch:
    """Note what IMSS answered, all of it or nothing; what was said before in the same words changes nothing.

    Who is insured now and has not left is told after the undo window; a rejected alta opens the student's data again
    and is work for the plantel. The last answer ends the batch. Raises BatchRefused before the batch is sent,
    AnswersRefused.
    """
    batch = lock_sent(batch)
    reply = reply_to(batch, answers)
    if not reply.is_clean:
        raise AnswersRefused(reply.findings)
    return note_answers(batch, reply.new, by=by, now=now)


def lock_sent(batch: Batch) -> Batch:
    """Hold a batch that IMSS has. Raises BatchRefused before it is sent."""
    batch = _lock(batch)
    if batch.state not in {BatchState.SENT, BatchState.ANSWERED}:
        raise BatchRefused(NOT_SENT)
    return batch


@transaction.atomic
def note_answers(batch: Batch, new: Mapping[str, Answer], *, by: User, now: datetime) -> Batch:
    """Do what the answers say, by reference, as Reply.new gives them of a batch that is held."""
    movements = _held(batch, new)
    applied = [one for one in movements if new[one.reference].is_applied]
    rejected = [one for one in movements if not new[one.reference].is_applied]
    if batch.kind == MovementKind.ALTA:
        _insure(applied, now=now)
        open_data([one.enrollment_id for one in rejected])
    else:
        _end_cover([one.enrollment for one in applied])
    _write_answers(movements, new, by=by, now=now)
    carried = AltaOrder.objects.filter(Among("movement", [one.pk for one in rejected]))
    carried.filter(is_needed=True).update(movement=None)
    _record(batch, movements, new, by=by, now=now)
    _close(batch, by=by, now=now)
    return batch


@transaction.atomic
def undo_answer(movement: Movement, *, by: User, now: datetime) -> Movement:
    """Take back what IMSS answered about one movement; its mail is stopped if it has not left yet.

    Raises TransitionNotAllowed without an answer, BatchRefused once something later stands on it.
    """
    batch = _lock(movement.batch)
    _hold_stays_of(batch.movements.filter(pk=movement.pk))
    movement = batch.movements.select_related("enrollment__student", "enrollment__plantel").get(
        pk=movement.pk
    )
    before = movement.state
    check(MOVEMENT_MOVES, before, MovementState.IN_BATCH)
    if sentence := stands_on(movement):
        raise BatchRefused(sentence)
    if batch.state == BatchState.ANSWERED:
        check(BATCH_MOVES, batch.state, BatchState.SENT)
        batch.state, batch.answered_at, batch.answered_by = BatchState.SENT, None, None
        batch.save(update_fields=["state", "answered_at", "answered_by"])
    _take_back(movement, batch)
    cancel(about(movement.enrollment), messages=["M-12"])
    data = {"folio": batch.folio, "from": before, "reason": movement.rejection}
    timeline.record(movement.enrollment, Event.IMSS_ANSWER_UNDONE, by=by, at=now, data=data)
    _reset(movement)
    return movement


def _lock(batch: Batch) -> Batch:
    return Batch.objects.select_for_update(of=("self",)).select_related("plantel").get(pk=batch.pk)


def _held(batch: Batch, references: Iterable[str]) -> list[Movement]:
    found = batch.movements.filter(Among("reference", list(references))).order_by("position")
    _hold_stays_of(found)
    related = found.select_related("enrollment__student", "enrollment__data", "alta_order")
    return list(related.prefetch_related("enrollment__plantel"))  # one for all of them


def _hold_stays_of(movements: QuerySet[Movement]) -> None:
    """All that an answer may change: the alta in force may be that of an older stay of the student.

    Held together, and so in the order of all: who undoes a traslado holds the older stay and then the newer.
    """
    students = movements.order_by().values("enrollment__student")
    theirs = Movement.objects.filter(enrollment__student__in=students).order_by()
    hold_stays(theirs.values_list("enrollment", flat=True).distinct())


def _insure(movements: Sequence[Movement], *, now: datetime) -> None:
    """From now on these altas are the ones in force; nobody is told who was insured before, or has left meanwhile."""
    older = insuring([one.enrollment for one in movements])
    Movement.objects.filter(Among("pk", [one.pk for one in older])).update(is_in_force=False)
    drafts = [
        Draft(
            key=f"movement:{one.pk}:M-12:{now.isoformat()}",
            message="M-12",
            to=recipient_of(one.enrollment),
            plantel=one.enrollment.plantel,
            about=about(one.enrollment),
            context={},
            not_before=now + UNDO_WINDOW,
        )
        for one in movements
        if one.enrollment.state == EnrollmentState.ACTIVE and not hasattr(one, "alta_order")
    ]
    queue_many(drafts, now=now)


def _end_cover(stays: Sequence[Enrollment]) -> None:
    """IMSS applied their baja: no alta is in force any more, and their data are their own again."""
    ended = insuring(stays)
    Movement.objects.filter(Among("pk", [one.pk for one in ended])).update(is_in_force=False)
    open_data([stay.pk for stay in stays] + [one.enrollment_id for one in ended])


def _write_answers(
    movements: Sequence[Movement], answers: Mapping[str, Answer], *, by: User, now: datetime
) -> None:
    said = [answers[one.reference] for one in movements]
    keys = [one.pk for one in movements]
    states = [
        MovementState.APPLIED.value if one.is_applied else MovementState.REJECTED.value
        for one in said
    ]
    tables().update_rows(
        Movement,
        keys,
        {"state": states, "rejection": ["" if one.is_applied else one.reason for one in said]},
    )
    answered = Movement.objects.filter(Among("pk", keys))
    answered.update(answered_at=now, answered_by=by)
    answered.filter(kind=MovementKind.ALTA, state=MovementState.APPLIED).update(is_in_force=True)


def _record(
    batch: Batch,
    movements: Sequence[Movement],
    answers: Mapping[str, Answer],
    *,
    by: User,
    now: datetime,
) -> None:
    said = [answers[one.reference] for one in movements]
    told = {"folio": batch.folio, "kind": batch.get_kind_display()}
    applied, rejected = Event.MOVEMENT_APPLIED.value, Event.MOVEMENT_REJECTED.value
    tables().insert_rows(
        TimelineEntry,
        {
            "enrollment_id": [one.enrollment_id for one in movements],
            "event": [applied if one.is_applied else rejected for one in said],
            "at": Same(now),
            "by_id": Same(by.pk),
            "data": [told | {"reason": "" if one.is_applied else one.reason} for one in said],
        },
        count=len(movements),
    )


def _close(batch: Batch, *, by: User, now: datetime) -> None:
    is_over = not batch.movements.filter(state=MovementState.IN_BATCH).exists()
    if batch.state == BatchState.SENT and is_over:
        check(BATCH_MOVES, batch.state, BatchState.ANSWERED)
        batch.state, batch.answered_at, batch.answered_by = BatchState.ANSWERED, now, by
        batch.save(update_fields=["state", "answered_at", "answered_by"])
        _forget_lists(batch)


def _forget_lists(batch: Batch) -> None:
    """A list that says nothing but what is registered is done with; one that says otherwise waits to be looked at."""
    for one in batch.answer_lists.select_for_update(of=("self",)).order_by("pk"):
        if reply_to(batch, answers_of(one)).is_clean:
            one.delete()


def _take_back(movement: Movement, batch: Batch) -> None:
    """What the answer changed about other rows is as it was before."""
    stay = movement.enrollment
    is_alta = batch.kind == MovementKind.ALTA
    if is_alta and movement.state == MovementState.REJECTED:
        Enrollment.objects.filter(pk=stay.pk).update(sent_to_imss_at=batch.made_at)
        waiting = AltaOrder.objects.filter(enrollment=stay, movement__isnull=True)
        waiting.filter(ordered_at__lte=batch.made_at).update(movement=movement)
    elif movement.state == MovementState.APPLIED:
        Movement.objects.filter(pk=movement.pk).update(is_in_force=False)
        if (former := former_alta(movement)) is not None:
            Movement.objects.filter(pk=former.pk).update(is_in_force=True)
            Enrollment.objects.filter(pk=former.enrollment_id).update(
                sent_to_imss_at=former.batch.made_at
            )


def _reset(movement: Movement) -> None:
    movement.state, movement.is_in_force, movement.rejection = MovementState.IN_BATCH, False, ""
    movement.answered_at = movement.answered_by = None
    movement.corrected_at = movement.corrected_by = None
    movement.save(
        update_fields=[
            *("state", "is_in_force", "rejection"),
            *("answered_at", "answered_by", "corrected_at", "corrected_by"),
        ]
    )
