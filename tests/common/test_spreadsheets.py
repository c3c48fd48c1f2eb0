"""Tables of text: nothing in them is a formula, and they are read by the titles of their columns."""

import pytest

from common.spreadsheets import DANGEROUS, NoColumn, cells_under, harmless, text_csv

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
