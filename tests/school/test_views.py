"""The catalogue of planteles and the person's own settings."""

import pytest
from django.urls import reverse

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
