"""Whom the frozen files of a batch tell otherwise by now."""

from datetime import date, timedelta

import pytest

from affiliation.queries.frozen import content_of, outdated_in
from affiliation.states import BatchFileKind, MovementKind
from renuncias.models import Renuncia
from school.states import Role
from students.models import Baja, Enrollment, Student
from students.states import BajaKind, EnrollmentState
from tests.factories.affiliation import MovementFactory, insurable, made
from tests.factories.renuncias import registered
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, curp, nss

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
EARLIER = date(2026, 8, 20)


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


def told(batch):
    return [one.told for one in outdated_in(batch)]


def of(stay, **columns):
    Student.objects.filter(pk=stay.student_id).update(**columns)


def insured(plantel):
    stay = insurable(plantel)
    MovementFactory(enrollment=stay, applied=True, effective_on=date(2026, 8, 1))
    return stay


def leave(stay, by, on_date=TODAY):
    Enrollment.objects.filter(pk=stay.pk).update(state=EnrollmentState.WITHDRAWN)
    kind = BajaKind.DEFINITIVE
    return Baja.objects.create(enrollment=stay, kind=kind, on_date=on_date, at=NOW, by=by)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"curp": curp(901)}, "CURP"),
        ({"nss": nss(901)}, "NSS"),
        ({"given_names": "Anabel"}, "Nombre(s)"),
        ({"second_surname": ""}, "Segundo apellido"),
        ({"nss": nss(902), "curp": curp(902)}, "NSS, CURP"),
    ],
)
def test_outdated_in_names_who_changed_and_what(plantel, by, columns, said):
    stay = insurable(plantel)
    insurable(plantel)
    batch = made(plantel, by)

    of(stay, **columns)

    stay.student.refresh_from_db()
    assert told(batch) == [f"{stay.student.list_name} ({said})"]


def test_outdated_in_compares_texts_as_the_relation_writes_them(plantel, by):
    stay = insurable(plantel, student__given_names='=A, "B"')
    batch = made(plantel, by)
    assert told(batch) == []

    of(stay, given_names='=A, "C"')

    assert told(batch) == ['Gómez Martínez, =A, "C" (Nombre(s))']


def test_outdated_in_knows_the_key_but_not_the_group(plantel, by):
    stay = insurable(plantel)
    batch = made(plantel, by)

    Enrollment.objects.filter(pk=stay.pk).update(group="601")
    assert told(batch) == []
    Enrollment.objects.filter(pk=stay.pk).update(matricula="26059999")

    assert told(batch) == [f"{stay.student.list_name} (Matrícula)"]


def test_outdated_in_leaves_out_who_should_be_in_the_batch_no_more(plantel, by):
    stay = insurable(plantel)
    batch = made(plantel, by)
    of(stay, given_names="Anabel")

    leave(stay, by)

    assert told(batch) == []


def test_outdated_in_finds_a_baja_that_was_registered_anew(plantel, by):
    stay, other = insured(plantel), insured(plantel)
    first = leave(stay, by, EARLIER)
    leave(other, by)
    batch = made(plantel, by, MovementKind.BAJA)
    assert told(batch) == []

    first.ended_at, first.ended_by = NOW, by
    first.save()
    leave(stay, by, EARLIER)
    assert told(batch) == [f"{stay.student.list_name} (Baja)"]
    Baja.objects.filter(enrollment=stay, ended_at=None).update(on_date=TODAY)

    assert told(batch) == [f"{stay.student.list_name} (Fecha, Baja)"]


def test_outdated_in_finds_another_day_of_a_renuncia(plantel, by):
    stay = insured(plantel)
    registered(stay)
    batch = made(plantel, by, MovementKind.BAJA)
    assert told(batch) == []

    Renuncia.objects.update(accepted_at=NOW + timedelta(days=2))

    assert told(batch) == [f"{stay.student.list_name} (Fecha)"]


def test_outdated_in_a_batch_without_files_compares_nothing():
    assert outdated_in(MovementFactory().batch) == []


@pytest.mark.parametrize("students", [1, 3])
def test_outdated_in_asks_the_same_however_many(plantel, by, students, django_assert_num_queries):
    for _ in range(students):
        of(insurable(plantel), given_names="Eva")
    batch = made(plantel, by)
    Student.objects.update(given_names="Anabel")

    with django_assert_num_queries(3):
        found = outdated_in(batch)

    assert len(found) == students


def test_content_of_gives_the_bytes_back_that_were_frozen(plantel, by):
    insurable(plantel)
    file = made(plantel, by).files.get(kind=BatchFileKind.CSV)

    assert len(content_of(file)) == file.size
