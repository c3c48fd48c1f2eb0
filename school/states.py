"""The choices of planteles, people and calendars."""

from django.db.models import TextChoices


class PlantelKind(TextChoices):
    PLANTEL = "PLANTEL", "plantel"
    CENTRO = "CENTRO", "centro de educación abierta"


class Role(TextChoices):
    """The roles of the access matrix; a student has none."""

    RESPONSABLE = "RESPONSABLE", "responsable de afiliación"
    REVISOR = "REVISOR", "revisor"
    CONSULTA = "CONSULTA", "consulta"
    ADMIN = "ADMIN", "administración del subsistema"
    AUDITOR = "AUDITOR", "auditoría"


PLANTEL_ROLES = (Role.RESPONSABLE, Role.REVISOR, Role.CONSULTA)
SUBSYSTEM_ROLES = (Role.ADMIN, Role.AUDITOR)


class DayCount(TextChoices):
    BUSINESS = "BUSINESS", "días hábiles"
    NATURAL = "NATURAL", "días naturales"


class TextKind(TextChoices):
    """Texts that the institution edits; packaged ones are version 0."""

    IDENTIDAD = "IDENTIDAD", "identidad del subsistema"
    AVISO = "AVISO", "aviso de privacidad"
    MANIFESTACION = "MANIFESTACION", "manifestación bajo protesta"
    GUIA = "GUIA", "guía para obtener el NSS"
    MOTIVOS = "MOTIVOS", "motivos de rechazo"
    RENUNCIA = "RENUNCIA", "formato de renuncia"
    CITATORIO = "CITATORIO", "formato de citatorio"
