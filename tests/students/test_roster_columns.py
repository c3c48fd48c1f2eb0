"""Headers as schools write them."""

import io
import zipfile

import pytest

from common.uploads import Refusal, Refused
from students.roster_file.columns import FIELDS, find_header, guess_columns, matching_notes, plain
from students.roster_file.table import read_table
from students.roster_file.template import COLUMNS, EXAMPLE, template_xlsx
from tests.students.roster_files import xlsx_bytes


def fields(*headers: str) -> list[str]:
    return [column.field for column in guess_columns(headers, [])]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("MATRÍCULA", "matricula"),
        ("No. de Control", "matricula"),
        ("  Núm.  matrícula ", "matricula"),
        ("Apellido Paterno", "first_surname"),
        ("PRIMER_APELLIDO", "first_surname"),
        ("AP. MATERNO", "second_surname"),
        ("NOMBRE(S)", "given_names"),
        ("Gpo.", "group"),
        ("C.U.R.P.", "curp"),
        ("Correo electrónico", "email"),
        ("E-mail", "email"),
        ("Teléfono celular", "phone"),
        ("TURNO", "shift"),
        ("Semestre", "semester"),
        ("No. Seguro Social", "nss"),
        ("N.S.S.", ""),
        ("NSS", "nss"),
        ("Fecha de inscripción", "enrolled_on"),
        ("FECHA NAC.", "birth_date"),
        ("Género", "sex"),
        ("Promedio", ""),
        ("", ""),
    ],
)
def test_guess_columns_synonyms(header: str, field: str) -> None:
    assert fields(header, "Apellido paterno")[0] == field


def test_guess_columns_given_name_by_any_name_beside_surnames() -> None:
    """C10: «NOMBRE DEL ALUMNO» → Nombre."""
    assert fields("NOMBRE DEL ALUMNO", "Paterno", "Materno") == [
        "given_names",
        "first_surname",
        "second_surname",
    ]


@pytest.mark.parametrize("header", ["Nombre completo", "ALUMNO", "Apellidos y nombre(s)"])
def test_guess_columns_full_name_is_not_split(header: str) -> None:
    columns = guess_columns(["Matrícula", header, "Grupo"], [])

    assert [column.field for column in columns] == ["matricula", "", "group"]
    assert matching_notes(columns) == [
        f"La columna «{header}» trae el nombre completo y no lo podemos separar: «Díaz de León» es un solo "
        "apellido. Usar tres columnas: Nombre(s), Primer apellido y Segundo apellido."
    ]


def test_guess_columns_full_name_beside_three_columns_is_left_out() -> None:
    columns = guess_columns(["Nombre completo", "Nombre", "Paterno", "Materno"], [])

    assert [column.field for column in columns] == [
        "",
        "given_names",
        "first_surname",
        "second_surname",
    ]
    assert matching_notes(columns) == []


def test_guess_columns_alone_given_name_says_that_surnames_are_missing() -> None:
    notes = matching_notes(guess_columns(["Matrícula", "Nombre", "Grupo"], []))

    assert [note[:20] for note in notes] == ["La columna «Nombre» "]


def test_guess_columns_twice() -> None:
    columns = guess_columns(["CURP", "Apellido paterno", "Curp"], [])

    assert [column.field for column in columns] == ["curp", "first_surname", ""]
    assert matching_notes(columns) == [
        "«Curp» está más de una vez: usamos la primera. Elegir otra si hace falta."
    ]


def test_guess_columns_by_value_without_header() -> None:
    rows = [["26050148", "GOMA080214MSRMRNA5"], ["26050149", "goma 080214 msrmrna5"]]

    assert [column.field for column in guess_columns(["", ""], rows)] == ["", "curp"]


def test_guess_columns_three_different_samples() -> None:
    rows = [["101"], ["101"], [["n", "102"]], [""], ["103"], ["104"]]

    assert guess_columns(["Grupo"], rows)[0].samples == ["101", "102", "103"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Plantel 05"], ["Matrícula", "CURP"], ["1", "2"]], 1),
        ([["Clave", "Alumno o alumna", "Salón"], ["1", "x", "y"]], 0),
        ([["26050148", "Ana", "101"]], -1),
        ([["Título"]], -1),
        ([], -1),
    ],
)
def test_find_header(rows: list[list[str]], expected: int) -> None:
    assert find_header(rows)[0] == expected


def test_plain_forgives_ordinals_and_signs() -> None:
    assert plain(" 1º. Apellido/Paterno ") == "1o apellido paterno"


def test_synonyms_mean_one_field_each() -> None:
    words = [word for field in FIELDS.values() for word in field.synonyms]

    assert len(words) == len(set(words))
    assert all(plain(word) == word for word in words)


def test_template_has_text_columns_that_match_by_themselves() -> None:
    """What Excel gets as text keeps its zeros."""
    data = template_xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    filled = xlsx_bytes(
        [[FIELDS[key].label for key in COLUMNS], [EXAMPLE.get(key, "") for key in COLUMNS]]
    )
    headers = read_table(filled, max_rows=10).headers

    assert '<col min="1" max="13" width="20.7109375" style="1" customWidth="1"/>' in sheet
    assert '<xf numFmtId="49" fontId="0"' in styles
    assert len([field for field in fields(*headers) if field]) == 13


def test_template_sent_back_empty_has_no_rows() -> None:
    with pytest.raises(Refused) as caught:
        read_table(template_xlsx(), max_rows=10)

    assert caught.value.code == Refusal.NO_ROWS
