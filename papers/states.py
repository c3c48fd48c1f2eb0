"""The states of a print job."""

from django.db.models import TextChoices


class PaperKind(TextChoices):
    SLIPS = "SLIPS", "códigos de activación"
    MY_DATA = "MY_DATA", "copia de los datos propios"


class PrintState(TextChoices):
    QUEUED = "QUEUED", "en espera"
    PRINTING = "PRINTING", "imprimiendo"
    READY = "READY", "listo"
    FAILED = "FAILED", "no se pudo imprimir"
    CANCELLED = "CANCELLED", "cancelado"


PRINT_MOVES = {
    PrintState.QUEUED: {PrintState.PRINTING, PrintState.CANCELLED},
    PrintState.PRINTING: {PrintState.READY, PrintState.FAILED, PrintState.CANCELLED},
    PrintState.READY: set(),
    PrintState.FAILED: set(),
    PrintState.CANCELLED: set(),
}
