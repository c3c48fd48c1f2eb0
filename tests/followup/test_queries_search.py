"""C-08: whatever somebody types, the student comes out, and nobody of another plantel does."""

from datetime import UTC, datetime

import pytest

from followup.queries.search import MOST_RESULTS, due_in_words, find_exact, find_students, in_words
from school.models import Plantel
from students import timeline
from students.states import Event
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def ana(plantel):
    stay = EnrollmentFactory(
        confirmed=True,
        plantel=plantel,
        matricula="26050148",
        student__nss=nss(1),
        student__given_names="Ana",
        student__first_surname="Núñez",
        student__second_surname="Martínez",
        student__search_name="ana nunez martinez",
    )
    AcuseFactory(
        request=NSSRequestFactory(enrollment=stay), folio="A26-05-000148", state="REPLACED"
    )
    StudentReportFactory(enrollment=stay, folio="SUB26-05-0007")
    return stay


def planteles():
    return Plantel.objects.filter(number="05")


@pytest.mark.parametrize(
    "text", ["26050148", " 26050148 ", "A26-05-000148", "a26-05-000148", "SUB26-05-0007"]
)
def test_find_exact_takes_matricula_and_folios(ana, text):
    assert find_exact(planteles(), text) == ana


def test_find_exact_takes_curp_and_nss_as_people_type_them(ana):
    typed = [
        ana.student.curp,
        ana.student.curp.lower(),
        ana.student.nss,
        "24 26 08 0001 " + nss(1)[-1],
    ]

    assert [find_exact(planteles(), text) for text in typed] == [ana] * 4


@pytest.mark.parametrize("text", ["99999999", "0", "A26-05-999999", "Ana"])
def test_find_exact_of_what_nobody_has_is_nobody(ana, text):
    assert find_exact(planteles(), text) is None


def test_find_exact_of_nothing_is_refused(ana):
    with pytest.raises(ValueError, match="without an identifier"):
        find_exact(planteles(), "  ")


def test_find_exact_outside_the_planteles_is_nobody(ana):
    assert find_exact(Plantel.objects.exclude(number="05"), "26050148") is None


@pytest.mark.parametrize(
    "text",
    [
        "ana nunez",
        "NÚÑEZ ana",
        "martínez",
        "GOMA",
        "goma0802",
        "2605",
        nss(1)[-4:],
        "6621234567",
        "a26050148@correo.example",
    ],
)
def test_find_students_finds_by_any_part(ana, text):
    found = find_students(planteles(), text, now=NOW)

    assert [row.pk for row in found.rows] == [ana.pk]


def test_find_students_of_an_identifier_is_the_exact_one(ana):
    found = find_students(planteles(), "26050148", now=NOW)

    assert (found.exact, found.rows) == (ana, [])


@pytest.mark.parametrize("text", ["", "   ", "¿?", "pedro"])
def test_find_students_of_nothing_or_nobody_finds_nobody(ana, text):
    found = find_students(planteles(), text, now=NOW)

    assert (found.exact, list(found.rows)) == (None, [])


def test_find_students_never_leaves_the_planteles(ana):
    found = find_students(Plantel.objects.exclude(number="05"), "nunez", now=NOW)

    assert list(found.rows) == []


def test_find_students_says_when_there_are_more(plantel):
    for _ in range(MOST_RESULTS + 1):
        EnrollmentFactory(plantel=plantel)

    found = find_students(planteles(), "gomez", now=NOW)

    assert (len(found.rows), found.has_more) == (MOST_RESULTS, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_find_students_takes_a_fixed_number_of_queries(plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        EnrollmentFactory(plantel=plantel)

    with django_assert_num_queries(3):
        found = find_students(planteles(), "gomez", now=NOW)
        assert len([in_words(row) for row in found.rows]) == rows


def test_in_words_says_whose_turn_since_when_and_until_when(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    timeline.record(stay, Event.DATA_CONFIRMED, by=None, at=NOW)

    row = find_students(planteles(), "gomez", now=datetime(2026, 8, 25, 16, tzinfo=UTC)).rows[0]

    assert in_words(row) == (
        "le toca al estudiante; último movimiento el viernes 21 de agosto; vence mañana"
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (20, "venció el jueves 20 de agosto"),
        (21, "vence hoy"),
        (22, "vence mañana"),
        (24, "vence el lunes 24 de agosto"),
    ],
)
def test_due_in_words(day, words):
    today = NOW.date()

    assert due_in_words(today.replace(day=day), today) == words
