"""The states and choices of the clinic step and of the right to service."""

from django.db.models import TextChoices


class RegistrationState(TextChoices):
    """No row: the plantel has not opened the step."""

    INVITED = "INVITED", "falta registrarse en su clínica"
    REGISTERED = "REGISTERED", "registrado en su clínica"


REGISTRATION_MOVES = {
    RegistrationState.INVITED: {RegistrationState.REGISTERED},
    RegistrationState.REGISTERED: {RegistrationState.INVITED},
}
"""Back is undoing what staff entered by mistake."""


class Turno(TextChoices):
    """E-16: when the clinic attends the student."""

    MORNING = "MORNING", "matutino"
    AFTERNOON = "AFTERNOON", "vespertino"
    UNKNOWN = "UNKNOWN", "no sé"


class VigenciaResult(TextChoices):
    """E-17: what IMSS answered, and by whose cover (SÍ alone does not tell)."""

    BY_SCHOOL = "BY_SCHOOL", "SÍ, por el plantel"
    BY_OTHER = "BY_OTHER", "SÍ, por otra vía"
    NONE = "NONE", "NO"
    NOT_CONSULTED = "NOT_CONSULTED", "no se pudo consultar"


VIGENTE = (VigenciaResult.BY_SCHOOL, VigenciaResult.BY_OTHER)
