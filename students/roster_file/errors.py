"""The rows that could not be imported, as a list to correct: what is wrong stands beside each cell."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import xlsxwriter

from students.roster_file.columns import FIELDS

Cell = str | list[str]
TEXT: Final = 49  # the number of Excel's own format «Texto»
COMMENT_SIZE: Final = {"width": 300, "height": 110}  # pixels


def errors_xlsx(
    headers: Sequence[str],
    rows: Sequence[tuple[int, Sequence[Cell]]],
    findings: Iterable[Mapping[str, Any]],
    matching: Mapping[str, int],
) -> bytes:
    """Return the rows as XLSX with the columns of the school's own list, to correct and upload as it is.

    `rows` pairs each row's number in the list with its cells; `findings` are those of the review, `matching` a field's
    column. Every cell is a text, so nothing in it is ever a formula and Excel takes no zero away.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        text: dict[str, Any] = {"num_format": TEXT, "quote_prefix": True}
        plain, wrong = book.add_format(text), book.add_format({**text, "bg_color": "#FFF2CC"})
        head = book.add_format({**text, "bold": True, "bottom": 1, "bg_color": "#E7F3EF"})
        sheet = book.add_worksheet("Corregir")
        sheet.set_comments_author("Portal de afiliación")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(_names(headers, matching)):
            sheet.set_column(column, column, 20, plain)
            sheet.write_string(0, column, name, head)
        notes = _notes(findings, matching)
        for at, (line, cells) in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                note = notes[line].get(column, "")
                sheet.write_string(at, column, _text(cell), wrong if note else plain)
                if note:
                    sheet.write_comment(
                        at, column, f"Fila {line} de la lista\n{note}", COMMENT_SIZE
                    )
    return buffer.getvalue()


def _names(headers: Sequence[str], matching: Mapping[str, int]) -> list[str]:
    """Return the headers as they were; one that was empty is called as its field."""
    labels = {column: FIELDS[key].label for key, column in matching.items() if key in FIELDS}
    return [header or labels.get(column, "") for column, header in enumerate(headers)]


def _notes(
    findings: Iterable[Mapping[str, Any]], matching: Mapping[str, int]
) -> defaultdict[int, dict[int, str]]:
    """Return what to say about each cell, by line and column; several findings go below each other."""
    notes: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for finding in findings:
        # What is told of a field that the list does not have is told at its matrícula, or in the first column.
        column = matching.get(finding["field"], matching.get("matricula", 0))
        told = f"Qué pasa: {finding['problem']}.\nCómo se arregla: {finding['remedy']}."
        before = notes[finding["line"]].get(column)
        notes[finding["line"]][column] = f"{before}\n{told}" if before else told
    return notes


def _text(cell: Cell) -> str:
    """Return a cell as a person would type it; a covered cell of a merged range is empty."""
    if isinstance(cell, str):
        return cell
    kind, text = cell
    if kind == "m":
        return ""
    return f"{date.fromisoformat(text):%d/%m/%Y}" if kind == "d" else text
