"""Which causes of «Acudir a la Subdelegación» are cases of the Subdelegación, and what to do about those that are not.

Where the Subdelegación can do nothing, the plantel is told who can.
"""

from collections.abc import Mapping
from types import MappingProxyType

from followup.states import EscalationCause

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        EscalationCause.CURP_UNKNOWN: (
            "Tu CURP no aparece en RENAPO. Eso se arregla en el Registro Civil, no en la Subdelegación. "
            "Lleva tu acta de nacimiento a Control Escolar: te decimos cómo hacerlo. "
            "Cuando tu CURP ya aparezca, saca tu NSS otra vez."
        ),
        EscalationCause.ATTEMPTS_USED: (
            "Se acabaron tus intentos de hoy. Inténtalo mañana: no es motivo para ir a la Subdelegación."
        ),
        EscalationCause.PAGE_DOWN: (
            "La página del IMSS no estaba disponible. Inténtalo mañana o en la app IMSS Digital: "
            "no es motivo para ir a la Subdelegación."
        ),
    }
)
"""The causes that are no case, with what the student does instead."""
TRY_AGAIN = (EscalationCause.ATTEMPTS_USED, EscalationCause.PAGE_DOWN)
"""With these nothing is reported: the same page works another day."""
TO_DECIDE = (EscalationCause.OTHER, *ADVICE)
"""With these a person of the plantel decides before anything goes to the Subdelegación."""

STUDENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "": "Solo dice «Acudir a la Subdelegación»",
        EscalationCause.UNCLEAR_NSS: "Que mi NSS se tiene que aclarar",
        EscalationCause.DATA_DIFFER: "Que mis datos no coinciden o se tienen que corregir",
        EscalationCause.CURP_UNKNOWN: "Que mi CURP no se encuentra en RENAPO",
        EscalationCause.ATTEMPTS_USED: "Que se acabaron mis intentos de hoy",
        EscalationCause.PAGE_DOWN: "Que el sistema no está disponible",
        EscalationCause.OTHER: "Otra cosa",
    }
)
"""What the message said, in the words in which a student tells it; nothing more than the name is UNSTATED."""


def is_case(cause: str) -> bool:
    """Tell whether the Subdelegación can do something about it."""
    return cause not in ADVICE
