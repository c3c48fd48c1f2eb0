"""Tables for the spreadsheets of people: cells of text out, and the cells that come back in.

Every cell is a text: nothing is a formula, no zero is taken away. What comes back is found by the titles of its
columns, in any order.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from zipfile import ZipFile

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

Cell = str | list[str]
"""A text, or a pair of kind and text where it was no text (students.roster_file.table)."""
TEXT: Final = 49  # the number of Excel's own format «Texto»
SHEET: Final = "xl/worksheets/sheet1.xml"
STYLE: Final = re.compile(r'<col [^>]*style="(\d+)"')
DIMENSION: Final = re.compile(r"<dimension [^>]*/>")  # may be left out, and must not lie
NOT_PLAIN: Final = re.compile(r"[&<>\x00-\x1f]")
ENTITIES: Final = dict.fromkeys(range(32), "") | {
    ord(sign): entity for sign, entity in {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.items()
}
"""XML knows no control characters."""
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
    """Return an XLSX of one sheet; `columns` maps each title to its width, a row may stop before the last ones.

    XlsxWriter makes the book with its header. The rows are put into its sheet as they stand: all are text in one
    format, and what it does for each cell would take six times as long.
    """
    buffer = io.BytesIO()
    with ZipFile(_header_alone(name, columns)) as header, ZipFile(buffer, "w") as book:
        for part in header.infolist():
            content = header.read(part)
            if part.filename == SHEET:
                content = _with_rows(content.decode(), len(columns), rows).encode()
            book.writestr(part, content)
    return buffer.getvalue()


def _header_alone(name: str, columns: Mapping[str, int]) -> io.BytesIO:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        text = book.add_format({"num_format": TEXT})
        head = book.add_format(
            {"bold": True, "num_format": TEXT, "bottom": 1, "bg_color": "#E7F3EF"}
        )
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for index, (title, width) in enumerate(columns.items()):
            sheet.set_column(index, index, width, text)
            sheet.write_string(0, index, title, head)
    return buffer


def _with_rows(sheet: str, columns: int, rows: Iterable[Sequence[str]]) -> str:
    """Put rows after the header, in the format of the columns."""
    before, after = DIMENSION.sub("", sheet).split("</sheetData>")
    [style, *_] = STYLE.findall(before)
    opening = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    letters = [xl_col_to_name(index) for index in range(columns)]
    lines = []
    for number, row in enumerate(rows, start=2):
        cells = [
            f'<c r="{letter}{number}{opening}{_xml(text)}</t></is></c>'
            for letter, text in zip(letters, row, strict=False)
            if text
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"{before}{''.join(lines)}</sheetData>{after}"


def _xml(text: str) -> str:
    return text.translate(ENTITIES) if NOT_PLAIN.search(text) else text


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
    needed: Collection[str] = (),
    covered: str = "",
) -> Iterator[tuple[str, ...]]:
    """Yield of each row the texts under these titles, "" where there is none; the first title is one that it needs.

    `digits` says of how many digits the numbers of a column are: Excel took their zeros. `needed` are other titles
    without which the table says nothing, `covered` is the text of a cell under a merged one. Raises NoColumn.
    """
    headers, rows = _under_its_header(titles[0], headers, rows)
    places = {_plain(title): at for at, title in reversed(list(enumerate(headers)))}
    for title in needed:
        if _plain(title) not in places:
            raise NoColumn(title)
    wanted = [(places.get(_plain(title)), digits.get(title, 0)) for title in titles]
    return (
        tuple(_text(row, *place) or _under(row, place[0], covered) for place in wanted)
        for row in rows
    )


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


def _under(row: Sequence[Cell], at: int | None, covered: str) -> str:
    """The text of an empty cell: another one where a merged cell covers it."""
    value: Any = "" if at is None or at >= len(row) else row[at]
    return covered if not isinstance(value, str) and value[0] == "m" else ""
