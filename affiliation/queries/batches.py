"""The batches of the planteles, their movements, and what waits to be done about them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from affiliation.models import Batch, Movement
from affiliation.queries.sending import wanting_alta, wanting_baja
from affiliation.states import BatchState, MovementKind, MovementState
from school.access import Ability, planteles_with
from school.models import Plantel, User


def batches_for(user: User, ability: Ability = Ability.AFFILIATE) -> QuerySet[Batch]:
    """This will return the batches of the planteles in which the person has the ability, newest first."""
    planteles = planteles_with(user, ability)
    return Batch.objects.filter(plantel__in=planteles).select_related(
        "plantel", "made_by", "sent_by"
    )


def with_counts(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """This will add how many movements each batch has, by what became of them."""
    return batches.annotate(
        rows=Count("movements"),
        waiting=Count("movements", filter=Q(movements__state=MovementState.IN_BATCH)),
        applied=Count("movements", filter=Q(movements__state=MovementState.APPLIED)),
        rejected=Count("movements", filter=Q(movements__state=MovementState.REJECTED)),
    ).order_by("-made_at", "-pk")


def movements_of(batch: Batch) -> QuerySet[Movement]:
    """This will return the movements of a batch in their order, with their students."""
    found = Movement.objects.filter(batch=batch).select_related("enrollment__student")
    return found.order_by("position")


def gone_from(batch: Batch) -> QuerySet[Movement]:
    """This will return the movements that wait in a batch whose student should no longer be in it."""
    right = wanting_alta() if batch.kind == MovementKind.ALTA else wanting_baja()
    waiting = movements_of(batch).filter(state=MovementState.IN_BATCH)
    return waiting.exclude(enrollment__in=right.filter(plantel=batch.plantel_id))


def rejected_to_correct(planteles: Iterable[Plantel]) -> QuerySet[Movement]:
    """This will return what IMSS rejected and nobody has corrected yet, the oldest first."""
    return (
        Movement.objects.filter(
            batch__plantel__in=planteles,
            state=MovementState.REJECTED,
            corrected_at__isnull=True,
        )
        .select_related("batch__plantel", "enrollment__student")
        .order_by("answered_at", "pk")
    )


def batches_to_send(planteles: Iterable[Plantel]) -> QuerySet[Batch]:
    """This will return the batches that were made and not sent, the oldest first."""
    return Batch.objects.filter(plantel__in=planteles, state=BatchState.DRAFT).order_by("made_at")
