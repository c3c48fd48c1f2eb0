"""The relation of a batch out, and the answers in, by our own reference."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from affiliation.relation import (
    APPLIED,
    COLUMNS,
    DIFFERENT,
    LOST,
    NO_REFERENCE,
    REJECTED,
    TWICE,
    Answer,
    Finding,
    Line,
    answers_in,
    relation_csv,
    relation_xlsx,
    settle,
)
from common.spreadsheets import NoColumn
from students.roster_file.table import read_table

LINE = Line(
    reference="L-05-2026-001-0001",
    nss="05260812342",
    curp="GOMA080214MSRMRNA5",
    first_surname="Muñoz",
    second_surname="",
    given_names="=HYPERLINK(1)",
    day="21/08/2026",
    movement="08 alta",
    registro_patronal="Y5412345324",
    matricula="00050148",
    group="101",
)
HEADERS = ["Referencia", "Resultado", "Motivo"]


def answered(*rows):
    """The relation as it comes back with those two cells filled in its rows."""
    lines = [LINE._replace(reference=f"L-{at}") for at in range(1, len(rows) + 1)]
    book = load_workbook(io.BytesIO(relation_xlsx("L", lines)))
    for at, (result, reason) in enumerate(rows, start=2):
        book.active.cell(at, len(COLUMNS) - 1, result)
        book.active.cell(at, len(COLUMNS), reason)
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_table(buffer.getvalue(), max_rows=500)
    return answers_in(table.headers, table.rows)


def test_relation_xlsx_holds_texts_alone():
    sheet = load_workbook(io.BytesIO(relation_xlsx("L-05-2026-001", [LINE]))).active

    assert sheet.title == "L-05-2026-001"
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert [cell.value for cell in sheet[2]][:11] == [value or None for value in LINE]
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}


def test_relation_csv_begins_no_field_like_a_formula():
    text = relation_csv([LINE]).decode()

    assert text.startswith("\ufeffReferencia,NSS,CURP")
    assert "'=HYPERLINK(1)" in text.split(",")
    assert text.endswith(",101,,\r\n")


def test_relation_csv_comes_back_as_it_went():
    table = read_table(relation_csv([LINE]), max_rows=500)

    assert table.headers == list(COLUMNS)
    assert table.rows == [[*LINE._replace(given_names="'=HYPERLINK(1)"), "", ""]]


def test_answers_in_reads_the_two_columns_of_the_answer():
    found = answered(("Aplicado", None), ("RECHAZADO", "El NSS no existe"), (None, None))

    assert found == [Answer("L-1", "Aplicado"), Answer("L-2", "RECHAZADO", "El NSS no existe")]


def test_answers_in_leaves_out_what_no_database_keeps():
    assert answers_in(HEADERS, [["L-1", "Rechazado", "El NSS\n\0 no existe"]]) == [
        Answer("L-1", "Rechazado", "El NSS no existe")
    ]


def test_answers_in_finds_a_header_that_no_roster_has():
    rows = [["IMSS", "", ""], HEADERS, ["l-1", "Afiliado", ""]]

    assert answers_in(["", "", ""], rows) == [Answer("L-1", "Afiliado")]


def test_answers_in_without_references_says_what_to_upload():
    with pytest.raises(NoColumn) as refused:
        answers_in(["NSS", "Resultado"], [["05260812342", ["n", "1"]]])

    assert refused.value.sentence.startswith("El archivo no trae la columna «Referencia»")


def test_answers_in_without_results_says_which_column_is_missing():
    with pytest.raises(NoColumn) as refused:
        answers_in(["Referencia", "Respuesta"], [["L-1", "Aplicado"]])

    assert refused.value.sentence.startswith("El archivo no trae la columna «Resultado»")


def test_answers_in_says_nothing_for_those_under_a_merged_cell():
    book = Workbook()
    for row in (HEADERS, ["L-1", "Rechazado", "No existe"], ["L-2"], ["L-3", "Aplicado"]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("C2:C3")
    buffer = io.BytesIO()
    book.save(buffer)
    table = read_table(buffer.getvalue(), max_rows=500)

    settled, findings = settle(answers_in(table.headers, table.rows))

    assert set(settled) == {"L-1", "L-3"}
    assert findings == [
        Finding("L-2", "No se entiende «(celda combinada)». Escribir Aplicado o Rechazado")
    ]


def test_an_answer_without_a_reference_is_told_and_counts_for_nobody():
    rows = [["L-1", "Aplicado", ""], ["", "Rechazado", "No existe"], [["m", ""], "Aplicado", ""]]
    totals = [["", "2 aplicados", ""], ["", "", "Firma"]]

    settled, findings = settle(answers_in(HEADERS, rows + totals))

    assert set(settled) == {"L-1"}
    assert findings == [Finding(NO_REFERENCE, LOST)]


@pytest.mark.parametrize(
    ("word", "is_applied"),
    [
        ("Aplicado", True),
        ("afiliada", True),
        ("ACEPTADO por el IMSS", True),
        ("Rechazado", False),
        ("rechazada.", False),
        ("No aplicado", False),
        ("No", None),
        ("no sé", None),
        ("en trámite", None),
        ("", None),
    ],
)
def test_answer_understands_the_words_of_a_result(word, is_applied):
    assert Answer("L-1", word).is_applied is is_applied


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer("L-1", APPLIED), ""),
        (Answer("L-1", APPLIED, "Sin observaciones"), ""),
        (Answer("L-1", REJECTED, "El NSS no existe"), ""),
        (Answer("L-1", REJECTED), "Escribir el motivo con el que lo rechazó el IMSS"),
        (Answer("L-1", REJECTED, "a" * 301), "Escribir el motivo en 300 letras o menos"),
        (Answer("L-1", "quizá"), "No se entiende «quizá». Escribir Aplicado o Rechazado"),
        (Answer("L-1", "", "NSS"), "Falta el resultado. Escribir Aplicado o Rechazado"),
    ],
)
def test_answer_says_why_it_cannot_be(answer, fault):
    assert answer.fault == fault


def test_settle_takes_one_answer_to_each_reference():
    applied, rejected = Answer("A", APPLIED), Answer("B", REJECTED, "El NSS no existe")

    settled, findings = settle([applied, rejected, Answer("A", "afiliado", "Sin observaciones")])

    assert settled == {"A": applied, "B": rejected}
    assert findings == [Finding("A", TWICE)]


def test_settle_chooses_none_of_two_that_differ():
    settled, findings = settle([Answer("A", APPLIED), Answer("A", REJECTED, "El NSS no existe")])

    assert (settled, findings) == ({}, [Finding("A", DIFFERENT)])
