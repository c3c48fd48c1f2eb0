"""The window: the acuse that comes on paper."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from nss.models import Acuse, NSSRequest
from nss.states import AcuseState, ProofRoute
from school.states import Role
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory, StudentFactory, nss
from tests.nss.test_actions_upload import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment():
    return EnrollmentFactory()


@pytest.fixture
def responsable(client, enrollment):
    user = staff(Role.RESPONSABLE, enrollment.plantel)
    client.force_login(user)
    return user


def at(name, enrollment):
    return reverse(f"nss:{name}", args=[enrollment.public_id])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_upload_for_student_leads_to_its_review(client, responsable, enrollment):
    page = client.get(at("upload_for_student", enrollment))
    answer = client.post(
        at("upload_for_student", enrollment), {"acuse": photo(), "key": "key-00001"}
    )

    acuse = Acuse.objects.get()
    assert enrollment.student.full_name in words(page)
    assert answer.url == reverse("nss:review_acuse", args=[acuse.public_id])
    assert (acuse.state, acuse.created_by) == (AcuseState.RECEIVED, responsable)


def test_upload_for_student_without_a_file(client, responsable, enrollment):
    page = client.post(at("upload_for_student", enrollment), {"key": "key-00001"})

    assert "Elegir el archivo del acuse" in words(page)


def test_upload_for_student_refused_file(client, responsable, enrollment):
    upload = photo()
    upload.name = "acuse.pdf"

    page = client.post(at("upload_for_student", enrollment), {"acuse": upload, "key": "key-00001"})

    assert "No pudimos abrir el archivo. Escanear o fotografiar la hoja y subirla" in words(page)


def test_upload_for_student_who_needs_none(client, responsable, enrollment):
    enrollment.student.nss = nss(4)
    enrollment.student.save()

    page = client.post(at("upload_for_student", enrollment), {"acuse": photo(), "key": "key-00001"})

    assert "Ya no hace falta subir el acuse: el plantel tiene el NSS" in words(page)


def test_upload_for_student_whose_stay_is_over(client, responsable, enrollment):
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save()

    page = client.post(at("upload_for_student", enrollment), {"acuse": photo(), "key": "key-00001"})

    assert "El trámite del estudiante ya no está abierto" in words(page)


@pytest.fixture
def draft(enrollment):
    """A file that the student left unconfirmed; the deadline of August 2026 has passed."""
    return AcuseFactory(request__enrollment=enrollment, draft=True)


@pytest.mark.parametrize("is_late", [True, False])
def test_student_file_offers_to_take_the_file_past_the_deadline(
    client, responsable, enrollment, draft, is_late
):
    day = timezone.localdate() + timedelta(days=-1 if is_late else 1)
    Enrollment.objects.filter(pk=enrollment.pk).update(acuse_due_on=day)

    page = client.get(reverse("followup:student_file", args=[enrollment.public_id]))

    assert (reverse("nss:take_draft", args=[draft.public_id]) in page.content.decode()) is is_late


def test_take_draft_leads_to_its_review(client, responsable, draft):
    answer = client.post(reverse("nss:take_draft", args=[draft.public_id]), follow=True)

    draft.refresh_from_db()
    assert answer.redirect_chain == [(reverse("nss:review_acuse", args=[draft.public_id]), 302)]
    assert f"El archivo ya está en revisión, con folio {draft.folio}" in words(answer)


@pytest.mark.parametrize(
    ("state", "stay_state", "sentence"),
    [
        (AcuseState.REPLACED, EnrollmentState.ACTIVE, "El estudiante subió otro archivo después"),
        (AcuseState.DRAFT, EnrollmentState.WITHDRAWN, "El trámite del estudiante ya no está"),
    ],
)
def test_take_draft_refused_says_why_in_the_file(
    client, responsable, enrollment, draft, state, stay_state, sentence
):
    Acuse.objects.filter(pk=draft.pk).update(state=state)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=stay_state)

    answer = client.post(reverse("nss:take_draft", args=[draft.public_id]), follow=True)

    file = reverse("followup:student_file", args=[enrollment.public_id])
    assert answer.redirect_chain == [(file, 302)]
    assert sentence in words(answer)


@pytest.mark.parametrize("role", [Role.REVISOR, Role.CONSULTA])
def test_take_draft_is_for_the_responsable(client, enrollment, draft, role):
    Enrollment.objects.filter(pk=enrollment.pk).update(acuse_due_on=date(2026, 8, 26))
    client.force_login(staff(role, enrollment.plantel))
    url = reverse("nss:take_draft", args=[draft.public_id])

    page = client.get(reverse("followup:student_file", args=[enrollment.public_id]))

    assert url not in page.content.decode()
    assert client.post(url).status_code == 403


def test_register_nss_is_confirmed_with_the_name_in_sight(client, responsable, enrollment):
    data = {"nss": "24 26 08 1234 2", "nss_again": "24260812342"}

    asked = client.post(at("register_nss", enrollment), data)
    rows_before = NSSRequest.objects.count()
    answer = client.post(at("register_nss", enrollment), data | {"confirmado": "1"})

    enrollment.student.refresh_from_db()
    assert "¿Registrar este NSS?" in words(asked)
    assert enrollment.student.full_name in words(asked)
    assert rows_before == 0
    assert answer.url == reverse("followup:student_file", args=[enrollment.public_id])
    assert enrollment.student.nss == "24260812342"
    assert NSSRequest.objects.get().route == ProofRoute.WINDOW


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Escribir el NSS del acuse"),
        ({"nss": nss(1), "nss_again": nss(2)}, "Los dos números son distintos"),
        ({"nss": "123", "nss_again": "123"}, "El NSS tiene 11 números; escribiste 3"),
        (
            {"nss": "24260812343", "nss_again": "24260812343"},
            "El último número no corresponde con los demás",
        ),
    ],
)
def test_register_nss_says_what_to_put_right(client, responsable, enrollment, data, sentence):
    page = client.post(at("register_nss", enrollment), data | {"confirmado": "1"})

    assert sentence in words(page)
    assert NSSRequest.objects.count() == 0


def test_register_nss_wrong_digit_with_its_reason(client, responsable, enrollment):
    number = "24260812343"
    data = {"nss": number, "nss_again": number, "override_reason": "El papel lo trae así, sellado"}

    client.post(at("register_nss", enrollment), data | {"confirmado": "1"})

    enrollment.student.refresh_from_db()
    assert enrollment.student.nss == number


def test_register_nss_of_another_student(client, responsable, enrollment):
    StudentFactory(nss=nss(1))
    data = {"nss": nss(1), "nss_again": nss(1), "confirmado": "1"}

    page = client.post(at("register_nss", enrollment), data)

    assert "Este NSS ya lo tiene otra persona" in words(page)


@pytest.mark.parametrize("name", ["upload_for_student", "register_nss"])
@pytest.mark.parametrize(("role", "status"), [(Role.REVISOR, 403), (Role.CONSULTA, 403)])
def test_window_is_for_the_responsable(client, enrollment, name, role, status):
    client.force_login(staff(role, enrollment.plantel))

    assert client.get(at(name, enrollment)).status_code == status


@pytest.mark.parametrize("name", ["upload_for_student", "register_nss"])
def test_window_of_another_plantel_does_not_exist(client, responsable, name):
    other = EnrollmentFactory()

    assert client.get(at(name, other)).status_code == 404
