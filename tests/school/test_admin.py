"""How the technician lets a person in."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from school.models import User
from school.states import Role
from tests.factories.school import (
    TOTP_SECRET,
    NonWorkingDayFactory,
    PlantelFactory,
    SchoolCycleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def technician(client: Client) -> User:
    user = UserFactory(is_superuser=True, is_staff=True)
    TOTP.activate(user, TOTP_SECRET)
    client.force_login(user)
    return user


def test_deadlines_are_moved_on_their_own_pages_alone(client: Client, technician: User) -> None:
    cycle, day = SchoolCycleFactory(), NonWorkingDayFactory()
    plantel = reverse("admin:school_plantel_change", args=[day.plantel_id])
    ciclo = reverse("admin:school_schoolcycle_change", args=[cycle.pk])
    opened = reverse("admin:school_schoolcycle_add")

    shown = [client.get(page) for page in (plantel, ciclo)]
    answers = [client.post(page).status_code for page in (ciclo, opened)]

    assert day.reason not in shown[0].content.decode()
    assert 'name="acuse_days"' not in shown[1].content.decode()
    assert answers == [403, 403]


def test_a_new_person_has_a_role_and_no_password(client: Client, technician: User) -> None:
    plantel = PlantelFactory()

    client.post(
        reverse("admin:school_user_add"),
        {
            "name": "Laura Ríos",
            "email": "laura@correo.example",
            "is_active": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-plantel": plantel.pk,
            "memberships-0-role": Role.REVISOR,
        },
    )

    laura = User.objects.get(email="laura@correo.example")
    assert (laura.username, laura.has_usable_password(), laura.is_staff) == (
        "laura@correo.example",
        False,
        False,
    )
    assert list(laura.memberships.values_list("plantel", "role")) == [(plantel.pk, Role.REVISOR)]


def test_a_person_of_the_same_address_in_capitals_is_refused(
    client: Client, technician: User
) -> None:
    UserFactory(email="laura@correo.example")
    typed = {
        "name": "Laura Ríos",
        "email": "LAURA@correo.example",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    response = client.post(reverse("admin:school_user_add"), typed)

    assert response.status_code == 200
    assert User.objects.filter(email__iexact="laura@correo.example").count() == 1
