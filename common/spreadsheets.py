"""Tables for the spreadsheets of people: cells of text out, and the cells that come back in.

Every cell is a text: nothing is a formula, no zero is taken away. What comes back is found by the titles of its
columns, in any order.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import xlsxwriter

Cell = str | list[str]
"""A text, or a pair of kind and text where it was no text (students.roster_file.table)."""
TEXT: Final = 49  # the number of Excel's own format «Texto»
DANGEROUS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")
"""With one of these at its beginning a spreadsheet takes a field of a CSV for a formula."""
HEADER_SEARCH: Final = 30  # rows; titles and logos above a header take fewer


class NoColumn(Exception):
    """The table has no column with that title."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.sentence = (
            f"El archivo no trae la columna «{title}». Llenar las columnas vacías de la lista que se "
            "descarga aquí y subir esa misma"
        )


def text_xlsx(name: str, columns: Mapping[str, int], rows: Iterable[Sequence[str]]) -> bytes:
    """Return an XLSX of one sheet; `columns` maps each title to its width, a row may stop before the last ones."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        text = book.add_format({"num_format": TEXT})
        head = book.add_format(
            {"bold": True, "num_format": TEXT, "bottom": 1, "bg_color": "#E7F3EF"}
        )
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for index, (title, width) in enumerate(columns.items()):
            sheet.set_column(index, index, width, text)
            sheet.write_string(0, index, title, head)
        for line, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if value:
                    sheet.write_string(line, index, value)
    return buffer.getvalue()


def text_csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV in UTF-8 with the mark by which Excel knows it; what looks like a formula begins with «'»."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(titles)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def harmless(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in DANGEROUS else value


def cells_under(
    titles: Sequence[str],
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    digits: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[tuple[str, ...]]:
    """Yield of each row the texts under these titles, "" where there is none; the first title is the one it needs.

    `digits` says of how many digits the numbers of a column are: Excel took their zeros. Raises NoColumn.
    """
    headers, rows = _under_its_header(titles[0], headers, rows)
    places = {_plain(title): at for at, title in reversed(list(enumerate(headers)))}
    wanted = [(places.get(_plain(title)), digits.get(title, 0)) for title in titles]
    return (tuple(_text(row, *place) for place in wanted) for row in rows)


def _under_its_header(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """A header of titles that no roster has was taken for a row like the others."""
    if _plain(title) in map(_plain, headers):
        return headers, rows
    for at, row in enumerate(rows[:HEADER_SEARCH]):
        texts = [_text(row, column, 0) for column in range(len(row))]
        if _plain(title) in map(_plain, texts):
            return texts, rows[at + 1 :]
    raise NoColumn(title)


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()


def _text(row: Sequence[Cell], at: int | None, digits: int) -> str:
    value: Any = "" if at is None or at >= len(row) else row[at]
    if isinstance(value, str):
        return value.strip()
    kind, text = value
    is_number = kind == "n" and text.isdigit()
    return str(text.zfill(digits) if is_number else text.strip())
