"""Rosters as schools send them, and as attackers do: every file is made here."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import xlsxwriter

from common.uploads import Refusal, Refused
from students.roster_file.table import read_table

HEADERS = ["Matrícula", "Nombre(s)", "Primer apellido", "Segundo apellido", "Grupo", "CURP"]
ANA = ["26050148", "Ana", "Gómez", "Martínez", "101", "GOMA080214MSRMRNA5"]
LUIS = ["26050149", "Luis", "Álvarez", "Peña", "101", "AAPL080321HDFLXSA9"]

GOOD = [HEADERS, ANA, LUIS]
LIMIT = 5_000

Cells = Sequence[Sequence[Any]]


def csv_bytes(
    rows: Cells, *, sign: str = ",", newline: str = "\r\n", encoding: str = "utf-8"
) -> bytes:
    """Return rows as CSV without quotes."""
    return newline.join(sign.join(map(str, row)) for row in rows).encode(encoding)


def xlsx_bytes(rows: Cells, *, change: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return rows as XLSX, each value with its own type; `change` may add to book and sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Lista")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
        if change:
            change(book, sheet)
    return buffer.getvalue()


def repacked(
    data: bytes, parts: Mapping[str, bytes | None], *, mode: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return an archive with some parts replaced, added, or left out (None)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", mode) as target:
        for entry in source.infolist():
            if entry.filename not in parts:
                target.writestr(entry.filename, source.read(entry))
        for name, content in parts.items():
            if content is not None:
                target.writestr(name, content)
    return buffer.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    """Return one part of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(cells: str) -> bytes:
    """Return a worksheet part with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def refusal(data: bytes, *, max_rows: int = LIMIT) -> Refusal:
    """Return why a roster is refused; fails when it is read."""
    with pytest.raises(Refused) as caught:
        read_table(data, max_rows=max_rows)
    return caught.value.code
