"""Tables of text: nothing in them is a formula, and they are read by the titles of their columns."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from common.spreadsheets import (
    DANGEROUS,
    NoColumn,
    cells_under,
    harmless,
    text_csv,
    text_xlsx,
)
from students.roster_file.reader import read_table

HEADERS = ["Referencia", "NSS", "Motivo"]


@pytest.mark.parametrize("sign", sorted(DANGEROUS))
def test_harmless_marks_what_a_spreadsheet_takes_for_a_formula(sign):
    assert harmless(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize("text", ["", "Ana", "a=1", "05260812342"])
def test_harmless_leaves_other_texts_as_they_are(text):
    assert harmless(text) == text


def test_text_csv_quotes_what_has_a_comma_and_keeps_its_zeros():
    assert text_csv(["A", "B"], [["Díaz, Ana", "007"]]) == (
        b"\xef\xbb\xbf" + 'A,B\r\n"Díaz, Ana",007\r\n'.encode()
    )


COLUMNS = {"Referencia": 20, "NSS": 14, "Motivo": 40}
TRICKY = [
    ["R-1", "05260812342", "=1+1"],
    ["R-2", "", "<b>Díaz & Ñandú</b> «'\""],
    [" R-3 ", "1e5"],
    [],
    ["R-5", "2026-08-24", "http://correo.example"],
]


def test_text_xlsx_holds_every_text_as_it_is():
    book = load_workbook(io.BytesIO(text_xlsx("L-05-2026-001", COLUMNS, TRICKY)))

    header, *rows = book.active.iter_rows(values_only=True)
    cells = [cell for row in book.active for cell in row if cell.value]
    assert book.sheetnames == ["L-05-2026-001"]
    assert header == ("Referencia", "NSS", "Motivo")
    assert [[value or "" for value in row] for row in rows] == [
        row + [""] * (3 - len(row)) for row in TRICKY
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [book.active.column_dimensions[letter].width for letter in "ABC"] == [
        pytest.approx(width, abs=1) for width in COLUMNS.values()
    ]
    assert (header[0], book.active["A1"].font.bold, book.active["A2"].font.bold) == (
        *("Referencia", True, False),
    )
    assert book.active.freeze_panes == "A2"


def test_text_xlsx_is_read_by_a_reader_of_streams():
    data = text_xlsx("L", COLUMNS, [[f"R-{at}", "1", ""] for at in range(300)])

    rows = list(load_workbook(io.BytesIO(data), read_only=True).active.iter_rows(values_only=True))

    assert len(rows) == 301
    assert rows[300][:2] == ("R-299", "1")


def test_text_xlsx_leaves_out_what_no_xml_can_hold():
    data = text_xlsx("L", COLUMNS, [["R-\x00\x1b1\n", "\t<", ""]])

    table = read_table(data, max_rows=10)

    assert table.rows == [["R-1", "<", ""]]


def test_text_xlsx_comes_back_through_the_reader_of_lists():
    table = read_table(text_xlsx("L", COLUMNS, TRICKY), max_rows=10)

    assert table.headers == list(COLUMNS)
    assert list(cells_under(HEADERS, table.headers, table.rows))[:2] == [
        ("R-1", "05260812342", "=1+1"),
        ("R-2", "", "<b>Díaz & Ñandú</b> «'\""),
    ]


def test_text_xlsx_is_compressed():
    with ZipFile(io.BytesIO(text_xlsx("L", COLUMNS, TRICKY))) as archive:
        parts = archive.infolist()

    assert {part.compress_type for part in parts} == {ZIP_DEFLATED}


def test_cells_under_finds_columns_in_any_order_and_case():
    found = cells_under(["Referencia", "NSS"], ["nss", " REFERENCIA "], [["1", " R-1 "]])

    assert list(found) == [("R-1", "1")]


def test_cells_under_gives_nothing_for_a_column_that_is_not_there_and_a_row_that_stops():
    found = cells_under(["Referencia", "NSS", "Otra"], HEADERS, [["R-1"]])

    assert list(found) == [("R-1", "", "")]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (["n", "5260812342"], "05260812342"),
        (["n", "1.5"], "1.5"),
        (["d", "2026-08-24"], "2026-08-24"),
        (["f", " x "], "x"),
    ],
)
def test_cells_under_gives_numbers_their_zeros_back_where_they_have_digits(cell, read):
    ((_, nss, reason),) = cells_under(
        HEADERS, HEADERS, [["R-1", cell, ["n", "7"]]], digits={"NSS": 11}
    )

    assert (nss, reason) == (read, "7")


def test_cells_under_takes_the_first_of_two_columns_of_one_title():
    found = cells_under(["Referencia", "NSS"], ["Referencia", "NSS", "NSS"], [["R-1", "1", "2"]])

    assert list(found) == [("R-1", "1")]


def test_cells_under_looks_for_the_header_among_the_rows():
    rows = [["Lote 1", "", ""], HEADERS, ["R-1", "1", "No"]]

    assert list(cells_under(HEADERS, ["", "", ""], rows)) == [("R-1", "1", "No")]


def test_cells_under_without_its_first_column_says_which():
    with pytest.raises(NoColumn) as refused:
        cells_under(HEADERS, ["NSS"], [["1"], [["n", "2"]]])

    assert refused.value.sentence.startswith("El archivo no trae la columna «Referencia»")
