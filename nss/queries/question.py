"""What the student is asked about an acuse after it was read (E-11, E-12)."""

from enum import StrEnum

from nss.models import Acuse, Reading
from nss.queries.acuses import has_read_all, may_retype, read_nss
from nss.states import AcuseState
from students.models import StoredFile
from students.states import FileState

_QUALITY = {
    "dark": "Se ve oscura",
    "blurred": "Se ve movida",
    "blank": "Se ve en blanco",
    "small": "Se ve muy chica",
    "screenshot": "Parece una captura de pantalla",
}
_DOCUMENTS = {"CARNET": "Esto parece tu carnet o cartilla, no el acuse"}
_OTHER_DOCUMENT = "Esto parece otro documento, no el acuse"


class Question(StrEnum):
    """What is open between the student and the machine."""

    NONE = "NONE"
    WAIT = "WAIT"
    OTHER_PERSON = "OTHER_PERSON"
    CONFIRM = "CONFIRM"
    TYPE = "TYPE"


def question_of(acuse: Acuse, reading: Reading | None) -> Question:
    """Return what the student is asked now; NONE once it is answered, reviewed or not yet sent.

    A draft is only ever asked whose it is: that interrupts before it is sent.
    """
    if may_retype(acuse):
        return Question.TYPE
    if acuse.state not in {AcuseState.DRAFT, AcuseState.RECEIVED}:
        return Question.NONE
    if is_of_another(reading) and not acuse.is_claimed_own:
        return Question.OTHER_PERSON
    if acuse.state == AcuseState.DRAFT or acuse.nss_answer or acuse.typed_nss:
        return Question.NONE
    if reading is None or not has_read_all(acuse, reading):
        return Question.WAIT
    return Question.CONFIRM if read_nss(reading) else Question.TYPE


def is_of_another(reading: Reading | None) -> bool:
    """Tell whether the sheet is most likely somebody else's (nss.extraction.compare)."""
    compared = reading.checks.get("compared") if reading else None
    return bool(compared and compared["is_other_person"])


def refused_photos(files: list[StoredFile]) -> list[str]:
    """Name the photos, of several, that could not be opened."""
    return [
        f"No pudimos abrir la foto {number}. Las demás sí llegaron"
        for number, file in enumerate(files, 1)
        if file.state == FileState.REFUSED
    ]


def quality_hints(reading: Reading | None) -> list[str]:
    """Return what may be wrong with the picture, or with each of several, as help that stops nobody."""
    checks = reading.checks if reading else {}
    if "photos" in checks:
        hints = [
            f"Foto {number}: {', '.join(_QUALITY[name] for name in troubles).lower()}"
            for number, troubles in checks["photos"].items()
            if troubles
        ]
    else:
        hints = [words for name, words in _QUALITY.items() if checks.get(name)]
    document = checks.get("looks_like")
    return hints + ([_DOCUMENTS.get(document, _OTHER_DOCUMENT)] if document else [])
