"""What an action about a report raises when it cannot be done: `sentence` is what the screen says."""

from common.transitions import TransitionNotAllowed
from nss.actions.errors import NSSRefusal
from papers.actions import NotDrawn
from students.identity.errors import IdentityError


class ReportNotPossible(Exception):
    """The report cannot be taken now; `sentence` says why and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ReportAlreadyHandled(Exception):
    """Somebody closed the report first."""

    sentence = "Otra persona ya atendió este reporte. Abajo está la respuesta que dio."


class CaseClosed(Exception):
    """Somebody closed the case first."""

    sentence = "Otra persona ya cerró este caso. Abajo está la respuesta que dio."


class OficioRefused(Exception):
    """The oficio cannot be made, changed or delivered so; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AnswerRefused(Exception):
    """A row of an oficio cannot be answered so; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ExtensionNotPossible(Exception):
    """No prórroga, or not up to that day; `sentence` says why and which day would do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WhatsAppNotPossible(Exception):
    """There is nothing to remind the student of, or no number to write to; `sentence` says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoSummaryYet(NotDrawn):
    """The trámite is not so far, or not any more."""

    sentence = "Tu resumen se descarga cuando tu plantel acepta tu acuse o registra tu NSS."


REFUSALS = (
    ReportNotPossible,
    ReportAlreadyHandled,
    CaseClosed,
    OficioRefused,
    AnswerRefused,
    ExtensionNotPossible,
    WhatsAppNotPossible,
    NSSRefusal,
    TransitionNotAllowed,
    IdentityError,
)
"""Everything whose `sentence` a view shows instead of failing."""
