"""What a student can report."""

from django.db.models import TextChoices


class ReportKind(TextChoices):
    SUBDELEGACION = "SUBDELEGACION", "Acudir a la Subdelegación"
    WRONG_DATA = "WRONG_DATA", "Datos incorrectos en el IMSS"
    HAS_NSS = "HAS_NSS", "Dice que ya tiene NSS"
    NO_MAIL = "NO_MAIL", "No le llega el correo del IMSS"
    PAGE_FAILED = "PAGE_FAILED", "La página del IMSS falló"
    ROSTER_DATA = "ROSTER_DATA", "Un dato de la lista está mal"
    QUESTION = "QUESTION", "Pregunta"


CASE_KINDS = (ReportKind.SUBDELEGACION, ReportKind.WRONG_DATA)
"""Reports with which the ball passes to the plantel (S-02)."""

ATTEMPT_KINDS = (ReportKind.NO_MAIL, ReportKind.PAGE_FAILED)
"""Reports that only prove an attempt; nobody has to answer them."""


class EscalationState(TextChoices):
    """Where a case of Subdelegación stands."""

    REPORTED = "REPORTED", "reportado"
    READY = "READY", "datos completos"
    IN_OFICIO = "IN_OFICIO", "en oficio"
    DELIVERED = "DELIVERED", "entregado en la Subdelegación"
    RESOLVED = "RESOLVED", "NSS recibido"
    DISMISSED = "DISMISSED", "cerrado sin NSS"


ESCALATION_MOVES = {
    EscalationState.REPORTED: {
        EscalationState.READY,
        EscalationState.RESOLVED,
        EscalationState.DISMISSED,
    },
    EscalationState.READY: {
        EscalationState.REPORTED,
        EscalationState.IN_OFICIO,
        EscalationState.DELIVERED,
        EscalationState.RESOLVED,
        EscalationState.DISMISSED,
    },
    EscalationState.IN_OFICIO: {
        EscalationState.READY,
        EscalationState.DELIVERED,
        EscalationState.RESOLVED,
        EscalationState.DISMISSED,
    },
    EscalationState.DELIVERED: {
        EscalationState.READY,
        EscalationState.RESOLVED,
        EscalationState.DISMISSED,
    },
    EscalationState.RESOLVED: {EscalationState.DELIVERED},
    EscalationState.DISMISSED: {EscalationState.DELIVERED},
}
OPEN_CASES = (
    EscalationState.REPORTED,
    EscalationState.READY,
    EscalationState.IN_OFICIO,
    EscalationState.DELIVERED,
)
WITHOUT_OFICIO = (EscalationState.REPORTED, EscalationState.READY)


class ItemOutcome(TextChoices):
    """What the Subdelegación answered about one row of an oficio."""

    NSS = "NSS", "dio el NSS"
    MISSING = "MISSING", "pide un documento"
    REFUSED = "REFUSED", "no lo dio"


ANSWERED_CASES = {
    ItemOutcome.NSS: EscalationState.RESOLVED,
    ItemOutcome.MISSING: EscalationState.READY,
    ItemOutcome.REFUSED: EscalationState.DISMISSED,
}
"""Where each answer leaves its case; moved on from there, the answer can be taken back no more."""


class EscalationCause(TextChoices):
    """Why the page of IMSS gave no number; followup.causes says which are cases."""

    UNSTATED = "UNSTATED", "«Acudir a la Subdelegación», sin más explicación"
    DATA_DIFFER = "DATA_DIFFER", "Los datos del IMSS no son los de RENAPO"
    SEVERAL_NSS = "SEVERAL_NSS", "Tiene más de un NSS"
    SHARED_NSS = "SHARED_NSS", "Otra persona tiene su NSS, o su mismo nombre"
    UNCLEAR_NSS = "UNCLEAR_NSS", "El IMSS pide aclarar el NSS"
    DESK_ONLY = "DESK_ONLY", "CURP con sexo X o nacimiento en el extranjero"
    CURP_UNKNOWN = "CURP_UNKNOWN", "La CURP no está en RENAPO o está dada de baja"
    ATTEMPTS_USED = "ATTEMPTS_USED", "Se acabaron los intentos del día"
    PAGE_DOWN = "PAGE_DOWN", "El sistema del IMSS no estaba disponible"
    OTHER = "OTHER", "Otra causa"


class Stage(TextChoices):
    """B2: where a trámite stands; the label is the staff's tag."""

    S_00 = "S-00", "Sin empezar"
    S_01 = "S-01", "Falta su NSS"
    S_01V = "S-01v", "Plazo vencido"
    S_02 = "S-02", "En Subdelegación"
    S_03 = "S-03", "NSS listo"
    S_04B = "S-04b", "Falta confirmar"
    S_04 = "S-04", "En revisión"
    S_05 = "S-05", "Hay que corregir"
    S_06 = "S-06", "Aceptado"
    S_07 = "S-07", "En afiliación"
    S_08 = "S-08", "Afiliado"
    S_09 = "S-09", "Falta su clínica"
    S_10 = "S-10", "Falta verificar"
    S_11 = "S-11", "Vigente"
    S_12 = "S-12", "NO vigente"
    S_13A = "S-13a", "Renuncia por firmar"
    S_13 = "S-13", "Renuncia"
    S_14 = "S-14", "Baja"


class Ball(TextChoices):
    STUDENT = "STUDENT", "al estudiante"
    PLANTEL = "PLANTEL", "al plantel"
    IMSS = "IMSS", "al IMSS"
    NOBODY = "NOBODY", "a nadie"


class WorkQueue(TextChoices):
    """The queues of the background work, as Celery names them."""

    QUICK = "quick", "correo y recordatorios"
    HEAVY = "heavy", "lectura e impresión"


class ReminderKind(TextChoices):
    """What a line of the ledger speaks of."""

    ACUSE = "ACUSE", "plazo del acuse"
    DRAFT = "DRAFT", "archivo sin confirmar"
    GUARDIAN = "GUARDIAN", "copia a mamá, papá o tutor"
    MANUAL = "MANUAL", "aviso de Control Escolar"


class ReminderStep(TextChoices):
    """The rungs of the ladder; what is said only once has the one rung ONCE."""

    BEFORE = "BEFORE", "un día antes"
    LAST_DAY = "LAST_DAY", "el último día"
    OVERDUE = "OVERDUE", "plazo vencido"
    ONCE = "ONCE", "única vez"


class ReminderOutcome(TextChoices):
    TOLD = "TOLD", "se le avisó"
    NO_EMAIL = "NO_EMAIL", "no tiene correo"
    SKIPPED = "SKIPPED", "se pasó su momento"


class ReminderChannel(TextChoices):
    """How a person was told; nobody knows whether an opened WhatsApp was sent."""

    MAIL = "MAIL", "correo"
    WHATSAPP = "WHATSAPP", "se abrió WhatsApp"
    PAPER = "PAPER", "citatorio impreso"


class DailyJob(TextChoices):
    """What runs once per plantel and local day."""

    STAFF_MAIL = "STAFF_MAIL", "resumen del día para Control Escolar"
    ESCALATION = "ESCALATION", "casos de Subdelegación sin avance"


class ClimbStep(TextChoices):
    """Who is told of it, in the order of followup.climb."""

    RESPONSABLE = "RESPONSABLE", "responsable de afiliación"
    SUBSTITUTE = "SUPLENTE", "suplente"
    ADMIN = "ADMIN", "administración del subsistema"
    DIRECTION = "DIRECCION", "dirección"


class StepOutcome(TextChoices):
    """What became of a step of a case that nobody moves."""

    TOLD = "TOLD", "se avisó"
    NOBODY = "NOBODY", "no había a quién avisar"
    SKIPPED = "SKIPPED", "se pasó su momento"
