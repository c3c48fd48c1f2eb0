"""Bytes of a roster in, a table of cells out. Runs in the limited child process: XLSX can be a bomb.

A cell is a text, or for what was not text a pair ``[kind, text]``: ``n`` number, ``d`` ISO date,
``f`` formula, ``m`` covered by a merged cell. Pairs and texts survive JSON unchanged.
"""

import csv
import datetime
import io
import itertools
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree  # nosec B405 -- archive.inspect refused every document type before

from common.uploads.refusals import Refusal, Refused
from students.roster_file import archive
from students.roster_file.columns import HEADER_SCORE, find_header

Cell = str | list[str]
MAX_CELL = 500  # characters; more is no name, number or e-mail
DELIMITERS = (";", ",", "\t", "|")
RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Table:
    """One sheet: where its header stood, and the rows under it with their number in the file."""

    headers: list[str]
    lines: list[int]
    rows: list[list[Cell]]
    sheet: str = ""
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Table":
        return cls(**value)


def read_table(data: bytes, *, max_rows: int) -> Table:
    """Return the sheet with the students. Raises Refused with its code."""
    if not data.strip():
        raise Refused(Refusal.EMPTY)
    archive.check_not_office_binary(data)
    if archive.is_archive(data):
        return _read_xlsx(data, max_rows=max_rows)
    return _read_csv(data, max_rows=max_rows)


def _read_csv(data: bytes, *, max_rows: int) -> Table:
    text = _decode(data)
    if re.match(r"\s*<(?:!doctype|html|\?xml|table)", text[:200], re.IGNORECASE):
        raise Refused(Refusal.TYPE_NOT_ALLOWED)
    text, delimiter = _delimiter(text)
    grid: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if len(grid) > max_rows + archive.HEADER_ROOM:
                raise Refused(Refusal.TOO_MANY_ROWS, limit=f"{max_rows:,}")
            grid.append([cell[: MAX_CELL + 1] for cell in record])
    except csv.Error as error:
        raise Refused(Refusal.CSV_DAMAGED, line=len(grid) + 1) from error
    table = _table(grid, first_line=1, sheet="", notes=[])
    _check_length(table, max_rows)
    return table


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data:
        raise Refused(Refusal.TYPE_NOT_ALLOWED)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # cp1252 reads any file, so it comes last; its five unassigned bytes become row errors.
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> tuple[str, str]:
    """Return the text without Excel's «sep=» line, and the sign between its columns."""
    declared = re.match(r"sep=(.)\r?\n?", text)
    if declared:
        return text[declared.end() :], declared.group(1)
    sample = "\n".join(re.split(r"\r\n|\r|\n", text[:20_000])[:30])
    sample = re.sub(r'"[^"]*"', '""', sample)
    lines = [line for line in sample.split("\n") if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return sum(1 for count in counts if count and count == max(counts)), max(counts, default=0)

    return text, max(DELIMITERS, key=score)


def _read_xlsx(data: bytes, *, max_rows: int) -> Table:
    marks = archive.inspect(data, max_rows=max_rows)
    parts = _sheet_parts(data)
    # Imported late: only the limited child may load it.
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    tables: list[Table] = []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                visible = meta.visible == SheetVisibleEnum.Visible
                if not visible or meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.start is not None:
                    mark = marks.get(parts.get(meta.name, ""))
                    tables.append(_sheet_table(sheet, mark))
    except (CalamineError, ValueError, OSError) as error:
        raise Refused(Refusal.ARCHIVE_DAMAGED) from error
    return _choose(tables, max_rows)


def _choose(tables: list[Table], max_rows: int) -> Table:
    if not tables:
        raise Refused(Refusal.NO_ROWS)
    best = max(tables, key=lambda table: find_header([table.headers])[1])  # the first of equals
    _check_length(best, max_rows)
    others = [
        table.sheet
        for table in tables
        if table is not best and table.rows and find_header([table.headers])[1] >= HEADER_SCORE
    ]
    if others:
        names = ", ".join(f"«{name}»" for name in others)
        best.notes.append(
            f"Leímos solo la hoja «{best.sheet}». No leímos {names}: subirlas en otro archivo."
        )
    return best


def _check_length(table: Table, max_rows: int) -> None:
    if not table.rows:
        raise Refused(Refusal.NO_ROWS)
    if len(table.rows) > max_rows:
        raise Refused(Refusal.TOO_MANY_ROWS, limit=f"{max_rows:,}")


def _sheet_parts(data: bytes) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            book = _parse(packed.read("xl/workbook.xml"))
            links = _parse(packed.read("xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, KeyError) as error:
        raise Refused(Refusal.ARCHIVE_DAMAGED) from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    parts: dict[str, str] = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet":
            target = targets.get(element.get(RELATIONSHIP), "")
            parts[element.get("name", "")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    return parts


def _parse(part: bytes) -> ElementTree.Element:
    # archive.inspect refused every document type before, so there is no entity to expand.
    return ElementTree.fromstring(part)  # noqa: S314 -- see above  # nosec B314


def _sheet_table(sheet: Any, mark: archive.SheetMarks | None) -> Table:
    top, left = sheet.start
    grid: list[list[Cell]] = [
        [value if type(value) is str and len(value) <= MAX_CELL else _cell(value) for value in row]
        for row in sheet.to_python()
    ]
    notes: list[str] = []
    for row, column in mark.formulas if mark else ():
        _replace(grid, row - 1 - top, column - 1 - left, "f")
    for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ():
        inside = itertools.product(
            range(max(r1, top), min(r2 + 1, top + len(grid))),
            range(max(c1, left), min(c2 + 1, left + archive.MAX_COLUMNS)),
        )
        for row, column in inside:
            if (row, column) != (r1, c1):
                _replace(grid, row - top, column - left, "m")
    if mark and mark.hidden_rows:
        notes.append(
            f"La hoja tiene filas ocultas ({mark.hidden_rows}). También las leímos: "
            "revisar que deban estar."
        )
    return _table(grid, first_line=top + 1, sheet=sheet.name, notes=notes)


def _replace(grid: list[list[Cell]], row: int, column: int, kind: str) -> None:
    if 0 <= row < len(grid) and 0 <= column < len(grid[row]):
        current = grid[row][column]
        grid[row][column] = [kind, current if isinstance(current, str) else current[1]]


def _cell(value: Any) -> Cell:
    if type(value) is str:
        return value[: MAX_CELL + 1]
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float):
        return ["n", str(int(value)) if value.is_integer() else repr(value)]
    if isinstance(value, datetime.datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, datetime.date):
        return ["d", value.isoformat()]
    return str(value)


def _is_empty(cell: Cell) -> bool:
    if type(cell) is str:
        return not cell or cell.isspace()
    return not cell[1] and cell[0] == "m"


def _table(grid: list[list[Cell]], *, first_line: int, sheet: str, notes: list[str]) -> Table:
    """Split header and rows, drop empty rows and keep each row's number in the file."""
    width = max((len(row) for row in grid), default=0)
    if width > archive.MAX_COLUMNS:
        used = max((i for row in grid for i, c in enumerate(row, 1) if not _is_empty(c)), default=0)
        if used > archive.MAX_COLUMNS:
            raise Refused(Refusal.TOO_MANY_COLUMNS, limit=archive.MAX_COLUMNS)
        width = used
    texts = [
        [c if isinstance(c, str) else c[1] for c in row] for row in grid[: archive.HEADER_ROOM]
    ]
    header, _ = find_header(texts)
    headers = texts[header] if header >= 0 else []
    headers = [" ".join(text.split())[:80] for text in headers[:width]]
    headers += [""] * (width - len(headers))
    lines: list[int] = []
    rows: list[list[Cell]] = []
    for index in range(header + 1, len(grid)):
        row = grid[index]
        if all(_is_empty(cell) for cell in row):
            continue
        if len(row) != width:
            row = (row + [""] * width)[:width]
        lines.append(first_line + index)
        rows.append(row)
    return Table(headers, lines, rows, sheet, notes)
