"""A list of clinics: the cells of a table in, numbers with name and address out, and what is wrong with each row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from students.roster_file.columns import HEADER_SEARCH, plain

Cell = str | list[str]
HIGHEST = 999
NAME_LETTERS, ADDRESS_LETTERS = 120, 250
_NUMBER, _NAME, _ADDRESS = "number", "name", "address"
_MEANS = {
    **dict.fromkeys(
        (
            "numero",
            "numero de umf",
            "no",
            "no de umf",
            "num",
            "umf",
            "clave",
            "numero umf",
            "no umf",
        ),
        _NUMBER,
    ),
    **dict.fromkeys(
        ("nombre", "nombre de la umf", "clinica", "nombre de la clinica", "unidad"), _NAME
    ),
    **dict.fromkeys(
        ("domicilio", "direccion", "ubicacion", "domicilio de la umf", "direccion de la clinica"),
        _ADDRESS,
    ),
}
_IN_ORDER = (_NUMBER, _NAME, _ADDRESS)
_AS_WRITTEN = re.compile(r"(?:U\.?M\.?F\.?)?\s*(?:N(?:O|UM)?\.?)?\s*(\d{1,3})", re.I)


@dataclass(frozen=True, slots=True)
class UMFRow:
    """One clinic of the list."""

    number: int
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that says no clinic, by its number in the file, and how to mend it."""

    line: int
    problem: str


def umf_number(text: str) -> int | None:
    """Return the number of a clinic as people write it («37», «UMF 37», «UMF No. 037»), None for anything else."""
    found = _AS_WRITTEN.fullmatch(text.strip())
    number = int(found[1]) if found else 0
    return number if 1 <= number <= HIGHEST else None


def read_umfs(
    headers: Sequence[str], lines: Sequence[int], rows: Sequence[Sequence[Cell]]
) -> tuple[list[UMFRow], list[WrongRow]]:
    """Return the clinics of a table, each once, and the rows that say none.

    Columns are known by their names; without a column of numbers they are taken in the order número, nombre,
    domicilio.
    """
    found: dict[int, UMFRow] = {}
    wrong: list[WrongRow] = []
    columns, begins = _header(headers, rows)
    for line, cells in list(zip(lines, rows, strict=True))[begins:]:
        values = {name: _text(cells, at) for name, at in columns.items()}
        number = umf_number(values[_NUMBER])
        if number is None:
            wrong.append(WrongRow(line, _wrong_number(values[_NUMBER])))
        elif number in found:
            wrong.append(
                WrongRow(line, f"La UMF {number} ya viene antes en la lista. Dejar solo una")
            )
        elif problem := _too_long(values):
            wrong.append(WrongRow(line, problem))
        else:
            found[number] = UMFRow(number, values.get(_NAME, ""), values.get(_ADDRESS, ""))
    return list(found.values()), wrong


def _header(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> tuple[dict[str, int], int]:
    """The columns by what they mean, and where the clinics begin: titles may stand among the rows."""
    if _NUMBER in (columns := _columns(headers)):
        return columns, 0
    for at, cells in enumerate(rows[:HEADER_SEARCH]):
        columns = _columns([_text(cells, column) for column in range(len(cells))])
        if _NUMBER in columns:
            return columns, at + 1
    return {name: at for at, name in enumerate(_IN_ORDER)}, 0


def _columns(headers: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, header in enumerate(headers):
        if meaning := _MEANS.get(plain(header)):
            columns.setdefault(meaning, at)
    return columns


def _text(cells: Sequence[Cell], at: int) -> str:
    cell = cells[at] if at < len(cells) else ""
    return " ".join((cell if isinstance(cell, str) else cell[1]).split())


def _too_long(values: Mapping[str, str]) -> str:
    """Nothing is cut: what does not fit is told."""
    for name, most, label in (
        (_NAME, NAME_LETTERS, "El nombre"),
        (_ADDRESS, ADDRESS_LETTERS, "El domicilio"),
    ):
        if len(values.get(name, "")) > most:
            return f"{label} tiene más de {most} letras. Acortarlo"
    return ""


def _wrong_number(text: str) -> str:
    if not text:
        return "Falta el número. Escribir el de la UMF, por ejemplo 37"
    return f"«{text[:20]}» no es un número de UMF. Escribir un número del 1 al {HIGHEST}"
