"""The states of an NSS request, its acuses and their readings."""

from django.db.models import TextChoices


class RequestState(TextChoices):
    """No row: nothing was sent yet."""

    OPEN = "OPEN", "falta probar el NSS"
    AT_SUBDELEGACION = "AT_SUBDELEGACION", "lo pide el plantel en la Subdelegación"
    PROVEN = "PROVEN", "NSS probado"


REQUEST_MOVES = {
    RequestState.OPEN: {RequestState.PROVEN, RequestState.AT_SUBDELEGACION},
    RequestState.AT_SUBDELEGACION: {RequestState.OPEN, RequestState.PROVEN},
    RequestState.PROVEN: {RequestState.OPEN, RequestState.AT_SUBDELEGACION},
}


class ProofRoute(TextChoices):
    """What proved the NSS."""

    ACUSE = "ACUSE", "acuse revisado"
    WINDOW = "WINDOW", "acuse en papel, en ventanilla"
    SUBDELEGACION = "SUBDELEGACION", "respuesta de la Subdelegación"


class AcuseState(TextChoices):
    DRAFT = "DRAFT", "sin confirmar"
    RECEIVED = "RECEIVED", "en revisión"
    ACCEPTED = "ACCEPTED", "aceptado"
    RETURNED = "RETURNED", "hay que corregir"
    REPLACED = "REPLACED", "sustituido"
    REFUSED = "REFUSED", "no se pudo abrir"


ACUSE_MOVES = {
    AcuseState.DRAFT: {AcuseState.RECEIVED, AcuseState.REPLACED, AcuseState.REFUSED},
    AcuseState.RECEIVED: {
        AcuseState.ACCEPTED,
        AcuseState.RETURNED,
        AcuseState.REPLACED,
        AcuseState.REFUSED,
    },
    AcuseState.ACCEPTED: {AcuseState.RECEIVED},
    AcuseState.RETURNED: {AcuseState.RECEIVED},
    AcuseState.REPLACED: set(),
    AcuseState.REFUSED: set(),
}


class NSSAnswer(TextChoices):
    """E-12: «¿Es el mismo que ves en tu acuse?»"""

    SAME = "SAME", "Sí"
    DIFFERENT = "DIFFERENT", "No, hay un número distinto"
    UNKNOWN = "UNKNOWN", "No sé"


class ReadingOutcome(TextChoices):
    READ = "READ", "leído"
    UNREADABLE = "UNREADABLE", "no se pudo leer"
    REJECTED = "REJECTED", "archivo no aceptado"


class ReturnReason(TextChoices):
    """B5: keys 1 to 8; what the student reads is the text MOTIVOS."""

    UNREADABLE = "UNREADABLE", "No se lee"
    NOT_ACUSE = "NOT_ACUSE", "No es el acuse"
    OTHER_PERSON = "OTHER_PERSON", "Es de otra persona"
    INCOMPLETE = "INCOMPLETE", "Falta una parte"
    NSS_DIFFERS = "NSS_DIFFERS", "El NSS no coincide"
    DOES_NOT_OPEN = "DOES_NOT_OPEN", "No abre"
    IMSS_DATA_WRONG = "IMSS_DATA_WRONG", "Datos del IMSS incorrectos"
    OTHER = "OTHER", "Otro"
