"""The plain relation of a batch, and what IMSS answered: cells of a table out and in, no database.

A movement is known again by our own reference; neither order, names nor NSS have to come back as they went.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from common.spreadsheets import Cell, cells_under, harmless, text_csv, text_xlsx
from students.roster_file.columns import plain

REFERENCE: Final = "Referencia"
RESULT, REASON = "Resultado", "Motivo"
COLUMNS: Final = {
    REFERENCE: 20,
    "NSS": 14,
    "CURP": 22,
    "Primer apellido": 20,
    "Segundo apellido": 20,
    "Nombre(s)": 24,
    "Fecha": 12,
    "Movimiento": 12,
    "Registro patronal": 17,
    "Matrícula": 14,
    "Grupo": 9,
    RESULT: 14,
    REASON: 40,
}
"""Each column and its width; IMSS, or who copies its answer, fills the last two."""
SENT: Final = frozenset((*list(COLUMNS)[1:7], "Matrícula"))
"""What IMSS gets of a person; the group is for who copies its answer."""
APPLIED, REJECTED = "Aplicado", "Rechazado"
REASON_LETTERS: Final = 300
_APPLIED: Final = frozenset(
    ("aplicado", "aplicada", "afiliado", "afiliada", "aceptado", "aceptada")
)
_REJECTED: Final = frozenset(("rechazado", "rechazada"))
_HOW: Final = f"Escribir {APPLIED} o {REJECTED}"
DIFFERENT: Final = "El archivo trae otra respuesta para esta misma referencia. Dejar la que es"
COVERED: Final = "(celda combinada)"
NO_REFERENCE: Final = "Sin referencia"
LOST: Final = "Un renglón o más traen respuesta y no dicen de quién. Escribir la referencia que tienen en el lote"
TWICE: Final = "El archivo la trae más de una vez, con la misma respuesta: cuenta una"


class Line(NamedTuple):
    """One movement in the relation, in the order of COLUMNS."""

    reference: str
    nss: str
    curp: str
    first_surname: str
    second_surname: str
    given_names: str
    day: str
    movement: str
    registro_patronal: str
    matricula: str
    group: str


@dataclass(frozen=True)
class Answer:
    """What is said of one movement: the word of the result, and the reason of a rejection."""

    reference: str
    result: str
    reason: str = ""

    @property
    def is_applied(self) -> bool | None:
        """Whether IMSS applied the movement; None for a word that says neither."""
        return _is_applied(self.result)

    @property
    def is_said(self) -> bool:
        """Whether the row answers anything; without a reference it may be a total, so only a clear word counts."""
        if self.reference:
            return bool(self.result or self.reason)
        return self.is_applied is not None

    @property
    def fault(self) -> str:
        """Why it cannot be so, in words for the screen; empty when it can."""
        if self.is_applied is None:
            return (
                f"No se entiende «{self.result[:40]}». {_HOW}"
                if self.result
                else f"Falta el resultado. {_HOW}"
            )
        if self.is_applied:
            return ""
        if not self.reason:
            return "Escribir el motivo con el que lo rechazó el IMSS"
        if len(self.reason) > REASON_LETTERS:
            return f"Escribir el motivo en {REASON_LETTERS} letras o menos"
        return ""


@lru_cache(maxsize=1_000)
def _is_applied(result: str) -> bool | None:
    """A list of thousands says the same few words, and each is asked often."""
    words = plain(result).split()
    if words[:1] == ["no"] and words[1:] and words[1] in _APPLIED:
        return False
    word = words[0] if words else ""
    return True if word in _APPLIED else False if word in _REJECTED else None


@dataclass(frozen=True)
class Finding:
    """What is to be said of one reference of an answer."""

    reference: str
    sentence: str


def relation_xlsx(folio: str, lines: Iterable[Line]) -> bytes:
    """Return the relation as XLSX, every cell a text."""
    return text_xlsx(folio, COLUMNS, lines)


def relation_csv(lines: Iterable[Line]) -> bytes:
    """Return the relation as CSV, with the two columns of the answer empty."""
    return text_csv(tuple(COLUMNS), ((*line, "", "") for line in lines))


def changed_columns(content: bytes, lines: Iterable[Line]) -> dict[str, list[str]]:
    """Return, by reference, in which columns that IMSS gets a relation (CSV) differs from these lines.

    Lines that the relation does not have are left out.
    """
    before = {row[0]: row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), ""))}
    found = {}
    for line in lines:
        said = zip(COLUMNS, before.get(line.reference, ()), map(harmless, line), strict=False)
        if columns := [title for title, was, now in said if was != now and title in SENT]:
            found[line.reference] = columns
    return found


def answers_in(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Answer]:
    """Return what the rows of a table answer; of those without a reference, what answers all the same.

    A cell under a merged one says nothing, and that is told. Raises NoColumn.
    """
    titles = (REFERENCE, RESULT, REASON)
    cells = cells_under(titles, headers, rows, needed=(RESULT,), covered=COVERED)
    found = [
        Answer(
            "" if reference == COVERED else printable(reference.upper()),
            printable(result),
            "" if reason == COVERED else printable(reason),
        )
        for reference, result, reason in cells
    ]
    return [one for one in found if one.is_said]


def printable(text: str) -> str:
    """Return a text on one line without what cannot be seen: no database keeps a NUL."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def settle(answers: Iterable[Answer]) -> tuple[dict[str, Answer], list[Finding]]:
    """Return the one answer to each reference, and what is to be said of those that have none or several.

    Of two that differ neither counts: a person chooses.
    """
    said: dict[str, dict[tuple[bool | None, str], Answer]] = {}
    times = Counter[str]()
    for answer in answers:
        times[answer.reference] += 1
        reason = "" if answer.is_applied else answer.reason
        said.setdefault(answer.reference, {}).setdefault((answer.is_applied, reason), answer)
    settled, findings = {}, []
    if said.pop("", None):
        findings.append(Finding(NO_REFERENCE, LOST))
    for reference, different in said.items():
        answer = next(iter(different.values()))
        fault = DIFFERENT if len(different) > 1 else answer.fault
        if not fault:
            settled[reference] = answer
        if fault or times[reference] > 1:
            findings.append(Finding(reference, fault or TWICE))
    return settled, findings
