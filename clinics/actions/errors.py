"""What an action about the clinic step or the vigencia raises: `sentence` is what the screen says."""

from common.transitions import TransitionNotAllowed


class ClinicRefused(Exception):
    """The action cannot be done; `sentence` says why and what to do."""

    sentence = ""

    def __init__(self) -> None:
        super().__init__(self.sentence)


class StepNotOpen(ClinicRefused):
    """E-16 before S-09: IMSS registers only who is insured already."""

    sentence = "Todavía no. Tu plantel te dirá cuándo registrarte en tu clínica"


class NotInsured(ClinicRefused):
    """No alta is in force, or the stay is over: there is no clinic and no vigencia to speak of."""

    sentence = (
        "No hay un alta aplicada por el IMSS: sin ella no hay clínica ni vigencia que registrar"
    )


class NobodyToOpen(ClinicRefused):
    """Whoever was chosen has the step open, or is not insured yet."""

    sentence = (
        "En esa selección a nadie le falta abrir el paso: ya lo tienen o todavía no están afiliados"
    )


class NobodyToMove(ClinicRefused):
    """Whoever was chosen registered meanwhile, or somebody changed the day first."""

    sentence = (
        "En esa selección a nadie le cambia la fecha: ya se registraron, o alguien la cambió antes"
    )


class DayHasPassed(ClinicRefused):
    """A step opens today or later."""

    sentence = "Escribir un día de hoy en adelante"


class ClinicMissing(ClinicRefused):
    """A SÍ ends the trámite, so the clinic comes before it."""

    sentence = "¡Bien! Ahora dinos en qué clínica te registraste y después confirma tu vigencia"


class StillInCorrection(ClinicRefused):
    """A NO stands until somebody mends it, or until the student reads SÍ."""

    sentence = "Tu plantel ya está corrigiendo tu afiliación. Dinos cuando te salga SÍ"


class NothingToRepair(ClinicRefused):
    """The NO was repaired, or the student read something else since."""

    sentence = "Este NO ya se atendió, o el estudiante ya dijo otra cosa. Abrir la lista para ver cómo quedó"


class NobodyToAsk(ClinicRefused):
    """In the selection nobody has a clinic yet, or they were asked just now."""

    sentence = (
        "En esa selección no hay a quién preguntar: les falta registrar su clínica, "
        "su NO se está corrigiendo o hoy ya se les pidió"
    )


class ConstanciaNotAsked(ClinicRefused):
    """There is no report to which the constancia would belong, or it has one already."""

    sentence = "Ya tenemos tu constancia, o falta que nos digas qué te salió"


class UMFInUse(ClinicRefused):
    """Somebody is registered there, so it stays in the catalogue."""

    sentence = "Hay estudiantes registrados en esa UMF, así que no se quita"


class UMFGone(ClinicRefused):
    """Somebody took it away first."""

    sentence = "Esa UMF ya se había quitado del catálogo"


class NoUMFRead(ClinicRefused):
    """The list has no column with numbers of UMF."""

    sentence = "No encontramos ninguna UMF. La lista lleva las columnas Número, Nombre y Domicilio"


REFUSALS = (ClinicRefused, TransitionNotAllowed)
"""Everything whose `sentence` a view shows instead of failing."""
