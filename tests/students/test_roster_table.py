"""Crooked roster files (security X6–X12): each one read, or refused with its own code."""

import io
import json
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest

from common.uploads import Refusal, Refused
from students.roster_file import archive
from students.roster_file.reader import read_roster
from students.roster_file.table import Table, read_table
from tests.students.roster_files import (
    ANA,
    GOOD,
    HEADERS,
    LIMIT,
    LUIS,
    csv_bytes,
    part_of,
    refusal,
    repacked,
    xlsx_bytes,
)


def test_read_table_xlsx() -> None:
    table = read_table(xlsx_bytes(GOOD), max_rows=LIMIT)

    assert table == Table(HEADERS, [2, 3], [ANA, LUIS], "Lista", [])


def test_read_table_survives_json() -> None:
    table = read_table(xlsx_bytes(GOOD), max_rows=LIMIT)

    assert Table.from_json(json.loads(json.dumps(table.as_json()))) == table


def test_read_roster_reads_its_one_input(tmp_path: Path) -> None:
    """What the limited child runs, here without its limits."""
    lista = tmp_path / "lista.csv"
    lista.write_bytes(csv_bytes(GOOD))

    value = read_roster([lista], {"max_rows": LIMIT}, tmp_path)

    assert Table.from_json(value) == Table(HEADERS, [2, 3], [ANA, LUIS])


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
        moments = {
            "dd/mm/yyyy": date(2026, 8, 24),
            "dd/mm/yyyy hh:mm": datetime(2026, 8, 24, 13, 30),  # noqa: DTZ001 -- Excel knows no zones
            "hh:mm": time(7, 15),
        }
        for column, (shape, moment) in enumerate(moments.items()):
            sheet.write_datetime(1, column, moment, book.add_format({"num_format": shape}))

    rows = [
        ["Fecha de inscripción", "Alta", "Hora", "Matrícula", "Grupo", "NSS", "Sí", "Notas"],
        ["", "", "", 26050148, 1.5, 2250800014, True, "a" * 600],
    ]

    table = read_table(xlsx_bytes(rows, change=change), max_rows=LIMIT)

    assert table.rows == [
        [
            *(["d", "2026-08-24"], ["d", "2026-08-24"], "07:15:00"),
            *(["n", "26050148"], ["n", "1.5"], ["n", "2250800014"], "VERDADERO", "a" * 501),
        ]
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


def test_read_table_marks_outside_its_cells_are_nothing() -> None:
    """A title over more columns than there are, and a formula that gave nothing under the last row."""

    def change(book, sheet) -> None:
        sheet.merge_range(0, 0, 0, 11, "PLANTEL 05")
        sheet.write_formula(20, 1, "=IF(1,,)", None, "")

    table = read_table(xlsx_bytes([[], *GOOD], change=change), max_rows=LIMIT)

    assert (table.headers, table.lines, table.rows) == (HEADERS, [3, 4], [ANA, LUIS])


def test_read_table_other_parts_are_nobodys_table() -> None:
    logo = {"xl/media/image1.png": b"\x89PNG<!DOCTYPE"}

    table = read_table(repacked(xlsx_bytes(GOOD), logo), max_rows=LIMIT)

    assert table.rows == [ANA, LUIS]


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


def test_read_table_csv_is_not_read_beyond_the_limit() -> None:
    """X12: what is wrong after it is never seen."""
    rows = [HEADERS, *[ANA] * (5 + archive.HEADER_ROOM + 1)]

    assert refusal(csv_bytes(rows) + b'\r\n"open', max_rows=5) == Refusal.TOO_MANY_ROWS
