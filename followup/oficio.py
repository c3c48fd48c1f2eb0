"""An oficio's rows out, and the Subdelegación's answers in: XLSX bytes and cells of a table, no database.

A row is known again by our own reference, the folio of the student's report: neither order, names nor CURP
have to come back as they went.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from common.spreadsheets import Cell, cells_under, text_xlsx
from students.identity import NssError, nss_birth_year_warning, parse_curp, parse_nss

REFERENCE, NSS, MISSING, REFUSED = "Referencia", "NSS", "Documento que falta", "Motivo si no se dio"
FIELDS = {
    "name": "Nombre",
    "curp": "CURP",
    "birth_date": "Fecha de nacimiento",
    "birth_place": "Lugar de nacimiento",
    "address": "Domicilio",
    "email": "Correo",
}
"""What a row says of a student, and how its column is called."""
ANSWERS = (NSS, MISSING, REFUSED)
WIDTHS = (20, 34, 22, 20, 22, 48, 30, 16, 30, 30)
NSS_DIGITS = 11
MOST_STUDENTS = 300
"""Each has three fields in the table of answers, of the thousand that one form may send."""
TWICE = "La lista trae otra respuesta para esta misma referencia. Dejar la que es"
SHARED = (
    "La lista trae este mismo NSS para otro estudiante. Preguntar a la Subdelegación de quién es"
)
MISSING_LETTERS, REFUSAL_LETTERS = 200, 500


@dataclass(frozen=True)
class Answer:
    """What is said of one row: its number, the document that is missing, or why it is refused."""

    reference: str
    nss: str = ""
    missing: str = ""
    refusal: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said yet."""
        return not (self.nss or self.missing or self.refusal)

    @property
    def fault(self) -> str:
        """Why it cannot be so, in words for the screen; empty when it can."""
        if sum(map(bool, (self.nss, self.missing, self.refusal))) > 1:
            return "Dejar una sola respuesta: el NSS, el documento que falta o el motivo"
        if len(self.missing) > MISSING_LETTERS:
            return f"Escribir el documento que falta en {MISSING_LETTERS} letras o menos"
        if len(self.refusal) > REFUSAL_LETTERS:
            return f"Escribir el motivo en {REFUSAL_LETTERS} letras o menos"
        if not self.nss:
            return ""
        try:
            parse_nss(self.nss)
        except NssError as error:
            return error.sentence
        return ""

    @property
    def number(self) -> str:
        """The digits of its number, however it is written."""
        return re.sub(r"\D", "", self.nss)

    def doubt(self, curp: str) -> str:
        """Say that the number bears another year of birth than the CURP; empty when it does not.

        So a column that slipped by a row, or two numbers in each other's place, are seen before they are registered.
        """
        if not self.nss or self.fault:
            return ""
        return nss_birth_year_warning(self.number, parse_curp(curp).birth_date) or ""

    @property
    def outcome(self) -> str:
        """What will happen, in words for the screen; empty when nothing or when it cannot be so."""
        if self.is_empty or self.fault:
            return ""
        if self.nss:
            return "Se registra el NSS y se le avisa"
        if self.missing:
            return "Vuelve a «datos completos» y se le avisa qué falta"
        return "Se cierra sin NSS y se le dice por qué"


def sheet_of(folio: str, rows: Sequence[tuple[str, Mapping[str, str]]]) -> bytes:
    """Return the XLSX of an oficio: a line for each (reference, row), with empty columns for the answers."""
    columns = dict(zip((REFERENCE, *FIELDS.values(), *ANSWERS), WIDTHS, strict=True))
    lines = ((reference, *(row[name] for name in FIELDS)) for reference, row in rows)
    return text_xlsx(folio, columns, lines)


def answers_in(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Answer]:
    """Return what the rows of a table answer, those without a reference or an answer left out.

    A number from which Excel took the zeros gets them back. Raises NoColumn.
    """
    titles, digits = (REFERENCE, *ANSWERS), {NSS: NSS_DIGITS}
    found = [
        Answer(reference.upper(), nss, missing, refusal)
        for reference, nss, missing, refusal in cells_under(titles, headers, rows, digits=digits)
    ]
    return [answer for answer in found if answer.reference and not answer.is_empty]


def faults_of(answers: Collection[Answer]) -> dict[str, str]:
    """Return why an answer cannot be so, by its reference.

    Of two that differ a person chooses; of a number given for two students a person asks whose it is.
    """
    times = Counter(answer.reference for answer in set(answers))
    holders = Counter(number for number, _ in {(one.number, one.reference) for one in answers})

    def fault(one: Answer) -> str:
        if times[one.reference] > 1:
            return TWICE
        return SHARED if one.number and holders[one.number] > 1 else one.fault

    return {one.reference: fault(one) for one in answers}
