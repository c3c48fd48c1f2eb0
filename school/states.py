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
    OFICIO = "OFICIO", "formato de oficio"
    ESCALERA = "ESCALERA", "recordatorios del plazo"
    M_00 = "M-00", "enlace y código para entrar"
    M_01 = "M-01", "activa tu seguro"
    M_02 = "M-02", "guardamos tus datos"
    M_03 = "M-03", "mañana vence tu plazo"
    M_04 = "M-04", "hoy es el último día"
    M_05 = "M-05", "todavía puedes subir tu acuse"
    M_06 = "M-06", "recibimos tu acuse"
    M_07 = "M-07", "falta confirmar tu archivo"
    M_08 = "M-08", "tu acuse necesita un cambio"
    M_09 = "M-09", "tu acuse está aceptado"
    M_10 = "M-10", "tu plantel pide tu NSS"
    M_11 = "M-11", "ya tenemos tu NSS"
    M_12 = "M-12", "ya estás afiliado"
    M_13 = "M-13", "ya puedes registrarte en tu clínica"
    M_13B = "M-13b", "cambió la fecha de tu clínica"
    M_13C = "M-13c", "todavía no te registres en tu clínica"
    M_14 = "M-14", "revisa tu vigencia"
    M_15 = "M-15", "tu vigencia salió NO"
    M_16 = "M-16", "revisa otra vez tu vigencia"
    M_17 = "M-17", "falta entregar tu renuncia firmada"
    M_18 = "M-18", "registramos tu renuncia"
    M_18B = "M-18b", "cancelamos tu renuncia"
    M_19 = "M-19", "terminó tu seguro de estudiante"
    M_20 = "M-20", "copia a mamá, papá o tutor"
    M_21 = "M-21", "resumen del día"
    M_22 = "M-22", "casos de Subdelegación sin avance"
    M_22B = "M-22b", "casos sin avance, para dirección"
    M_23 = "M-23", "cambió tu correo"
    M_24 = "M-24", "impresión lista"
    M_25 = "M-25", "prueba de un mensaje"
    M_26 = "M-26", "la Subdelegación pide un documento"
    M_27 = "M-27", "corrección sobre tu NSS"
    STAFF_RESET = "STAFF-RESET", "enlace para poner contraseña"
    STAFF_CHANGE = "STAFF-CHANGE", "cambió tu cuenta"
