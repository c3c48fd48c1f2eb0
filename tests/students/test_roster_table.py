"""Hostile and crooked roster files (security X1–X12): each one read, or refused with its own code."""

import io
import struct
import time
import zipfile
from datetime import date

import pytest

from common.uploads import Refusal, Refused
from students.roster_file.table import Table, read_table
from tests.students.roster_files import (
    ANA,
    HEADERS,
    LUIS,
    SHEET,
    csv_bytes,
    part_of,
    repacked,
    sheet_of,
    xlsx_bytes,
)

GOOD = [HEADERS, ANA, LUIS]
LIMIT = 5_000


def refusal(data: bytes, *, max_rows: int = LIMIT) -> Refusal:
    with pytest.raises(Refused) as caught:
        read_table(data, max_rows=max_rows)
    return caught.value.code


def test_read_table_xlsx() -> None:
    table = read_table(xlsx_bytes(GOOD), max_rows=LIMIT)

    assert table == Table(HEADERS, [2, 3], [ANA, LUIS], "Lista", [])


def test_read_table_survives_json() -> None:
    table = read_table(xlsx_bytes(GOOD), max_rows=LIMIT)

    assert Table.from_json(table.as_json()) == table


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_read_table_csv_separators(sign: str, newline: str) -> None:
    table = read_table(csv_bytes(GOOD, sign=sign, newline=newline), max_rows=LIMIT)

    assert (table.headers, table.rows) == (HEADERS, [ANA, LUIS])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_read_table_csv_encodings(encoding: str) -> None:
    rows = [HEADERS, ["26050150", "JOSÉ", "PEÑA", "", "101", ""]]

    table = read_table(csv_bytes(rows, encoding=encoding), max_rows=LIMIT)

    assert table.rows == [["26050150", "JOSÉ", "PEÑA", "", "101", ""]]


def test_read_table_csv_never_fails_on_cp1252() -> None:
    data = csv_bytes([HEADERS]) + b"\r\n26050150,JOS\x81,PE\xd1A,,101,"

    table = read_table(data, max_rows=LIMIT)

    assert table.rows[0][1:3] == ["JOS\ufffd", "PEÑA"]


def test_read_table_csv_quotes_and_excel_sep_line() -> None:
    data = 'sep=;\r\nMatrícula;Nombre(s);Grupo\r\n"26050148";"Ana ""Any""; María";101\r\n'.encode()

    table = read_table(data, max_rows=LIMIT)

    assert table.rows == [["26050148", 'Ana "Any"; María', "101"]]


def test_read_table_csv_open_quote_names_its_line() -> None:
    data = csv_bytes(GOOD) + b'\r\n26050150,"Ana,G,,101,\r\n26050151,Eva,G,,101,'

    with pytest.raises(Refused) as caught:
        read_table(data, max_rows=LIMIT)

    assert (caught.value.code, caught.value.details) == (Refusal.CSV_DAMAGED, {"line": 4})


def test_read_table_title_and_empty_rows_keep_line_numbers() -> None:
    rows = [["PLANTEL 05"], ["Lista oficial", "", "2026-B"], [], HEADERS, ANA, [], LUIS, ["", " "]]

    for data in (csv_bytes(rows), xlsx_bytes(rows)):
        table = read_table(data, max_rows=LIMIT)
        assert (table.headers, table.lines) == (HEADERS, [5, 7])


def test_read_table_starts_anywhere_on_the_sheet() -> None:
    rows = [[], [], ["", "", *HEADERS], ["", "", *ANA]]

    table = read_table(xlsx_bytes(rows), max_rows=LIMIT)

    assert (table.headers, table.lines, table.rows) == (HEADERS, [4], [ANA])


def test_read_table_without_header() -> None:
    table = read_table(csv_bytes([ANA, LUIS]), max_rows=LIMIT)

    assert (table.headers, table.lines) == ([""] * 6, [1, 2])


def test_read_table_kinds_of_cells() -> None:
    """X9: numbers and dates keep their kind, so that what Excel did to them can be told."""

    def change(book, sheet) -> None:
        sheet.write_datetime(1, 0, date(2026, 8, 24), book.add_format({"num_format": "dd/mm/yyyy"}))

    rows = [
        ["Fecha de inscripción", "Matrícula", "Grupo", "NSS", "Sí"],
        ["", 26050148, 1.5, 2250800014, True],
    ]

    table = read_table(xlsx_bytes(rows, change=change), max_rows=LIMIT)

    assert table.rows == [
        [["d", "2026-08-24"], ["n", "26050148"], ["n", "1.5"], ["n", "2250800014"], "VERDADERO"]
    ]


def test_read_table_formulas_are_text_and_marked() -> None:
    """X8: nothing is computed, fetched or linked; the cell says it held a formula."""

    def change(book, sheet) -> None:
        sheet.write_formula(1, 1, '=WEBSERVICE("http://x.example/")', None, "Ana")
        sheet.write_formula(2, 1, "=cmd|'/c calc'!A0", None, "Luis")

    table = read_table(xlsx_bytes(GOOD, change=change), max_rows=LIMIT)

    assert [row[1] for row in table.rows] == [["f", "Ana"], ["f", "Luis"]]


def test_read_table_merged_and_hidden() -> None:
    def change(book, sheet) -> None:
        sheet.merge_range(1, 4, 2, 4, "101")
        sheet.set_row(2, None, None, {"hidden": True})

    table = read_table(xlsx_bytes(GOOD, change=change), max_rows=LIMIT)

    assert [row[4] for row in table.rows] == ["101", ["m", "101"]]
    assert table.notes == [
        "La hoja tiene filas ocultas (1). También las leímos: revisar que deban estar."
    ]


def test_read_table_takes_the_sheet_with_students_and_names_the_others() -> None:
    def change(book, sheet) -> None:
        for name in ("101", "102"):
            group = book.add_worksheet(name)
            for number, row in enumerate(GOOD):
                group.write_row(number, 0, row)
        hidden = book.add_worksheet("Secreta")
        hidden.write_row(0, 0, HEADERS)
        hidden.hide()

    table = read_table(xlsx_bytes([["Instrucciones"], ["Llenar"]], change=change), max_rows=LIMIT)

    assert (table.sheet, len(table.rows)) == ("101", 2)
    assert table.notes == ["Leímos solo la hoja «101». No leímos «102»: subirlas en otro archivo."]


@pytest.mark.parametrize("data", [b"", b" \r\n\r\n "])
def test_read_table_empty(data: bytes) -> None:
    assert refusal(data) == Refusal.EMPTY


@pytest.mark.parametrize("data", [csv_bytes([HEADERS]), xlsx_bytes([HEADERS]), xlsx_bytes([])])
def test_read_table_no_rows(data: bytes) -> None:
    assert refusal(data) == Refusal.NO_ROWS


XXE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part",
    [
        SHEET,
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    ],
)
@pytest.mark.parametrize("entity", [XXE, LAUGHS])
def test_read_table_entities(part: str, entity: bytes) -> None:
    """X1, X2."""
    good = xlsx_bytes(GOOD)
    content = part_of(good, part)
    start = content.index(b"?>") + 2

    data = repacked(good, {part: content[:start] + entity + content[start:]})

    assert refusal(data) == Refusal.ARCHIVE_DAMAGED


def test_read_table_entity_in_utf16() -> None:
    good = xlsx_bytes(GOOD)
    content = part_of(good, SHEET).decode().replace("UTF-8", "UTF-16")
    data = repacked(good, {SHEET: content.replace("?>", "?>" + XXE.decode(), 1).encode("utf-16")})

    assert refusal(data) == Refusal.ARCHIVE_DAMAGED


def test_read_table_million_rows() -> None:
    """X3: refused by counting the packed rows, long before 115 MB exist."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
    data = repacked(xlsx_bytes(GOOD), {SHEET: sheet_of(rows)})
    started = time.monotonic()

    assert refusal(data) == Refusal.TOO_MANY_ROWS
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("XFD1048576", Refusal.TOO_MANY_ROWS),
        ("XFD2", Refusal.TOO_MANY_COLUMNS),
        ("A1048576", Refusal.TOO_MANY_ROWS),
    ],
)
def test_read_table_far_cell(cell: str, code: Refusal) -> None:
    """X4: 4.8 kB that make the library ask for 549 GB."""
    row = "".join(char for char in cell if char.isdigit())
    cells = (
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    )

    assert refusal(repacked(xlsx_bytes(GOOD), {SHEET: sheet_of(cells)})) == code


def test_read_table_far_empty_styled_cell_is_nothing() -> None:
    good = xlsx_bytes(GOOD)
    styled = part_of(good, SHEET).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )

    assert len(read_table(repacked(good, {SHEET: styled}), max_rows=LIMIT).rows) == 2


def _duplicate(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET, sheet_of(""))
    return buffer.getvalue()


def _symlink(data: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        entry = zipfile.ZipInfo("xl/link")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def _named(name: str) -> bytes:
    return repacked(xlsx_bytes(GOOD), {name: b"x"})


def _local_name_differs(data: bytes) -> bytes:
    at = data.index(b"xl/worksheets/sheet1.xml")
    return data[:at] + b"xl/worksheets/sheet9.xml" + data[at + 24 :]


def _too_many_entries(data: bytes) -> bytes:
    return repacked(data, {f"xl/media/{n}.bin": b"x" for n in range(200)})


def _bad_ratio(data: bytes) -> bytes:
    return repacked(data, {"xl/media/zeros.bin": b"\0" * 30_000_000})


def _overlap(data: bytes) -> bytes:
    """Point the second directory entry at the first one's bytes."""
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    offset = struct.unpack("<I", data[first + 42 : first + 46])[0]
    return data[: second + 42] + struct.pack("<I", offset) + data[second + 46 :]


def _encrypted_flag(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + b"\x01\x00" + data[at + 10 :]


@pytest.mark.parametrize(
    "make",
    [
        _duplicate,
        _symlink,
        lambda _: _named("../evil.xml"),
        lambda _: _named("/abs.xml"),
        lambda _: _named("C:evil.xml"),
        _local_name_differs,
        _too_many_entries,
        _bad_ratio,
        _overlap,
        _encrypted_flag,
        lambda good: good[: len(good) // 2],
        lambda good: good[:-30] + b"\0" * 30,
        lambda good: repacked(good, {SHEET: b"<worksheet><sheetData><row>"}),
        lambda good: repacked(good, {SHEET: part_of(good, SHEET)}, mode=zipfile.ZIP_BZIP2),
        lambda good: repacked(good, {"xl/_rels/workbook.xml.rels": None}),
        lambda good: repacked(good, {"xl/workbook.xml": b"<workbook"}),
    ],
    ids=[
        "duplicate", "symlink", "dotdot", "absolute", "drive", "two names", "entries", "ratio", "overlap",
        "encrypted", "cut", "no directory", "cut sheet", "bzip2", "no rels", "bad workbook",
    ],
)  # fmt: skip
def test_read_table_archive_tricks(make) -> None:
    """X5."""
    assert refusal(make(xlsx_bytes(GOOD))) == Refusal.ARCHIVE_DAMAGED


def test_read_table_prefix_before_the_archive() -> None:
    """X5: bytes in front make it no archive at all, and no CSV either."""
    assert refusal(b"MZ\x00\x00" + xlsx_bytes(GOOD)) == Refusal.TYPE_NOT_ALLOWED


def test_read_table_keeps_data_descriptors() -> None:
    """Excel's competitors write them; only a disagreement with the directory is a trick."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, chunk) -> int:
            self.data += bytes(chunk)
            return len(chunk)

    good, pipe = xlsx_bytes(GOOD), Pipe()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(pipe, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))

    assert len(read_table(pipe.data, max_rows=LIMIT).rows) == 2


def _content_type(kind: bytes) -> bytes:
    good = xlsx_bytes(GOOD)
    types = part_of(good, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", kind
    )
    return repacked(good, {"[Content_Types].xml": types})


def _ods() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        _content_type(b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        _content_type(b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        _ods(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"<html><table><tr><td>CURP</td></tr></table></html>",
        b"<?xml version='1.0'?><Workbook/>",
        b"Matr\x00cula,Nombre\r\n1,Ana",
        b"%PDF-1.7\x00",
    ],
    ids=["xlsm", "xlsb", "ods", "xls", "html", "xml 2003", "NUL", "pdf"],
)
def test_read_table_other_kinds(data: bytes) -> None:
    """X6, X10."""
    assert refusal(data) == Refusal.TYPE_NOT_ALLOWED


def test_read_table_password() -> None:
    """X7."""
    stream = "EncryptedPackage".encode("utf-16-le")

    assert (
        refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream)
        == Refusal.XLSX_ENCRYPTED
    )


def test_read_table_ten_megabytes_in_one_line() -> None:
    """X10."""
    assert refusal(csv_bytes([HEADERS]) + b"\r\n" + b"A" * 10_000_000) == Refusal.CSV_DAMAGED


def test_read_table_two_thousand_columns() -> None:
    """X10."""
    wide = [[f"c{n}" for n in range(2_000)], ["x"] * 2_000]

    assert refusal(csv_bytes(wide)) == Refusal.TOO_MANY_COLUMNS


def test_read_table_empty_columns_do_not_count() -> None:
    rows = [[*HEADERS, *[""] * 60], [*ANA, *[""] * 60]]

    assert read_table(csv_bytes(rows), max_rows=LIMIT).rows == [ANA]


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_read_table_row_limit(write) -> None:
    """X12."""
    rows = [HEADERS, *([f"26{n:06d}", *ANA[1:5], ""] for n in range(LIMIT + 1))]

    assert len(read_table(write(rows[:-1]), max_rows=LIMIT).rows) == LIMIT
    assert refusal(write(rows)) == Refusal.TOO_MANY_ROWS
