"""The batches of the planteles, their movements, and what waits to be done about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count, Q, QuerySet

from affiliation.models import Batch, Movement
from affiliation.queries.sending import (
    altas_to_send,
    bajas_to_send,
    wanting_alta,
    wanting_baja,
)
from affiliation.states import BatchState, MovementKind, MovementState
from school.access import Ability, planteles_with
from school.models import Plantel, User
from students.models import Enrollment


def batches_for(user: User, ability: Ability = Ability.AFFILIATE) -> QuerySet[Batch]:
    """Return the batches of the planteles in which the person has the ability, newest first."""
    planteles = planteles_with(user, ability)
    return Batch.objects.filter(plantel__in=planteles).select_related(
        "plantel", "made_by", "sent_by"
    )


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Add how many movements each batch has, by what became of them."""
    return batches.annotate(
        rows=Count("movements"),
        waiting=Count("movements", filter=Q(movements__state=MovementState.IN_BATCH)),
        applied=Count("movements", filter=Q(movements__state=MovementState.APPLIED)),
        rejected=Count("movements", filter=Q(movements__state=MovementState.REJECTED)),
    ).order_by("-made_at", "-pk")


def movements_of(batch: Batch) -> QuerySet[Movement]:
    """Return the movements of a batch in their order, with their students."""
    found = Movement.objects.filter(batch=batch).select_related("enrollment__student")
    return found.order_by("position")


def gone_from(batch: Batch) -> QuerySet[Movement]:
    """Return the movements that wait in a batch whose student should no longer be in it.

    Nor should who is insured all the same, once nobody needs the alta that was ordered again.
    """
    waiting = movements_of(batch).filter(state=MovementState.IN_BATCH)
    waiting = waiting.select_related("enrollment__student", "alta_order")
    is_needless = Q(alta_order__is_needed=False)
    return waiting.filter(is_needless | ~Q(enrollment__in=still_right(batch)))


def of_same_delivery(batch: Batch) -> QuerySet[Batch]:
    """Return the other batches of the plantel that were recorded under the same folio of IMSS."""
    others = Batch.objects.filter(plantel=batch.plantel_id, imss_folio__iexact=batch.imss_folio)
    return others.exclude(pk=batch.pk) if batch.imss_folio else others.none()


def still_right(batch: Batch) -> QuerySet[Enrollment]:
    """Return the stays of the plantel that may be in such a batch."""
    right = wanting_alta() if batch.kind == MovementKind.ALTA else wanting_baja()
    return right.filter(plantel=batch.plantel_id)


def rejected_to_correct(planteles: Iterable[Plantel]) -> QuerySet[Movement]:
    """Return what IMSS rejected and nobody has corrected yet, the oldest first.

    Of who left, or came back, or is insured all the same, nothing is to be sent again.
    """
    where = list(planteles)
    wanted = Q(kind=MovementKind.ALTA, enrollment__in=altas_to_send(*where).values("pk"))
    wanted |= Q(kind=MovementKind.BAJA, enrollment__in=bajas_to_send(*where).values("pk"))
    return (
        Movement.objects.filter(
            wanted,
            batch__plantel__in=where,
            state=MovementState.REJECTED,
            corrected_at__isnull=True,
        )
        .select_related("batch__plantel", "enrollment__student")
        .order_by("answered_at", "pk")
    )


@dataclass(frozen=True)
class ToSend:
    """How many students of a plantel wait for a batch of each kind, ready or not."""

    plantel: Plantel
    altas: int
    bajas: int


def to_send_by_plantel(planteles: Iterable[Plantel]) -> list[ToSend]:
    """Count who waits for a batch in each of these planteles; two queries."""
    where = list(planteles)
    altas, bajas = _by_plantel(altas_to_send(*where)), _by_plantel(bajas_to_send(*where))
    return [ToSend(one, altas.get(one.pk, 0), bajas.get(one.pk, 0)) for one in where]


@dataclass(frozen=True)
class PlantelCounts:
    """How many batches and movements a plantel has, by what became of them."""

    plantel: Plantel
    batches: int
    waiting: int
    applied: int
    rejected: int


def counts_by_plantel(planteles: Iterable[Plantel]) -> list[PlantelCounts]:
    """Count batches and movements of each of these planteles; one query."""
    state = "movements__state"
    live = Batch.objects.filter(plantel__in=planteles).exclude(state=BatchState.DISCARDED)
    found = live.values_list("plantel").annotate(
        batches=Count("pk", distinct=True),
        waiting=Count("movements", filter=Q(**{state: MovementState.IN_BATCH})),
        applied=Count("movements", filter=Q(**{state: MovementState.APPLIED})),
        rejected=Count("movements", filter=Q(**{state: MovementState.REJECTED})),
    )
    counts = {pk: numbers for pk, *numbers in found.order_by()}
    ordered = sorted(planteles, key=attrgetter("number"))
    return [PlantelCounts(one, *counts.get(one.pk, (0, 0, 0, 0))) for one in ordered]


def _by_plantel(stays: QuerySet[Enrollment]) -> dict[int, int]:
    return dict(stays.order_by().values_list("plantel").annotate(Count("pk")))
