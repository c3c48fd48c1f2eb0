"""E-16 and E-17: the student's own clinic and vigencia."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db
CLINIC, VIGENCIA = reverse("clinics:own_clinic"), reverse("clinics:own_vigencia")


def shown(response) -> str:
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def test_the_clinic_is_locked_until_the_plantel_opens_it(client):
    stay = EnrollmentFactory(confirmed=True)
    client.force_login(stay.student.user)

    page = shown(client.get(CLINIC))

    assert (
        "Tu plantel te dirá cuándo: el IMSS solo te deja registrarte cuando ya estás afiliado."
        in page
    )
