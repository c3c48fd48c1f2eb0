"""A-03: the ciclos, and whose deadline another rule moves."""

from datetime import date

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from school.models import SchoolCycle
from school.states import Role
from students.models import Enrollment
from students.queries.deadlines import acuse_deadline
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db
EDIT, ADD = reverse("followup:edit_cycle", args=["2026-B"]), reverse("followup:add_cycle")
TYPED = {
    "name": "2026-B",
    "starts_on": "2026-08-17",
    "ends_on": "2027-01-29",
    "acuse_days": "5",
    "acuse_day_count": "BUSINESS",
    "review_days": "2",
}


@pytest.fixture
def admin(client):
    user = staff(Role.ADMIN, name="Rosa Admin")
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return user


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_list_cycles_to_read(client):
    SchoolCycleFactory()
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    page = text(client.get(reverse("followup:cycles")))

    assert "2026-B lunes 17 de agosto de 2026 a viernes 29 de enero de 2027 3 días hábiles" in page
    assert "Abrir un ciclo" not in page


def test_list_cycles_without_any(client, admin):
    page = text(client.get(reverse("followup:cycles")))

    assert "Todavía no hay ciclos" in page


def test_edit_cycle_shows_first_whose_deadline_changes(client, admin):
    EnrollmentFactory()
    told = date(2026, 8, 26)
    EnrollmentFactory(told_due_on=told)
    EnrollmentFactory(cycle=SchoolCycleFactory(name="otro"))

    later = text(client.post(EDIT, TYPED))
    nearer = text(client.post(EDIT, TYPED | {"acuse_days": "1"}))

    assert (
        "Inscripción lunes 17 de agosto → vence lunes 24 de agosto (hoy: jueves 20 de agosto) "
        "Cambia el plazo de 2 estudiantes: 2 más tarde, 0 antes."
    ) in later
    assert "Cambia el plazo de 1 estudiante: 0 más tarde, 1 antes." in nearer
    assert "1 queda igual porque ya se le dijo su fecha." in nearer
    assert set(Enrollment.objects.values_list("acuse_due_on", flat=True)) == {told}
    assert SchoolCycle.objects.get(name="2026-B").acuse_days == 3


def test_edit_cycle_is_seen_while_it_is_typed(client, admin):
    SchoolCycleFactory()
    EnrollmentFactory()

    page = client.get(EDIT).content.decode()
    part = client.post(EDIT, TYPED | {"guardar": "1"}, headers={"HX-Request": "true"})

    assert 'hx-post=""' in page
    assert "htmx-2.min.js" in page
    assert part.content.decode().startswith('<div id="vista-previa"')
    assert "Cambia el plazo de 1 estudiante: 1 más tarde, 0 antes." in text(part)
    assert SchoolCycle.objects.get(name="2026-B").acuse_days == 3


def test_add_cycle_previews_as_soon_as_it_knows_the_first_day_and_the_rule(client, admin):
    some = {name: TYPED[name] for name in ("starts_on", "acuse_days", "acuse_day_count")}

    known = text(client.post(ADD, some, headers={"HX-Request": "true"}))
    unknown = [
        text(client.post(ADD, some | {name: ""}, headers={"HX-Request": "true"})) for name in some
    ]

    assert "vence lunes 24 de agosto" in known
    assert unknown == ["Al completar los datos se lee aquí qué cambia, antes de guardar."] * 3


def test_edit_cycle_saves_the_rule_and_the_deadlines(client, admin):
    stay = EnrollmentFactory()

    response = client.post(EDIT, TYPED | {"guardar": "1"}, follow=True)

    stay = Enrollment.objects.get(pk=stay.pk)
    assert "Guardado. Cambió el plazo de 1 estudiante." in text(response)
    assert stay.acuse_due_on == acuse_deadline(stay).date == date(2026, 8, 28)
    assert not stay.cycle.needs_guardian_signature
    assert stay.cycle.history.get(history_user=admin).acuse_days == 5


def test_edit_cycle_by_any_name(client, admin):
    SchoolCycleFactory(name="nuevo")

    page = text(client.get(reverse("followup:edit_cycle", args=["nuevo"])))

    assert "Ciclo nuevo" in page


def test_list_cycles_of_one_day(client, admin):
    SchoolCycleFactory(acuse_days=1, review_days=1)

    page = text(client.get(reverse("followup:cycles")))

    assert "1 día hábil 1 día hábil" in page


def test_edit_cycle_says_what_cannot_be(client, admin):
    SchoolCycleFactory()
    SchoolCycleFactory(name="2027-A", starts_on=date(2027, 2, 1), ends_on=date(2027, 7, 30))

    overlap = text(client.post(EDIT, TYPED | {"ends_on": "2027-02-01", "guardar": "1"}))
    backwards = text(client.post(EDIT, TYPED | {"ends_on": "2026-08-17"}))
    empty = text(client.post(EDIT))

    assert "no se encimen con el ciclo 2027-A" in overlap
    assert "El ciclo termina después de que inicia" in backwards
    assert "«Días para entregar el acuse»: escribir un número de 1 a 60" in empty
    assert "Elegir días hábiles o naturales" in empty


def test_edit_cycle_saves_when_the_clinics_open(client, admin):
    SchoolCycleFactory()

    client.post(EDIT, TYPED | {"clinics_open_on": "2026-09-07", "guardar": "1"})
    form = client.get(EDIT).content.decode()
    listed = text(client.get(reverse("followup:cycles")))
    client.post(EDIT, TYPED | {"guardar": "1"})

    assert 'name="clinics_open_on" value="2026-09-07"' in form
    assert "desde el lunes 7 de septiembre" in listed
    assert "sin fecha" in text(client.get(reverse("followup:cycles")))
    assert SchoolCycle.objects.get().clinics_open_on is None


@pytest.mark.parametrize(
    ("day", "is_refused"),
    [
        ("2026-08-16", True),
        ("2026-08-17", False),
        ("2027-01-29", False),
        ("2027-01-30", True),
    ],
)
def test_edit_cycle_opens_the_clinics_in_its_own_days(client, admin, day, is_refused):
    SchoolCycleFactory()

    page = text(client.post(EDIT, TYPED | {"clinics_open_on": day}))

    assert ("La clínica se abre en un día del ciclo; escribir otro o ninguno" in page) == is_refused


def test_add_cycle_copies_no_day_of_the_clinics(client, admin):
    SchoolCycleFactory(clinics_open_on=date(2026, 9, 7))

    assert "2026-09-07" not in client.get(ADD, {"de": "2026-B"}).content.decode()


def test_add_cycle_starts_from_the_one_that_is_cloned(client, admin):
    SchoolCycleFactory(acuse_days=7)
    SchoolCycleFactory(name="2027-A", starts_on=date(2027, 2, 1), ends_on=date(2027, 7, 30))

    cloned = client.get(ADD, {"de": "2026-B"}).content.decode()
    newest = client.get(ADD).content.decode()

    assert 'value="7"' in cloned
    assert 'value="7"' not in newest


def test_add_cycle_without_a_model(client, admin):
    assert client.get(ADD).status_code == 200


def test_add_cycle_shows_first_and_then_opens_it(client, admin):
    seen = text(client.post(ADD, TYPED))
    assert "Inscripción lunes 17 de agosto → vence lunes 24 de agosto Es un ciclo nuevo" in seen
    assert "Es un ciclo nuevo: no cambia el plazo de nadie." in seen
    assert not SchoolCycle.objects.exists()

    opened = client.post(ADD, TYPED | {"guardar": "1"}, follow=True)
    again = client.post(ADD, TYPED | {"guardar": "1"})

    assert "Ciclo 2026-B abierto." in text(opened)
    assert "no se encimen con el ciclo 2026-B" in text(again)
    assert SchoolCycle.objects.get().acuse_days == 5
