"""The states and choices of a renuncia."""

from django.db.models import TextChoices


class RenunciaState(TextChoices):
    ISSUED = "ISSUED", "por firmar"
    SIGNED = "SIGNED", "firmada, por revisar"
    ACCEPTED = "ACCEPTED", "registrada"
    REVOKED = "REVOKED", "cancelada"
    VOIDED = "VOIDED", "anulada"


RENUNCIA_MOVES = {
    RenunciaState.ISSUED: {RenunciaState.SIGNED, RenunciaState.VOIDED},
    RenunciaState.SIGNED: {RenunciaState.ACCEPTED, RenunciaState.VOIDED, RenunciaState.ISSUED},
    RenunciaState.ACCEPTED: {RenunciaState.REVOKED, RenunciaState.SIGNED},
    RenunciaState.REVOKED: set(),
    RenunciaState.VOIDED: set(),
}
OPEN_RENUNCIA = (RenunciaState.ISSUED, RenunciaState.SIGNED, RenunciaState.ACCEPTED)


class Motive(TextChoices):
    """E-15: why the student does not need this cover."""

    IMSS_FAMILY = "IMSS_FAMILY", "Ya tengo IMSS por mi familia"
    IMSS_WORK = "IMSS_WORK", "Ya tengo IMSS por mi trabajo"
    OTHER_INSTITUTION = "OTHER_INSTITUTION", "Tengo otra institución"
    OTHER = "OTHER", "Otro"


class Institution(TextChoices):
    """Who gives the other cover; IMSS-Bienestar is no social security, so it is not among them."""

    IMSS = "IMSS", "IMSS"
    ISSSTE = "ISSSTE", "ISSSTE"
    STATE = "STATE", "Instituto estatal (ISSSTESON, ISSSTECALI, ISSEMyM u otro)"
    PEMEX = "PEMEX", "Pemex"
    SEDENA = "SEDENA", "Sedena"
    SEMAR = "SEMAR", "Marina"
    PRIVATE = "PRIVATE", "Seguro privado"
    OTHER = "OTHER", "Otra"


class Kinship(TextChoices):
    """Through whom the other cover reaches the student."""

    SELF = "SELF", "Yo"
    MOTHER = "MOTHER", "Mi mamá"
    FATHER = "FATHER", "Mi papá"
    SPOUSE = "SPOUSE", "Mi cónyuge"
    GUARDIAN = "GUARDIAN", "Mi tutor"
    OTHER = "OTHER", "Otra persona"


class PileState(TextChoices):
    """A pile of signed sheets that was scanned."""

    UPLOADED = "UPLOADED", "leyendo las hojas"
    FILED = "FILED", "leída"
    FAILED = "FAILED", "no se pudo leer"


PILE_MOVES = {
    PileState.UPLOADED: {PileState.FILED, PileState.FAILED},
    PileState.FILED: set(),
    PileState.FAILED: set(),
}


class PageOutcome(TextChoices):
    """What became of one page of a pile."""

    FILED = "FILED", "archivada"
    NO_QR = "NO_QR", "sin QR que se pueda leer"
    SEVERAL_QR = "SEVERAL_QR", "con más de un QR"
    UNKNOWN = "UNKNOWN", "con un QR que no es de una renuncia"
    OTHER_PLANTEL = "OTHER_PLANTEL", "de otro plantel"
    REPEATED = "REPEATED", "repetida: esa renuncia ya se recibió"
    NOT_EXPECTED = "NOT_EXPECTED", "de una renuncia que ya no se espera"
    UNREADABLE = "UNREADABLE", "no se pudo abrir"
    BLANK = "BLANK", "en blanco"
    BY_HAND = "BY_HAND", "archivada a mano"
    SET_ASIDE = "SET_ASIDE", "descartada"


READ_AS = (
    PageOutcome.FILED,
    PageOutcome.NO_QR,
    PageOutcome.SEVERAL_QR,
    PageOutcome.UNKNOWN,
    PageOutcome.OTHER_PLANTEL,
    PageOutcome.REPEATED,
    PageOutcome.NOT_EXPECTED,
    PageOutcome.UNREADABLE,
    PageOutcome.BLANK,
)
"""What the machine makes of a page."""
PAGE_MOVES = {
    **{outcome: {PageOutcome.BY_HAND, PageOutcome.SET_ASIDE} for outcome in READ_AS},
    PageOutcome.UNREADABLE: {PageOutcome.SET_ASIDE},
    PageOutcome.BY_HAND: {PageOutcome.BY_HAND, PageOutcome.SET_ASIDE},
    PageOutcome.SET_ASIDE: set(READ_AS),
}
"""A page that is filed moves on only once the receipt of its renuncia was undone."""
