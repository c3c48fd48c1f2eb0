"""What staff does about one student: what IMSS rejected is corrected, an alta is sent again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from affiliation.models import AltaOrder, Movement
from affiliation.states import MovementKind, MovementState
from common.bulk import Among
from common.transitions import TransitionNotAllowed
from school.models import User
from students import timeline
from students.actions.reminders import hold_stays
from students.models import Enrollment
from students.states import Event

REASON_LETTERS = 200


def open_data(stays: Collection[int]) -> None:
    """Give students their data back, by the id of their stays: but not while an alta is in force by them."""
    in_force = Movement.objects.filter(enrollment=OuterRef("pk"), is_in_force=True)
    open_stays = Enrollment.objects.filter(Among("pk", stays)).filter(~Exists(in_force))
    open_stays.update(sent_to_imss_at=None)


@transaction.atomic
def correct_movement(movement: Movement, *, by: User, now: datetime) -> Movement:
    """Note that what IMSS named is put right: the student is in the next batch.

    Raises TransitionNotAllowed when the movement is not rejected, or somebody said so first.
    """
    hold_stays([movement.enrollment_id])
    movement = (
        Movement.objects.select_for_update(of=("self",)).select_related("batch").get(pk=movement.pk)
    )
    if movement.state != MovementState.REJECTED or movement.corrected_at is not None:
        raise TransitionNotAllowed(movement.state, movement.state)
    movement.corrected_at, movement.corrected_by = now, by
    movement.save(update_fields=["corrected_at", "corrected_by"])
    data = {"folio": movement.batch.folio, "reason": movement.rejection}
    timeline.record(movement.enrollment, Event.MOVEMENT_CORRECTED, by=by, at=now, data=data)
    return movement


@transaction.atomic
def order_alta_again(enrollment: Enrollment, *, reason: str, by: User, now: datetime) -> AltaOrder:
    """Put the student into the next batch of altas, insured or not; ordered already, it is ordered once.

    An alta that stands in a batch without an answer is the one that was asked for.
    """
    hold_stays([enrollment.pk])
    orders = AltaOrder.objects.filter(enrollment=enrollment)
    open_order = orders.filter(movement__isnull=True) | orders.filter(
        movement__state=MovementState.IN_BATCH
    )
    if (found := open_order.first()) is not None:
        return _needed(found)
    in_batch = Movement.objects.filter(
        enrollment=enrollment, kind=MovementKind.ALTA, state=MovementState.IN_BATCH
    )
    order = AltaOrder.objects.create(
        enrollment=enrollment,
        reason=reason[:REASON_LETTERS],
        ordered_at=now,
        ordered_by=by,
        movement=in_batch.first(),
    )
    timeline.record(enrollment, Event.ALTA_ORDERED, by=by, at=now, data={"reason": reason})
    return order


@transaction.atomic
def drop_alta_order(enrollment: Enrollment) -> bool:
    """Take back an alta that was ordered again and stands in no batch yet; returns whether there was one.

    One that a batch carries is not ordered another time if IMSS rejects it. Whoever drops it writes down why.
    """
    hold_stays([enrollment.pk])
    orders = AltaOrder.objects.filter(enrollment=enrollment)
    orders.filter(movement__state=MovementState.IN_BATCH).update(is_needed=False)
    dropped, _ = orders.filter(movement__isnull=True).delete()
    return bool(dropped)


def _needed(order: AltaOrder) -> AltaOrder:
    if not order.is_needed:
        order.is_needed = True
        order.save(update_fields=["is_needed"])
    return order
