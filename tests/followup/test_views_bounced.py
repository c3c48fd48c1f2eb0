"""C-01: the list of the addresses that gave mails back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from school.states import Role
from tests.factories.notices import bounced
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db

URL = reverse("followup:bounced")


@pytest.fixture
def plantel():
    return PlantelFactory(number="05", name="Hermosillo")


@pytest.fixture
def responsable(client, plantel):
    client.force_login(staff(Role.RESPONSABLE, plantel))


def late(plantel, **fields):
    due_on = timezone.localdate() - timedelta(days=4)
    values = {"acuse_due_on": due_on, "enrolled_on": due_on - timedelta(days=7)}
    return EnrollmentFactory(plantel=plantel, **(values | fields))


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_list_says_who_where_why_and_what_to_do(client, plantel, responsable):
    written = late(plantel, roster_email="ana@correo.example", roster_phone="6621234567")
    summoned = late(plantel, roster_phone="")
    in_time = EnrollmentFactory(plantel=plantel, acuse_due_on=None, roster_phone="6621234567")
    for stay in (written, summoned, in_time):
        bounced(stay)

    page = client.get(URL).content.decode()

    assert "ana@correo.example" in strip_tags(page).replace("\u200b", "")
    assert page.count("El buzón no recibe correo (550)") == 3
    for stay in (written, summoned, in_time):
        for name in ("followup:student_file", "students:correct_contact"):
            assert reverse(name, args=[stay.public_id]) in page
        url = reverse("followup:open_whatsapp", args=[stay.public_id])
        assert (url in page) is (stay == written)
    assert page.count("?canal=citatorio") == 1


def test_list_and_hoy_count_the_same(client, plantel, responsable):
    for _ in range(2):
        bounced(EnrollmentFactory(plantel=plantel))
    bounced(EnrollmentFactory())

    hoy = client.get(reverse("followup:today"))

    (row,) = [one for one in hoy.context["rows"] if one.url == URL]
    assert (row.count, row.sentence) == (2, "correos rebotados")
    assert "2 correos rebotados" in text(client.get(URL))


def test_list_of_nobody(client, responsable):
    assert "Ningún correo rebotado" in text(client.get(URL))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client, plantel, responsable, rows, django_assert_num_queries
):
    for _ in range(rows):
        bounced(EnrollmentFactory(plantel=plantel))
    client.get(URL)

    with django_assert_num_queries(12):
        client.get(URL)
