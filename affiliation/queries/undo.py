"""Whether an answer of IMSS may still be taken back, and what it replaced."""

from django.db.models import Q, QuerySet

from affiliation.models import Movement
from affiliation.states import MovementKind, MovementState
from students.models import Enrollment, TimelineEntry
from students.states import Event

NEWER = "Ya hay un movimiento posterior de este estudiante: deshacer primero ese"
CLINIC = "El estudiante ya siguió con su clínica o su vigencia después de esta respuesta: quitar primero ese registro"
_WENT_ON = (Event.CLINIC_REGISTERED, Event.VIGENCIA_REPORTED)


def stands_on(movement: Movement) -> str:
    """Return why the answer about a movement cannot be taken back any more, empty when it can."""
    newer = _beside(movement).filter(pk__gt=movement.pk)
    if newer.exclude(state=MovementState.DROPPED).exists():
        return NEWER
    is_cover = movement.kind == MovementKind.ALTA and movement.state == MovementState.APPLIED
    return CLINIC if is_cover and _went_on(movement) else ""


def former_alta(movement: Movement) -> Movement | None:
    """Return the alta that was in force before this movement was applied, None when there was none.

    Before a baja it is the last one applied; before an alta there is one only when somebody asked to repeat it.
    """
    if movement.kind == MovementKind.ALTA and not hasattr(movement, "alta_order"):
        return None
    applied = _beside(movement).filter(state=MovementState.APPLIED, pk__lt=movement.pk)
    last = applied.select_related("batch").order_by("-pk").first()
    return last if last and last.kind == MovementKind.ALTA else None


def _insured_by(movement: Movement) -> QuerySet[Enrollment]:
    batch = movement.batch
    same = Q(plantel=batch.plantel_id) | Q(pk=movement.enrollment_id)
    if batch.registro_patronal:
        same |= Q(plantel__registro_patronal=batch.registro_patronal)
    return Enrollment.objects.filter(same, student=movement.enrollment.student_id)


def _beside(movement: Movement) -> QuerySet[Movement]:
    """The movements of the student under the same registro patronal, or in the same plantel."""
    batch = movement.batch
    same = Q(batch__plantel=batch.plantel_id)
    if batch.registro_patronal:
        same |= Q(batch__registro_patronal=batch.registro_patronal)
    return Movement.objects.filter(same, enrollment__student=movement.enrollment.student_id)


def _went_on(movement: Movement) -> bool:
    """Whether the clinic or the vigencia was said since, in whichever stay this alta insures."""
    steps = TimelineEntry.objects.filter(
        enrollment__in=_insured_by(movement),
        event__in=(*_WENT_ON, Event.CLINIC_UNDONE),
        at__gte=movement.answered_at,
    )
    last = steps.order_by("-at", "-pk").values_list("event", flat=True).first()
    return last in _WENT_ON
