"""The states and choices of a batch for IMSS and of its movements."""

from django.db.models import TextChoices


class MovementKind(TextChoices):
    """What a movement asks of IMSS; the value is its number in the movement file."""

    ALTA = "08", "alta"
    BAJA = "02", "baja"


class BatchState(TextChoices):
    DRAFT = "DRAFT", "por enviar"
    SENT = "SENT", "enviado al IMSS"
    ANSWERED = "ANSWERED", "respondido"
    DISCARDED = "DISCARDED", "descartado"


BATCH_MOVES = {
    BatchState.DRAFT: {BatchState.SENT, BatchState.DISCARDED},
    BatchState.SENT: {BatchState.ANSWERED, BatchState.DRAFT},
    BatchState.ANSWERED: {BatchState.SENT},
    BatchState.DISCARDED: set(),
}
"""Back is undoing: a batch that was not sent after all, an answer that was entered by mistake."""


class MovementState(TextChoices):
    IN_BATCH = "IN_BATCH", "en espera de respuesta"
    APPLIED = "APPLIED", "aplicado por el IMSS"
    REJECTED = "REJECTED", "rechazado por el IMSS"
    DROPPED = "DROPPED", "fuera del lote"


MOVEMENT_MOVES = {
    MovementState.IN_BATCH: {
        MovementState.APPLIED,
        MovementState.REJECTED,
        MovementState.DROPPED,
    },
    MovementState.APPLIED: {MovementState.IN_BATCH},
    MovementState.REJECTED: {MovementState.IN_BATCH},
    MovementState.DROPPED: set(),
}
"""DROPPED: its batch was discarded before it was sent."""


class BatchFileKind(TextChoices):
    """What is handed over: the plain relation twice, and the general layout of IMSS."""

    XLSX = "XLSX", "relación en Excel"
    CSV = "CSV", "relación en CSV"
    MOVEMENTS = "MOVEMENTS", "archivo de movimientos (168 posiciones)"
