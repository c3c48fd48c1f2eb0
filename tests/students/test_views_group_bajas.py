"""Who leaves together: a group at the end of a ciclo, the list of bajas, and taking one press back."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from school.states import Role
from students.actions.bajas import withdraw_student, withdraw_students
from students.models import Baja, Enrollment
from students.states import BajaKind, EnrollmentState
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
MANY, LIST, UNDO = (
    f"students:{name}" for name in ("withdraw_students", "bajas", "reinstate_students")
)
SAID = {"kind": "FINISHED", "on_date": TODAY.isoformat(), "note": ""}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05", name="Norte")


@pytest.fixture
def by(client, plantel):
    user = staff(Role.RESPONSABLE, plantel)
    client.force_login(user)
    return user


@pytest.fixture
def stays(plantel) -> list[Enrollment]:
    return [
        EnrollmentFactory(
            plantel=plantel, group=group, semester=semester, student__given_names=name
        )
        for name, group, semester in (
            ("Ana", "601", "6"),
            ("Beto", "601", "6"),
            ("Caro", "602", "6"),
            ("Dora", "101", "1"),
        )
    ]


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def states() -> list[str]:
    return list(Enrollment.objects.order_by("pk").values_list("state", flat=True))


def chosen(plantel, **more) -> dict[str, object]:
    return SAID | {"plantel": plantel.clave, "semestre": "6", "grupo": ""} | more


def looked_at(client, said) -> dict[str, object]:
    """What «Registrar» sends of a list that was looked at."""
    looked = client.post(reverse(MANY), said)
    return said | {"confirmar": "1", "vistos": looked.context["seen"]}


def test_list_of_who_leaves(client, by, plantel, stays):
    EnrollmentFactory(plantel=plantel, semester="6", state=EnrollmentState.WITHDRAWN)
    EnrollmentFactory(semester="6", student__given_names="Zoé")

    nobody = text_of(client.get(reverse(MANY)))
    semester = text_of(client.get(reverse(MANY), {"semestre": "6"}))
    group = text_of(client.get(reverse(MANY), {"semestre": "6", "grupo": "602"}))
    unknown = text_of(client.get(reverse(MANY), {"grupo": "999"}))
    empty = text_of(client.get(reverse(MANY), {"semestre": "1", "grupo": "602"}))

    assert "Elegir un semestre o un grupo" in nobody
    assert "3 estudiantes." in semester
    assert [name in semester for name in ("Ana", "Beto", "Caro", "Dora", "Zoé")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert "1 estudiante." in group
    assert "Elegir un semestre o un grupo" in unknown
    assert "Nadie inscrito en este filtro" in empty


def test_list_of_who_leaves_costs_the_same_queries(client, by, stays):
    client.get(reverse(MANY))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(MANY), {"semestre": "1"})
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(MANY), {"semestre": "6"})

    assert len(three) == len(one)


def test_withdraw_students_asks_then_checks_then_registers(client, by, plantel, stays):
    Enrollment.objects.filter(pk=stays[0].pk).update(sent_to_imss_at=NOW)
    said = chosen(plantel, sigue=[stays[1].public_id])
    looked = client.post(reverse(MANY), said)
    before = states()

    said |= {"confirmar": "1", "vistos": looked.context["seen"]}
    done = client.post(reverse(MANY), said, follow=True)

    checked = text_of(looked)
    assert "¿Registrar 2 bajas por egreso?" in checked
    assert "<dt>grupo 601</dt><dd>1</dd>" in checked
    assert "<dt>grupo 602</dt><dd>1</dd>" in checked
    assert "De 1 ya fueron los datos al IMSS" in checked
    assert "Siguen inscritos: Gómez Martínez, Beto." in checked
    assert before == ["ACTIVE"] * 4
    assert states() == ["FINISHED", "ACTIVE", "FINISHED", "ACTIVE"]
    assert Notice.objects.filter(message="M-19").count() == 2
    page = text_of(done)
    assert "Bajas registradas: 2" in page
    assert "Estas 2 bajas se registraron juntas." in page
    assert done.redirect_chain == [
        (f"{reverse(LIST)}?juntas={quote(NOW.isoformat(), safe='')}", 302)
    ]


def test_withdraw_students_when_one_went_and_another_came_meanwhile(client, by, plantel, stays):
    """As many as before, but not the same: nobody leaves whom no one looked at, and no answer is lost."""
    said = chosen(plantel, sigue=[stays[1].public_id], note="Generación 2026")
    said = looked_at(client, said)
    withdraw_student(stays[0], kind=BajaKind.TEMPORARY, on_date=TODAY, by=by, now=NOW)
    EnrollmentFactory(plantel=plantel, group="602", semester="6", student__given_names="Zoé")

    page = text_of(client.post(reverse(MANY), said))

    assert "La lista cambió mientras se revisaba. Revisarla otra vez" in page
    assert "¿Registrar 2 bajas por egreso?" in page
    assert "Gómez Martínez, Zoé" in page
    assert "Siguen inscritos: Gómez Martínez, Beto." in page
    assert 'name="note" value="Generación 2026"' in page
    assert states() == ["WITHDRAWN", *["ACTIVE"] * 4]


def test_withdraw_students_when_nobody_is_left(client, by, plantel, stays):
    said = chosen(plantel, sigue=[stay.public_id for stay in stays], confirmar="1")

    page = client.post(reverse(MANY), said, follow=True)

    assert "Nadie queda en la lista: todos siguen inscritos" in text_of(page)
    assert states() == ["ACTIVE"] * 4


def test_withdraw_students_without_an_answer_keeps_what_was_ticked(client, by, plantel, stays):
    said = chosen(plantel, kind="", sigue=[stays[1].public_id])

    page = text_of(client.post(reverse(MANY), said))

    assert "Elegir el tipo de baja" in page
    assert f'id="sigue-{stays[1].public_id}" checked' in page


def test_withdraw_students_on_a_day_before_somebody_enrolled(client, by, plantel, stays):
    said = looked_at(client, chosen(plantel, on_date="2026-08-20"))

    page = client.post(reverse(MANY), said, follow=True)

    assert "se inscribió el 21/08/2026" in text_of(page)
    assert states() == ["ACTIVE"] * 4


@pytest.mark.django_db(transaction=True)
def test_withdraw_students_when_somebody_was_faster(client, by, plantel, stays):
    def end() -> None:
        withdraw_student(stays[0], kind=BajaKind.TEMPORARY, on_date=TODAY, by=by, now=NOW)

    said = looked_at(client, chosen(plantel))
    with just_before("FOR NO KEY UPDATE", end):
        page = client.post(reverse(MANY), said, follow=True)

    assert "Otra persona ya lo atendió" in text_of(page)
    assert Baja.objects.get().kind == BajaKind.TEMPORARY


def test_several_planteles_are_chosen_from(client, plantel, stays):
    client.force_login(by := staff(Role.RESPONSABLE, plantel))
    other = EnrollmentFactory(semester="6", plantel__number="99", student__given_names="Zoé")
    by.memberships.create(role=Role.RESPONSABLE, plantel=other.plantel)

    page = text_of(client.get(reverse(MANY), {"plantel": other.plantel.clave, "semestre": "6"}))

    assert "Zoé" in page
    assert "1 estudiante." in page
    assert f'<option value="{other.plantel.clave}" selected>' in page


def end_together(stays, by, kind=BajaKind.FINISHED) -> None:
    withdraw_students([one.pk for one in stays], kind=kind, on_date=TODAY, by=by, now=NOW)


def test_list_of_bajas(client, by, stays):
    empty = text_of(client.get(reverse(LIST)))
    end_together(stays[:2], by)
    elsewhere = EnrollmentFactory(student__given_names="Zoé")
    end_together([elsewhere], by)

    page = text_of(client.get(reverse(LIST)))

    assert "Nadie ha causado baja" in empty
    assert "2 bajas" in page
    assert "Egreso" in page
    assert "Zoé" not in page
    assert "Deshacer las" not in page


@pytest.mark.parametrize("asked", ["2026-08-21", "x", "2026-99-99T00:00:00+00:00"])
def test_list_of_bajas_of_no_moment_is_the_whole(client, by, stays, asked):
    end_together(stays[:2], by)

    assert "2 bajas" in text_of(client.get(reverse(LIST), {"juntas": asked}))


def test_list_of_bajas_costs_the_same_queries(client, by, stays):
    end_together(stays[:1], by)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(LIST))
    end_together(stays[1:], by)
    with CaptureQueriesContext(connection) as four:
        client.get(reverse(LIST))

    assert len(four) == len(one)


def test_reinstate_students(client, by, stays):
    end_together(stays[:2], by)
    together = text_of(client.get(reverse(LIST), {"juntas": NOW.isoformat()}))

    done = client.post(reverse(UNDO), {"juntas": NOW.isoformat()}, follow=True)

    gone = text_of(client.get(reverse(LIST), {"juntas": NOW.isoformat()}))
    assert "Deshacer las 2" in together
    assert states() == ["ACTIVE"] * 4
    assert "Bajas deshechas: 2" in text_of(done)
    assert "Esas bajas ya no están" in gone


@pytest.mark.parametrize("asked", ["", "x", NOW.isoformat()])
def test_reinstate_students_of_no_press(client, by, stays, asked):
    page = client.post(reverse(UNDO), {"juntas": asked}, follow=True)

    assert "Bajas deshechas: 0" in text_of(page)


def test_reinstate_students_of_whom_one_enrolled_again(client, by, stays):
    end_together(stays[:2], by)
    EnrollmentFactory(student=stays[1].student)

    page = client.post(reverse(UNDO), {"juntas": NOW.isoformat()}, follow=True)

    assert "Ya tiene otra inscripción abierta" in text_of(page)
    assert states()[:2] == ["FINISHED", "FINISHED"]
