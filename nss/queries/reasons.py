"""The words of a return, as the student reads them (text MOTIVOS)."""

from dataclasses import dataclass

from nss.states import ReturnReason
from school.queries.texts import current_text
from school.states import TextKind

SHORTEST_REASON = 15
"""Letters that a free text needs before anybody can act on it."""


@dataclass(frozen=True)
class ReasonWords:
    """One of the eight reasons: its key in the panel, its name for the staff, its words for the student."""

    key: int
    value: str
    label: str
    reason: str
    remedy: str


def return_reasons() -> list[ReasonWords]:
    """Return the eight reasons in the order of their keys, 1 to 8."""
    fields = current_text(TextKind.MOTIVOS).fields
    return [
        ReasonWords(key, reason.value, reason.label, **fields[reason.value])
        for key, reason in enumerate(ReturnReason, start=1)
    ]


def reason_words(reason: str, note: str = "") -> ReasonWords:
    """Return the words of one reason for the student, with the reviewer's note put in its place.

    Raises KeyError for an unknown reason.
    """
    words = {known.value: known for known in return_reasons()}[reason]
    text = words.reason.replace("{{dato}}", note).replace("{{explicacion}}", note)
    return ReasonWords(words.key, words.value, words.label, text, words.remedy)
