"""What the staff sees of the outbox."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory()


@pytest.fixture
def responsable(client, plantel):
    user = staff(Role.RESPONSABLE, plantel)
    client.force_login(user)
    return user


def test_list_notices_shows_the_own_plantel_only(client, plantel, responsable):
    NoticeFactory(plantel=plantel, to_name="Ana Propia")
    NoticeFactory(to_name="Luis Ajeno")

    page = client.get(reverse("notices:list")).content.decode()

    assert "Ana Propia" in page
    assert "Luis Ajeno" not in page


def test_list_notices_costs_the_same_queries_for_one_and_three(client, plantel, responsable):
    client.get(reverse("notices:list"))
    costs = []

    for more in (1, 2):
        NoticeFactory.create_batch(more, plantel=plantel)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("notices:list"))
        costs.append(len(queries))

    assert costs == [10, 10]


def test_list_notices_by_state(client, plantel, responsable):
    NoticeFactory(plantel=plantel, to_name="Ana Espera")
    NoticeFactory(plantel=plantel, to_name="Luis Enviado", state=NoticeState.SENT)

    page = client.get(reverse("notices:list"), {"estado": "SENT"}).content.decode()

    assert "Luis Enviado" in page
    assert "Ana Espera" not in page


def test_show_notice_of_another_plantel_does_not_exist(client, responsable):
    notice = NoticeFactory()

    assert client.get(reverse("notices:show", args=[notice.public_id])).status_code == 404


def test_show_notice_reads_as_the_person_sees_it(client, plantel, responsable):
    notice = NoticeFactory(plantel=plantel)

    page = client.get(reverse("notices:show", args=[notice.public_id])).content.decode()

    assert "Sigue tu plantel: te va a afiliar ante el IMSS." in page


def test_send_notice_again_queues_a_copy(client, plantel, responsable):
    notice = NoticeFactory(plantel=plantel, state=NoticeState.FAILED)

    client.post(reverse("notices:send_again", args=[notice.public_id]))

    assert Notice.objects.filter(state=NoticeState.QUEUED).count() == 1


def test_show_notice_that_failed_says_where_it_goes_if_it_is_sent_again(
    client, plantel, responsable
):
    fields = {"plantel": plantel, "state": NoticeState.FAILED}
    notices = [
        NoticeFactory(**fields),
        NoticeFactory(**fields, corrected_email="nueva@correo.example"),
    ]

    pages = [
        client.get(reverse("notices:show", args=[one.public_id])).content.decode()
        for one in notices
    ]

    assert ["Confirmar el correo con el estudiante" in page for page in pages] == [True, False]
    assert ["La dirección ya se corrigió" in page for page in pages] == [False, True]


def test_send_notice_again_of_a_sent_one_says_why_not(client, plantel, responsable):
    notice = NoticeFactory(plantel=plantel, state=NoticeState.SENT)

    client.post(reverse("notices:send_again", args=[notice.public_id]))

    assert Notice.objects.count() == 1


def test_the_revisor_has_no_notices(client, plantel):
    client.force_login(staff(Role.REVISOR, plantel))

    assert client.get(reverse("notices:list")).status_code == 403
