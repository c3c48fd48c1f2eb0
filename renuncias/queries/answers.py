"""What a student answers in a renuncia: which questions a motive asks, and the answers in their final form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from common.search import normalise
from renuncias.models import Renuncia
from renuncias.states import Institution, Kinship, Motive
from students.models import Enrollment
from students.queries.sign_in import data_of
from students.states import OtherCover


class Question(StrEnum):
    """The questions after the motive, by their word in the address."""

    NOTE = "explicacion"
    INSTITUTION = "institucion"
    HOLDER = "titular"
    POLICY = "poliza"


QUESTIONS: dict[str, tuple[Question, ...]] = {
    Motive.IMSS_FAMILY: (Question.HOLDER, Question.POLICY),
    Motive.IMSS_WORK: (Question.POLICY,),
    Motive.OTHER_INSTITUTION: (Question.INSTITUTION, Question.HOLDER, Question.POLICY),
    Motive.OTHER: (Question.NOTE,),
}
FIELDS: dict[Question, tuple[str, ...]] = {
    Question.NOTE: ("motive_note",),
    Question.INSTITUTION: ("institution", "institution_name"),
    Question.HOLDER: ("kinship", "holder"),
    Question.POLICY: ("policy_number", "covered_until"),
}
NOT_ENOUGH = (
    "IMSS-Bienestar no es un seguro: por sí solo no basta para renunciar. "
    "Si tienes otro, escribe cuál; si no, elige «Mejor sí me afilio»"
)


@dataclass(frozen=True)
class Answers:
    """The answers as columns of Renuncia; a motive of "" is left for the pen."""

    motive: str = ""
    motive_note: str = ""
    institution: str = ""
    institution_name: str = ""
    holder: str = ""
    kinship: str = ""
    policy_number: str = ""
    covered_until: date | None = None

    def columns(self) -> dict[str, Any]:
        """Return the answers by the names of their columns."""
        return asdict(self)


def final_answers(given: Mapping[str, Any]) -> Answers:
    """Keep of what was answered only what the motive asks, and add what it says by itself."""
    motive = str(given.get("motive", ""))
    asked = [name for one in QUESTIONS.get(motive, ()) for name in FIELDS[one]]
    kept = {name: given[name] for name in asked if given.get(name)}
    if motive in {Motive.IMSS_FAMILY, Motive.IMSS_WORK}:
        kept["institution"] = Institution.IMSS.value
    if motive == Motive.IMSS_WORK:
        kept["kinship"] = Kinship.SELF.value
    if kept.get("kinship") == Kinship.SELF:
        kept.pop("holder", None)
    return Answers(motive=motive, **kept)


def missing_answer(answers: Answers) -> tuple[str, str] | None:
    """Return the field that the motive cannot go without, and what to do; None when all is there."""
    if not answers.motive:
        return "motive", "Elige por qué no necesitas el seguro"
    if answers.motive == Motive.OTHER and not answers.motive_note:
        return "motive_note", "Escribe por qué no necesitas el seguro"
    if answers.motive == Motive.OTHER_INSTITUTION and not answers.institution:
        return "institution", "Elige qué institución te da servicio médico"
    if answers.institution == Institution.OTHER and not answers.institution_name:
        return "institution_name", "Escribe el nombre de la institución"
    for name in ("institution_name", "motive_note"):
        if "imss bienestar" in normalise(getattr(answers, name)):
            return name, NOT_ENOUGH
    return None


def answers_known(enrollment: Enrollment) -> Answers:
    """Return what the student's data say of another cover; without a word of it, for the pen."""
    data = data_of(enrollment)
    motive = _MOTIVES.get(data.other_cover, "") if data else ""
    return final_answers({"motive": motive})


def answers_of(renuncia: Renuncia) -> Answers:
    """Return the answers of a renuncia."""
    return Answers(**{name: getattr(renuncia, name) for name in Answers().columns()})


_MOTIVES: dict[str, str] = {
    OtherCover.IMSS_FAMILY: Motive.IMSS_FAMILY,
    OtherCover.IMSS_WORK: Motive.IMSS_WORK,
    OtherCover.OTHER: Motive.OTHER_INSTITUTION,
}
