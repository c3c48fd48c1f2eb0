"""What an action about a renuncia raises when it cannot be done: `sentence` is what the screen says."""

from common.transitions import TransitionNotAllowed
from papers.actions import LotRefused


class RenunciaRefused(Exception):
    """The action cannot be done; `sentence` says why and what to do."""

    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or self.sentence
        super().__init__(self.sentence)


class StayNotOpen(RenunciaRefused):
    """Who has left, or has opted out already, has nothing to decline."""

    sentence = "Este trámite ya no está abierto, así que no hay a qué renunciar"


class AlreadySigned(RenunciaRefused):
    """The signed sheet is at the plantel: only Control Escolar goes on from there."""

    sentence = "Control Escolar ya tiene la renuncia firmada y la está revisando"


class AnswersMissing(RenunciaRefused):
    """The motive asks for something that nobody answered; `field` is where the sentence belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class NobodyToIssue(RenunciaRefused):
    """Whoever was chosen has a renuncia, or is not in the cover."""

    sentence = "En esa selección nadie necesita renuncia: ya tienen una o ya no están en el seguro"


class NothingToPrint(RenunciaRefused):
    """None of the chosen ones waits for a signature."""

    sentence = "En esa selección no hay renuncias por firmar, así que no hay qué imprimir"


class SeveralPlanteles(RenunciaRefused):
    """A lot belongs to one plantel."""

    sentence = "Elegir renuncias de un solo plantel: cada plantel tiene sus lotes"


class MotiveMissing(RenunciaRefused):
    """The sheet was filled in by hand, and nobody copied the motive yet."""

    sentence = "Elegir el motivo que dice la hoja: se llenó a mano"


class ReasonMissing(RenunciaRefused):
    """A free text that the student or the history must be able to understand."""

    sentence = "Escribir el motivo con 15 letras o más, para que se entienda qué pasó"


class TooLateToUndo(RenunciaRefused):
    """What was registered is known to the student: from here it is a revocation, with its reason."""

    sentence = (
        "Ya pasó el tiempo para deshacer: el estudiante recibió el aviso. "
        "Cancelar la renuncia y escribir el motivo"
    )


REFUSALS = (RenunciaRefused, LotRefused, TransitionNotAllowed)
"""Everything whose `sentence` a view shows instead of failing."""
