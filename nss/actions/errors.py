"""What an action about the NSS raises when it cannot be done: `sentence` is what the screen says."""

from common.transitions import TransitionNotAllowed
from students.identity.errors import IdentityError


class NSSRefusal(Exception):
    """The action cannot be done; `sentence` says why and what to do."""

    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)


class NSSAlreadyTaken(NSSRefusal):
    """Another student, in whichever plantel, holds the number."""

    sentence = "Este NSS ya lo tiene otra persona. Revisar los dos acuses antes de aceptarlo"


class OtherNSSProven(NSSRefusal):
    """The student already has a number, and it is for life."""

    sentence = (
        "El estudiante ya tiene otro NSS registrado. Deshacer primero la revisión que lo registró"
    )


class OverrideReasonMissing(NSSRefusal):
    """The check digit fails and nobody wrote why the number is right all the same."""

    sentence = (
        "Revisar el NSS: el último número no corresponde con los demás. "
        "Si en el acuse está así, escribir por qué se acepta (15 letras o más)"
    )


class ReasonTooShort(NSSRefusal):
    """A free text that the student or the history must be able to understand."""

    sentence = "Escribir el motivo con 15 letras o más, para que se entienda qué hacer"


class UploadNotAsked(NSSRefusal):
    """Nothing is to be uploaded at this stage of the trámite."""

    sentence = "Ya no hace falta subir tu acuse: tu plantel tiene tu NSS"
    staff_sentence = "Ya no hace falta subir el acuse: el plantel tiene el NSS. Revisar la ficha"


class StayIsOver(UploadNotAsked):
    """The stay no longer lets anybody upload."""

    sentence = "Tu trámite ya no está abierto. Si crees que es un error, pregunta a tu plantel"
    staff_sentence = "El trámite del estudiante ya no está abierto. Revisar su ficha"


class DraftNotTaken(NSSRefusal):
    """The file no longer waits to be confirmed: it was sent, made room for another, or could not be opened."""

    sentence = (
        "Este archivo ya está en revisión: lo confirmó el estudiante, o alguien lo tomó antes"
    )


class DraftReplaced(DraftNotTaken):
    """The student uploaded another one meanwhile."""

    sentence = "El estudiante subió otro archivo después. Abrir su ficha para tomar el más reciente"


class DraftNotOpened(DraftNotTaken):
    """The machine could not open it."""

    sentence = "Este archivo no se puede abrir. Avisar al estudiante que suba otro"


class DeadlineNotPassed(NSSRefusal):
    """Until the deadline it is the student's turn."""

    sentence = "Su plazo no ha vencido: todavía le toca al estudiante confirmar su archivo"


class DataNotConfirmed(NSSRefusal):
    """The student's own upload comes after the data: with them the manifestación and the aviso are accepted."""

    sentence = "Primero confirma tus datos; después sube tu acuse"


class PhotoNotTaken(NSSRefusal):
    """One more photo does not fit the draft."""

    sentence = "Ya son 3 fotos, el máximo. Si ninguna se lee bien, empieza de nuevo con otra"


class DraftIsPDF(PhotoNotTaken):
    """A PDF holds all its pages."""

    sentence = "Subiste un PDF, que ya trae todas sus hojas. Para mandar fotos, empieza de nuevo"


class SentToIMSS(NSSRefusal):
    """The student's number stands in a batch, or IMSS applied it already."""

    sentence = (
        "Su NSS ya va en un lote para el IMSS. Antes de cambiarlo, descartar el lote o esperar "
        "la respuesta del IMSS"
    )


SENT_ELSEWHERE = (
    "El NSS ya va en un lote para el IMSS con otra inscripción de la misma persona. Antes de cambiarlo, quien lleva "
    "esa inscripción descarta el lote o espera la respuesta del IMSS"
)


class AnswerNotAsked(NSSRefusal):
    """The question about the NSS no longer waits for an answer."""

    sentence = "Tu plantel ya revisó este acuse. Mira cómo quedó en «Mi trámite»"


class StayOver(NSSRefusal):
    """Nobody reviews what is no longer asked for."""

    sentence = (
        "El estudiante causó baja o renunció: su acuse ya no se revisa. "
        "Si regresa, vuelve a la cola"
    )


REFUSALS = (NSSRefusal, TransitionNotAllowed, IdentityError)
"""Everything whose `sentence` a view shows instead of failing."""
