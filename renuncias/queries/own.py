"""E-15: where the student stands among the questions, and what was answered."""

from dataclasses import dataclass

from common.dates import plain_date
from renuncias.queries.answers import QUESTIONS, Answers, Question
from renuncias.states import Institution, Kinship, Motive


@dataclass(frozen=True)
class Line:
    """One line of a summary; `question` is where it is answered, "" for the motive."""

    label: str
    value: str
    question: str = ""


def question_after(motive: str, question: str) -> Question | None:
    """Return the next question of that motive; None when the last is answered."""
    asked = QUESTIONS.get(motive, ())
    if not question:
        return asked[0] if asked else None
    place = asked.index(Question(question)) + 1
    return asked[place] if place < len(asked) else None


def question_before(motive: str, question: Question) -> Question | None:
    """Return the question before that one; None for the first."""
    place = QUESTIONS[motive].index(question)
    return QUESTIONS[motive][place - 1] if place else None


def lines_of(answers: Answers) -> list[Line]:
    """Say what was answered, for the preview and for who reviews; empty answers are left out."""
    institution = Institution(answers.institution).label if answers.institution else ""
    lines = [
        Line("Motivo", Motive(answers.motive).label if answers.motive else "Se llena a mano"),
        Line("Explicación", answers.motive_note, Question.NOTE),
        Line("Institución", answers.institution_name or institution, Question.INSTITUTION),
        Line(
            "Por quién", Kinship(answers.kinship).label if answers.kinship else "", Question.HOLDER
        ),
        Line("Titular", answers.holder, Question.HOLDER),
        Line("Número de afiliación o póliza", answers.policy_number, Question.POLICY),
        Line(
            "Vale hasta",
            plain_date(answers.covered_until) if answers.covered_until else "",
            Question.POLICY,
        ),
    ]
    return [line for line in lines if line.value]
