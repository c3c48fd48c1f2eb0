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
