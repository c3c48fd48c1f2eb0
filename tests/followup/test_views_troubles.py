"""E-09 and what it leads to: each answer has its page, each page its report."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import strip_tags

from affiliation.models import AltaOrder
from clinics.states import VigenciaResult
from followup.forms.student import OUTCOMES
from followup.models import StudentReport
from followup.queries.progress import standing_of
from followup.states import ReportKind, Stage
from notices.models import Notice
from nss.states import RequestState
from school.states import Role
from students.states import FileKind
from tests.factories.clinics import UMFRegistrationFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.samples import hostile

pytestmark = pytest.mark.django_db

PAGES = {
    "report_subdelegacion": ({"happened_on": "2026-08-21"}, ReportKind.SUBDELEGACION),
    "wrong_data": ({"subject": "CURP", "text": "Sale una letra"}, ReportKind.WRONG_DATA),
    "has_nss": ({}, ReportKind.HAS_NSS),
    "no_mail": ({}, ReportKind.NO_MAIL),
    "page_failed": ({"text": "Se quedó en blanco"}, ReportKind.PAGE_FAILED),
    "report_roster_data": ({"subject": "grupo", "text": "Soy del 102"}, ReportKind.ROSTER_DATA),
    "ask": ({"text": "¿Puedo llevarlo impreso?"}, ReportKind.QUESTION),
}


@pytest.fixture
def enrollment(client):
    enrollment = EnrollmentFactory(confirmed=True)
    client.force_login(enrollment.student.user)
    return enrollment


@pytest.mark.parametrize("outcome", [value for value, _ in OUTCOMES])
def test_help_leads_each_answer_to_a_page_that_opens(client, enrollment, outcome):
    response = client.post(reverse("followup:help"), {"outcome": outcome})

    assert response.status_code == 302
    assert client.get(response.url).status_code == 200


def test_help_without_an_answer_asks_for_one(client, enrollment):
    response = client.post(reverse("followup:help"), {})

    assert "Elige qué te pasó en la página del IMSS" in response.content.decode()


def test_help_for_visitors_names_the_contact_of_each_plantel(client):
    staff(Role.RESPONSABLE, PlantelFactory(number="05"), name="Laura Ríos")
    PlantelFactory(number="12", is_active=False, name="Cerrado")

    page = strip_tags(client.get(reverse("followup:help")).content.decode())

    assert "Laura Ríos" in page
    assert "Cerrado" not in page
    assert "¿Cómo te fue" not in page


@pytest.mark.parametrize("name", PAGES)
def test_report_pages_send_one_report_however_often_they_are_sent(client, enrollment, name):
    fields, kind = PAGES[name]
    url = reverse(f"followup:{name}")
    assert client.get(url).status_code == 200

    first = client.post(url, fields | {"key": "una-sola-vez"})
    second = client.post(url, fields | {"key": "una-sola-vez"})

    report = StudentReport.objects.get()
    assert (report.kind, report.enrollment) == (kind, enrollment)
    assert (first.status_code, second.url) == (302, first.url)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("report_subdelegacion", "Escribe el día en que te salió el mensaje"),
        ("wrong_data", "Elige qué dato sale mal"),
        ("report_roster_data", "Elige qué dato está mal"),
        ("ask", "Escribe tu pregunta"),
    ],
)
def test_report_pages_say_what_is_missing(client, enrollment, name, error):
    page = client.post(reverse(f"followup:{name}"), {}).content.decode()

    assert error in page
    assert "<title>Error: " in page
    assert not StudentReport.objects.exists()


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("ATTEMPTS_USED", "Se acabaron tus intentos de hoy. Inténtalo mañana"),
        ("PAGE_DOWN", "La página del IMSS no estaba disponible"),
    ],
)
def test_report_subdelegacion_of_what_is_no_case_says_what_to_do(client, enrollment, cause, words):
    url = reverse("followup:report_subdelegacion")

    page = client.post(url, {"happened_on": "2026-08-21", "cause": cause}).content.decode()

    assert words in page
    assert not StudentReport.objects.exists()


def test_report_subdelegacion_refuses_a_day_to_come(client, enrollment):
    url = reverse("followup:report_subdelegacion")

    page = client.post(url, {"happened_on": "2199-01-01"}).content.decode()

    assert "Ese día todavía no llega" in page


def test_report_subdelegacion_refuses_a_file_that_is_none_and_keeps_the_day(client, enrollment):
    fields = {
        "happened_on": "2026-08-21",
        "evidence": SimpleUploadedFile("captura.png", b"no soy una imagen"),
    }

    page = client.post(reverse("followup:report_subdelegacion"), fields).content.decode()

    assert "El archivo debe ser PDF, JPG, PNG o HEIC" in page
    assert 'value="2026-08-21"' in page
    assert not StudentReport.objects.exists()


def test_report_subdelegacion_when_the_plantel_has_the_errand_already(client, enrollment):
    NSSRequestFactory(enrollment=enrollment, state=RequestState.AT_SUBDELEGACION)

    page = client.post(reverse("followup:report_subdelegacion"), {"happened_on": "2026-08-21"})

    assert page.context["form"].errors == {
        "__all__": [
            "Tu plantel ya tiene tu NSS o ya lo está pidiendo. Mira cómo va en «Mi trámite»."
        ]
    }
    assert not StudentReport.objects.exists()


def test_report_subdelegacion_keeps_the_evidence(client, enrollment):
    evidence = SimpleUploadedFile("captura.pdf", hostile.plain_pdf())

    client.post(
        reverse("followup:report_subdelegacion"),
        {"happened_on": "2026-08-21", "evidence": evidence},
    )

    kept = StudentReport.objects.get().evidence
    assert (kept.enrollment, kept.original_name, kept.kind) == (
        enrollment,
        "captura.pdf",
        FileKind.PDF,
    )


def test_report_subdelegacion_shows_the_own_data_to_check(client, enrollment):
    page = client.get(reverse("followup:report_subdelegacion")).content.decode()

    assert enrollment.student.curp in page
    assert "Calle Rosales 12, Centro, C.P. 83000, Hermosillo, Sonora" in page


def test_report_subdelegacion_without_data_leads_to_them(client):
    enrollment = EnrollmentFactory()
    client.force_login(enrollment.student.user)

    page = client.get(reverse("followup:report_subdelegacion")).content.decode()

    assert reverse("students:continue_data") in page
    assert "happened_on" not in page


def test_warning_starts_with_no_vayas_and_leads_to_an_open_report(client, enrollment):
    url = reverse("followup:subdelegacion")
    assert "<h1>No vayas a la Subdelegación</h1>" in client.get(url).content.decode()

    client.post(reverse("followup:report_subdelegacion"), {"happened_on": "2026-08-21"})

    folio = StudentReport.objects.get().folio
    assert f"Ver mi reporte {folio}" in client.get(url).content.decode()
    assert standing_of(enrollment, now=NOW).stage == Stage.S_02


def test_ask_keeps_the_topic_of_the_page_that_leads_to_it(client, enrollment):
    client.post(reverse("followup:ask") + "?tema=seguro", {"text": "Tengo ISSSTE"})
    client.post(reverse("followup:ask") + "?tema=otra-cosa", {"text": "Hola"})

    subjects = list(StudentReport.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == ["Tengo otro servicio médico", ""]


def no_of_the_guide(client) -> str:
    """Give where «Avisar que salió NO» of the guide leads, without the place on that page."""
    page = client.get(reverse("followup:guide")).content.decode()
    return re.search(r'<a href="([^"#]+)#resultado">Avisar que salió NO</a>', page)[1]


def test_guide_leads_who_read_no_to_the_correction_of_the_affiliation(client):
    stay = UMFRegistrationFactory(registered=True).enrollment
    client.force_login(stay.student.user)
    url = no_of_the_guide(client)

    page = client.get(url).content.decode()
    client.post(url, {"result": VigenciaResult.NONE})

    assert 'id="resultado"' in page
    assert standing_of(stay, now=NOW).stage == Stage.S_12
    assert Notice.objects.filter(about=f"enrollment:{stay.pk}", message="M-15").exists()
    assert (AltaOrder.objects.get().enrollment, StudentReport.objects.count()) == (stay, 0)


def test_guide_leads_who_is_not_insured_yet_to_not_yet(client, enrollment):
    page = client.get(no_of_the_guide(client)).content.decode()

    assert "<h1>Todavía no</h1>" in page


def test_guide_leads_a_visitor_who_read_no_to_sign_in_first(client):
    url = no_of_the_guide(client)

    assert client.get(url).url == f"{reverse('students:sign_in')}?next={url}"


@pytest.mark.parametrize("name", [*PAGES, "subdelegacion"])
def test_report_pages_are_for_students_alone(client, name):
    url = reverse(f"followup:{name}")
    assert client.get(url).status_code == 302

    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    assert client.get(url).status_code == 404
