"""How the technician lets a person in."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.forms import model_to_dict
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


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"number": "a1"}, "number"),
        ({"number": "5/1"}, "number"),
        ({"registro_patronal": "Y54-12345-3"}, "registro_patronal"),
        ({"registro_patronal": "y5412345324"}, "registro_patronal"),
    ],
)
def test_a_plantel_is_called_so_that_its_folios_and_files_can_be_written(
    client: Client, technician: User, typed: dict[str, str], field: str
) -> None:
    plantel = PlantelFactory(number="07", registro_patronal="Y5412345324")
    page = reverse("admin:school_plantel_change", args=[plantel.pk])
    whole = {name: value for name, value in model_to_dict(plantel).items() if value is not None}

    refused = client.post(page, whole | typed)
    taken = client.post(page, whole | {"number": "A7"})

    assert list(refused.context["adminform"].form.errors) == [field]
    assert taken.status_code == 302
    plantel.refresh_from_db()
    assert (plantel.number, plantel.registro_patronal) == ("A7", "Y5412345324")


def test_what_was_changed_is_read_in_spanish_and_brought_back_by_nobody(
    client: Client, technician: User
) -> None:
    plantel = PlantelFactory()

    text = client.get(reverse("admin:school_plantel_history", args=[plantel.pk])).content.decode()

    assert "Administración técnica" in text
    assert "Django" not in text
    assert "revert" not in text.lower()


def test_the_password_is_changed_on_the_page_that_tells_its_owner(
    client: Client, technician: User
) -> None:
    answers = [
        client.get(reverse("admin:password_change")),
        client.post(reverse("admin:password_change"), {"old_password": "x"}),
    ]

    own = reverse("account_change_password")
    assert [answer.headers["Location"] for answer in answers] == [own, own]
