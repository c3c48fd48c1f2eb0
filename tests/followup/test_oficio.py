"""An oficio's rows out and the answers in, by our own reference."""

import io

import pytest
from openpyxl import load_workbook

from common.spreadsheets import NoColumn
from followup.oficio import (
    ANSWERS,
    FIELDS,
    SHARED,
    TWICE,
    Answer,
    answers_in,
    faults_of,
    sheet_of,
)
from students.roster_file.table import read_table
from tests.factories.students import nss

ROW = {
    "name": "Ana Gómez",
    "curp": "GOMA080214MSRMRNA5",
    "birth_date": "14 de febrero de 2008",
    "birth_place": "Sonora",
    "address": "=HYPERLINK(1)",
    "email": "ana@correo.example",
}
HEADERS = ["Referencia", "Nombre", *ANSWERS]


def test_sheet_of_leaves_the_answers_empty_and_no_formula():
    book = load_workbook(io.BytesIO(sheet_of("OF26B-05-0001", [("SUB26-05-0001", ROW)])))

    (sheet,) = book.worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sheet.title == "OF26B-05-0001"
    assert rows[0] == ["Referencia", *FIELDS.values(), *ANSWERS]
    assert rows[1][:7] == ["SUB26-05-0001", *ROW.values()]
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}


def test_answers_in_reads_what_came_back_of_our_own_sheet():
    book = load_workbook(
        io.BytesIO(sheet_of("OF", [("SUB-1", ROW), ("SUB-2", ROW), ("SUB-3", ROW)]))
    )
    sheet = book.active
    sheet["H2"] = nss(7)
    sheet["I3"] = "acta certificada"
    buffer = io.BytesIO()
    book.save(buffer)

    table = read_table(buffer.getvalue(), max_rows=500)
    found = answers_in(table.headers, table.rows)

    assert found == [Answer("SUB-1", nss=nss(7)), Answer("SUB-2", missing="acta certificada")]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("24 26 08 1234 2", "24 26 08 1234 2"),
        (["n", "5260812342"], "05260812342"),
        (["n", "1.5"], "1.5"),
        (["d", "2026-08-24"], "2026-08-24"),
    ],
)
def test_answers_in_gives_a_number_its_zeros_back(cell, read):
    assert answers_in(HEADERS, [["sub-1", "Ana", cell]]) == [Answer("SUB-1", nss=read)]


def test_answers_in_leaves_out_rows_without_reference_or_answer():
    rows = [["", "Ana", "1"], ["SUB-1", "Ana"], ["SUB-2", "Ana", "", "", "No procede"]]

    assert answers_in(HEADERS, rows) == [Answer("SUB-2", refusal="No procede")]


def test_answers_in_finds_the_columns_in_any_order_and_case():
    found = answers_in(["nss", " REFERENCIA "], [[nss(7), "SUB-1"]])

    assert found == [Answer("SUB-1", nss=nss(7))]


def test_answers_in_without_references_says_what_to_upload():
    with pytest.raises(NoColumn) as refused:
        answers_in(["Nombre", "NSS"], [["Ana", nss(7)]])

    assert "«Referencia»" in refused.value.sentence


@pytest.mark.parametrize(
    ("answer", "fault", "outcome"),
    [
        (Answer("S"), "", ""),
        (Answer("S", nss=nss(7)), "", "Se registra el NSS y se le avisa"),
        (Answer("S", missing="acta"), "", "Vuelve a «datos completos» y se le avisa qué falta"),
        (Answer("S", refusal="No procede"), "", "Se cierra sin NSS y se le dice por qué"),
        (
            Answer("S", nss=nss(7), refusal="No"),
            "Dejar una sola respuesta: el NSS, el documento que falta o el motivo",
            "",
        ),
        (
            Answer("S", missing="a" * 201),
            "Escribir el documento que falta en 200 letras o menos",
            "",
        ),
        (Answer("S", refusal="a" * 501), "Escribir el motivo en 500 letras o menos", ""),
    ],
)
def test_answer_says_what_will_happen(answer, fault, outcome):
    assert (answer.fault, answer.outcome) == (fault, outcome)


def test_answer_with_a_wrong_digit_cannot_be():
    answer = Answer("S", nss=nss(7)[:-1] + str((int(nss(7)[-1]) + 1) % 10))

    assert answer.fault
    assert answer.outcome == ""


def test_faults_of_names_a_reference_with_two_answers():
    said = [Answer("S-1", missing="acta"), Answer("S-1", missing="CURP"), Answer("S-2", nss="1")]

    faults = faults_of([*said, Answer("S-3", missing="acta"), Answer("S-3", missing="acta")])

    assert faults == {"S-1": TWICE, "S-2": said[2].fault, "S-3": ""}


def test_faults_of_names_a_number_given_for_two_students():
    said = [Answer("S-1", nss=nss(7)), Answer("S-2", nss=f"{nss(7)[:10]}-{nss(7)[10]}")]

    faults = faults_of([*said, Answer("S-3", nss=nss(8)), Answer("S-3", nss=nss(8))])

    assert faults == {"S-1": SHARED, "S-2": SHARED, "S-3": ""}


@pytest.mark.parametrize(
    ("curp", "answer", "doubt"),
    [
        ("GOMA080214MSRMRNA5", Answer("S", nss=nss(7)), ""),
        (
            "BASE090215MNERLLA6",
            Answer("S", nss=f"{nss(7)[:10]} {nss(7)[10]}"),
            "El NSS trae el año de nacimiento 08 y la CURP dice 2009: "
            "comprobar que sea de este estudiante",
        ),
        ("BASE090215MNERLLA6", Answer("S", nss="242608"), ""),
        ("BASE090215MNERLLA6", Answer("S", missing="acta"), ""),
    ],
)
def test_doubt_names_a_number_of_another_year_of_birth(curp, answer, doubt):
    assert answer.doubt(curp) == doubt
