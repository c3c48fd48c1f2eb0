"""How the technician lets a person in."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from school.models import User
from school.states import Role
from tests.factories.school import TOTP_SECRET, PlantelFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_new_person_has_a_role_and_no_password(client: Client) -> None:
    technician = UserFactory(is_superuser=True, is_staff=True)
    TOTP.activate(technician, TOTP_SECRET)
    client.force_login(technician)
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
