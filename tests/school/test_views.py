"""The catalogue of planteles and the person's own settings."""

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.urls import reverse
from django.utils import timezone

from school.forms.planteles import WHOLE
from school.states import Role
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, SchoolCycleFactory, staff

pytestmark = pytest.mark.django_db


def test_list_planteles_shows_the_own_only(client):
    own = PlantelFactory(name="Propio")
    PlantelFactory(name="Ajeno")
    client.force_login(staff(Role.CONSULTA, own))

    page = client.get(reverse("school:planteles")).content.decode()

    assert "Propio" in page
    assert "Ajeno" not in page


def test_show_plantel_lists_people_and_days_off(client, time_machine):
    time_machine.move_to("2026-08-21T16:00:00Z")
    plantel = PlantelFactory()
    SchoolCycleFactory()
    NonWorkingDayFactory(plantel=plantel)
    client.force_login(staff(Role.RESPONSABLE, plantel, name="Laura Ríos"))

    page = client.get(reverse("school:plantel", args=[plantel.clave])).content.decode()

    assert "Laura Ríos" in page
    assert "Contingencia" in page
    assert "3 días hábiles" in page


def test_show_plantel_of_others_does_not_exist(client):
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    response = client.get(reverse("school:plantel", args=[PlantelFactory().clave]))

    assert response.status_code == 404


@pytest.fixture
def admin(client):
    """Administration that proved again who she is."""
    user = staff(Role.ADMIN, name="Rosa Admin")
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return user


def test_edit_direction_keeps_the_address_and_who_wrote_it(client, admin):
    plantel = PlantelFactory()
    url = reverse("school:edit_direction", args=[plantel.clave])

    before = client.get(reverse("school:plantel", args=[plantel.clave])).content.decode()
    page = client.post(url, {"direction_email": " direccion@correo.example "}, follow=True)

    plantel.refresh_from_db()
    assert url in before
    assert plantel.direction_email == "direccion@correo.example"
    assert plantel.history.first().history_user == admin
    assert "direccion@correo.example" in page.content.decode()
    assert 'value="direccion@correo.example"' in client.get(url).content.decode()


def test_edit_direction_takes_the_address_away(client, admin):
    plantel = PlantelFactory(direction_email="direccion@correo.example")

    client.post(reverse("school:edit_direction", args=[plantel.clave]), {"direction_email": ""})

    plantel.refresh_from_db()
    assert plantel.direction_email == ""


@pytest.mark.parametrize("typed", ["direccion", f"{'d' * 250}@correo.example"])
def test_edit_direction_refuses_what_is_no_address(client, admin, typed):
    plantel = PlantelFactory()
    url = reverse("school:edit_direction", args=[plantel.clave])

    page = client.post(url, {"direction_email": typed})

    plantel.refresh_from_db()
    assert WHOLE in page.context["form"].errors["direction_email"]
    assert plantel.direction_email == ""


def test_list_planteles_shows_administration_what_each_lacks(client, admin):
    PlantelFactory()
    staff(Role.RESPONSABLE, PlantelFactory(direction_email="direccion@correo.example"))

    page = client.get(reverse("school:planteles")).content.decode()

    assert page.count(">Sin responsable<") == page.count(">Sin correo de dirección<") == 1
    assert page.count(">Completo<") == 1


def test_list_planteles_shows_others_nothing_of_it(client):
    plantel = PlantelFactory()
    client.force_login(staff(Role.RESPONSABLE, plantel))

    page = client.get(reverse("school:planteles")).content.decode()
    own = client.get(reverse("school:plantel", args=[plantel.clave])).content.decode()

    assert "Salud" not in page
    assert reverse("school:edit_direction", args=[plantel.clave]) not in own


@pytest.mark.parametrize("rows", [1, 3])
def test_list_planteles_takes_a_fixed_number_of_queries(
    client, admin, rows, django_assert_num_queries
):
    PlantelFactory.create_batch(rows)
    client.get(reverse("school:planteles"))

    with django_assert_num_queries(7):
        client.get(reverse("school:planteles"))


def test_switch_shortcuts_twice_is_as_before(client):
    user = staff(Role.REVISOR, PlantelFactory())
    client.force_login(user)
    states = []

    for _ in range(2):
        client.post(reverse("school:switch_shortcuts"))
        user.refresh_from_db()
        states.append(user.has_shortcuts)

    assert states == [False, True]


def test_switch_shortcuts_goes_back_to_where_the_person_was(client):
    client.force_login(staff(Role.REVISOR, PlantelFactory()))
    back = reverse("school:planteles")

    response = client.post(reverse("school:switch_shortcuts"), {"volver": back})

    assert response.url == back


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example", r"/\evil.example", ""])
def test_switch_shortcuts_never_leads_to_another_host(client, back):
    client.force_login(staff(Role.REVISOR, PlantelFactory()))

    response = client.post(reverse("school:switch_shortcuts"), {"volver": back})

    assert response.url == reverse("followup:today")
