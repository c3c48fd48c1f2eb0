"""The states of a print job and of a paper with a folio."""

from django.db.models import TextChoices


class PaperKind(TextChoices):
    SLIPS = "SLIPS", "códigos de activación"
    MY_DATA = "MY_DATA", "copia de los datos propios"
    RENUNCIA = "RENUNCIA", "renuncia"
    CITATORIO = "CITATORIO", "citatorio"
    GROUP_LIST = "GROUP_LIST", "lista de grupo"
    GUIDE = "GUIDE", "guía"
    COMPROBANTE = "COMPROBANTE", "comprobante de acuse"
    SUMMARY = "SUMMARY", "resumen del trámite"
    OFICIO = "OFICIO", "oficio a la Subdelegación"
    SAMPLE = "SAMPLE", "muestra de un formato"


SERIES = {
    PaperKind.RENUNCIA: "R",
    PaperKind.CITATORIO: "C",
    PaperKind.GROUP_LIST: "L",
    PaperKind.COMPROBANTE: "K",
    PaperKind.SUMMARY: "S",
    PaperKind.OFICIO: "OF",
}
"""The kinds whose every sheet is a paper of its own, with the letter that its folio begins with."""


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


WAITING = (PrintState.QUEUED, PrintState.PRINTING)
CALLED_OFF = (PrintState.CANCELLED, PrintState.FAILED)
"""Nothing came out of these: their sheets were never printed."""


class PaperState(TextChoices):
    """What `/verifica/` says of a paper; its labels are read by whoever holds the sheet."""

    VALID = "VALID", "auténtico"
    REPLACED = "REPLACED", "reemplazado"
    REVOKED = "REVOKED", "cancelado"


PAPER_MOVES = {
    PaperState.VALID: {PaperState.REPLACED, PaperState.REVOKED},
    PaperState.REPLACED: set(),
    PaperState.REVOKED: set(),
}
