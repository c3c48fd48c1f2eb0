"""common.search: names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.search import has_words, normalise, read_typed, words
from students.models import Student
from students.roster_file.cells import clean_matricula
from tests.factories.students import StudentFactory


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Ana  GÓMEZ\tMartínez ", "ana gomez martinez"),
        ("MUÑOZ Peña", "munoz pena"),
        ("Mun\u0303oz", "munoz"),
        ("Güereña", "guerena"),
        ("O'Ryan", "oryan"),
        ("D’Amico", "damico"),
        ("Pérez-Gil, Ana.", "perez gil ana"),
        ("ＡＮＡ", "ana"),
        ("Strauß", "strauss"),
        ("50%_\\", "50"),
        ("", ""),
        (" ¿? ", ""),
    ],
)
def test_normalise(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(st.text(max_size=60))
def test_normalise_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="abcdeñáéíóúü ABCÑÁ", max_size=40))
def test_normalise_does_not_mind_case(text: str) -> None:
    assert normalise(text.upper()) == normalise(text.lower())


def test_words_are_different_and_few() -> None:
    assert words("Ana ana ÁNA Gómez") == ["ana", "gomez"]
    assert words("a b c d e f g h i j") == list("abcdefgh")
    assert words("x" * 1_000_000) == ["x" * 200]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("gómez", ["Ana"]),
        ("MARTINEZ ana gomez", ["Ana"]),
        ("go", ["Ana"]),
        ("munoz", ["Iñigo"]),
        ("Ñigo", []),
        ("iñ MUÑ", ["Iñigo"]),
        ("ana", ["Ana"]),
        ("ana muñoz", []),
        ("mariana", ["Mariana"]),
        ("%", []),
        ("_", []),
        ("", []),
    ],
)
def test_has_words_finds_in_any_order(typed: str, found: list[str]) -> None:
    for given_names, first, second in (
        ("Ana", "Gómez", "Martínez"),
        ("Iñigo", "Muñoz", "Ibáñez"),
        ("Mariana", "Ruiz", ""),
    ):
        StudentFactory(given_names=given_names, first_surname=first, second_surname=second)

    students = Student.objects.filter(has_words("search_name", typed)).order_by("given_names")

    assert [student.given_names for student in students] == found


@pytest.mark.parametrize(
    ("text", "curp", "start"),
    [
        ("goma080214 msrmrn a5", "GOMA080214MSRMRNA5", ""),
        ("GOMA080214-MSRMRN-A5", "GOMA080214MSRMRNA5", ""),
        ("goma 0802", "", "GOMA0802"),
        ("goma", "", "GOMA"),
        ("ana gomez", "", ""),
        ("gomez-ruiz", "", ""),
    ],
)
def test_read_typed_takes_a_curp_as_people_write_it(text, curp, start):
    typed = read_typed(text)

    assert (typed.curp, typed.curp_start) == (curp, start)


@pytest.mark.parametrize("text", ["26/05/0148", "05.123", "2024-0123", "26 05 0148"])
def test_read_typed_takes_every_matricula_that_a_roster_may_bring(text):
    assert read_typed(text).matricula == clean_matricula(text)


@pytest.mark.parametrize(
    "text",
    ["6621234567", "+52 662 123 4567", "52 1 (662) 123-45-67", "044 662 123 4567", "01 6621234567"],
)
def test_read_typed_takes_a_phone_as_people_write_it(text):
    assert read_typed(text).phone == "6621234567"
