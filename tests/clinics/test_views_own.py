"""E-16 and E-17: the student's own clinic and vigencia."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from affiliation.models import AltaOrder
from clinics.models import UMFRegistration, VigenciaCheck
from clinics.states import RegistrationState, Turno, VigenciaResult
from notices.models import Notice
from notices.states import NoticeState
from students.models import StoredFile
from students.states import EnrollmentState, FileState
from tests.clinics.conftest import shown
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory
from tests.samples import hostile

pytestmark = pytest.mark.django_db
CLINIC, VIGENCIA, CONSTANCIA, CORRECT, HOME = (
    *(reverse(f"clinics:{name}") for name in ("own_clinic", "own_vigencia")),
    *(reverse(f"clinics:{name}") for name in ("attach_constancia", "correct_own_clinic")),
    reverse("followup:my_steps"),
)
ANSWER = {"number": "UMF 37", "turno": Turno.MORNING, "consultorio": "4"}


@pytest.fixture(autouse=True)
def friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invited(client):
    registration = UMFRegistrationFactory()
    client.force_login(registration.enrollment.student.user)
    return registration


@pytest.fixture
def registered(client):
    registration = UMFRegistrationFactory(registered=True)
    client.force_login(registration.enrollment.student.user)
    return registration


def says(client, **answer):
    response = client.post(VIGENCIA, answer)
    assert response.status_code == 302, shown(response)
    return response.url


def current(registration):
    return VigenciaCheck.objects.get(enrollment=registration.enrollment, is_current=True)


# The clinic --------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [CLINIC, VIGENCIA])
def test_both_pages_are_locked_until_the_plantel_opens_the_step(client, path):
    stay = EnrollmentFactory(confirmed=True)
    client.force_login(stay.student.user)

    page = shown(client.get(path))

    assert "Tu plantel te dirá cuándo: el IMSS solo te deja registrarte cuando ya estás" in page
    assert f"usa el mismo correo con el que sacaste tu NSS: {stay.data.email}." in page


def test_the_clinic_opens_on_its_day(client):
    registration = UMFRegistrationFactory(opens_on=NOW.date().replace(day=22))
    client.force_login(registration.enrollment.student.user)

    assert "Todavía no" in shown(client.get(CLINIC))
    with time_machine.travel(NOW.replace(day=22), tick=False):
        client.force_login(registration.enrollment.student.user)
        assert "Regístrate en tu clínica" in shown(client.get(CLINIC))


def test_the_clinic_entered_at_the_window_is_shown_before_the_day_of_the_step(client, registered):
    UMFRegistration.objects.update(opens_on=NOW.date().replace(day=22))

    assert "Clínica UMF 37" in shown(client.get(CLINIC))


@pytest.mark.parametrize(
    ("result", "link"),
    [
        (None, "Revisar mi vigencia"),
        (VigenciaResult.NOT_CONSULTED, "Revisar mi vigencia"),
        (VigenciaResult.BY_SCHOOL, "Ver mi vigencia"),
    ],
)
def test_the_clinic_page_says_whether_a_step_is_left(client, registered, result, link):
    if result:
        VigenciaCheckFactory(enrollment=registered.enrollment, result=result)

    page = shown(client.get(CLINIC))

    assert link in page
    assert ("Falta un paso" in page) is (link == "Revisar mi vigencia")


def test_the_clinic_page_says_how_and_offers_known_clinics(client, invited):
    UMFFactory(plantel=invited.plantel, number=5, name="Norte")
    stay = invited.enrollment
    stay.student.nss = "24260812342"
    stay.student.save()

    response = client.get(CLINIC)

    page = shown(response)
    assert "Alta en clínica o UMF" in page
    assert f"Tu NSS 24260812342 Copiar tu nss Tu CURP {stay.student.curp}" in page
    assert '<option value="5">UMF 5, Norte</option>' in response.content.decode()


def test_the_clinic_is_reported_and_shown(client, invited):
    response = client.post(CLINIC, ANSWER, follow=True)

    page = shown(response)
    invited.refresh_from_db()
    assert (invited.state, invited.umf.number) == (RegistrationState.REGISTERED, 37)
    assert "Guardamos tu clínica." in page
    assert "Clínica UMF 37 Turno Matutino Consultorio 4" in page


def test_the_clinic_takes_a_photo_of_the_carnet(client, invited):
    picture = SimpleUploadedFile("carnet.jpg", hostile.jpeg())

    page = shown(client.post(CLINIC, ANSWER | {"carnet": picture}, follow=True))

    assert "Carnet Lo recibimos" in page
    assert StoredFile.objects.get().enrollment == invited.enrollment


@pytest.mark.parametrize("number", ["", "Hermosillo", "1000", "0"])
def test_the_clinic_needs_its_number(client, invited, number):
    page = shown(client.post(CLINIC, ANSWER | {"number": number}))

    assert "Escribe el número de tu UMF; está en tu carnet" in page
    assert UMFRegistration.objects.get().state == RegistrationState.INVITED


def test_the_clinic_says_what_is_wrong_with_the_photo(client, invited):
    picture = SimpleUploadedFile("carnet.txt", b"hola")

    page = shown(client.post(CLINIC, ANSWER | {"carnet": picture}))

    assert "El archivo debe ser PDF, JPG, PNG o HEIC" in page


def test_the_clinic_reported_differently_meanwhile_says_so(client, registered):
    page = shown(client.post(CLINIC, ANSWER | {"number": "5"}))

    assert "Otra persona ya lo atendió" in page
    registered.refresh_from_db()
    assert registered.umf.number == 37


@pytest.mark.parametrize(
    ("state", "said"),
    [(FileState.READY, "Ver mi carnet"), (FileState.REFUSED, "No pudimos abrir tu archivo")],
)
def test_the_clinic_page_says_what_became_of_the_carnet(client, registered, state, said):
    registered.carnet = StoredFileFactory(
        enrollment=registered.enrollment,
        state=state,
        derivative_pages=["aa/a-01"] if state == FileState.READY else [],
    )
    registered.save()

    assert said in shown(client.get(CLINIC))


def test_the_student_corrects_the_clinic(client, registered):
    response = client.post(CORRECT, follow=True)

    assert "¿Ya te registraste?" in shown(response)
    registered.refresh_from_db()
    assert registered.state == RegistrationState.INVITED


def test_the_student_corrects_the_clinic_of_the_window_before_the_day_of_the_step(
    client, registered
):
    UMFRegistration.objects.update(opens_on=NOW.date().replace(day=22))

    page = shown(client.post(CORRECT, follow=True))
    client.post(CLINIC, ANSWER | {"number": "5"})

    registered.refresh_from_db()
    assert "¿Ya te registraste?" in page
    assert registered.umf.number == 5


def test_correcting_after_a_yes_asks_for_the_clinic_alone(client, registered):
    VigenciaCheckFactory(enrollment=registered.enrollment)

    asked = shown(client.post(CORRECT, follow=True))
    home = shown(client.get(HOME))
    client.post(CLINIC, ANSWER)

    assert "Tu vigencia ya está: solo falta tu clínica." in asked
    assert "Regístrate en tu clínica Te toca" in home
    assert "Revisa tu vigencia Listo" in shown(client.get(HOME))
    assert VigenciaCheck.objects.get().is_current


def test_correcting_what_was_not_reported_says_so(client, invited):
    assert "Otra persona ya lo atendió" in shown(client.post(CORRECT, follow=True))


def test_correcting_before_the_step_leads_to_the_page(client):
    client.force_login(EnrollmentFactory(confirmed=True).student.user)

    assert client.post(CORRECT).url == CLINIC


# The vigencia ------------------------------------------------------------------------------------
def test_vigencia_asks_what_came_out(client, registered):
    page = shown(client.get(VIGENCIA))

    assert "¿Qué te salió en la consulta de vigencia? SÍ NO No pude consultar" in page


def test_vigencia_wants_an_answer(client, registered):
    assert "Elige lo que dice tu constancia" in shown(client.post(VIGENCIA))


def test_vigencia_yes_asks_by_whose_cover(client, registered):
    page = shown(client.post(VIGENCIA, {"result": "SI"}, follow=True))

    assert "¿El SÍ es por tu escuela o por tu familia o trabajo?" in page
    assert VigenciaCheck.objects.count() == 0


def test_vigencia_yes_without_a_cover_asks_again(client, registered):
    page = shown(client.post(f"{VIGENCIA}?si=1"))

    assert "Elige por quién tienes el seguro; si no lo sabes, elige «No sé»" in page


@pytest.mark.parametrize(
    ("cover", "kept", "said"),
    [
        ("BY_SCHOOL", (VigenciaResult.BY_SCHOOL, True), "Ya puedes usar los servicios del IMSS."),
        ("NO_SE", (VigenciaResult.BY_SCHOOL, False), "tu plantel te ayuda a saberlo"),
        ("BY_OTHER", (VigenciaResult.BY_OTHER, True), "No necesito el seguro de estudiantes"),
    ],
)
def test_vigencia_yes_is_kept_and_says_what_follows(client, registered, cover, kept, said):
    assert says(client, cover=cover) == VIGENCIA

    check = current(registered)
    assert (check.result, check.is_sure) == kept
    assert said in shown(client.get(VIGENCIA))


def test_vigencia_no_tells_the_plantel(client, registered):
    assert says(client, result="NONE") == VIGENCIA

    page = shown(client.get(VIGENCIA))
    assert "Le avisamos a tu plantel" in page
    assert "No tienes que ir a la Subdelegación." in page
    assert AltaOrder.objects.count() == 1


def test_vigencia_that_could_not_be_asked_helps(client, registered):
    says(client, result="NOT_CONSULTED")

    assert "No pasa nada. Te lo recordamos por correo el lunes 24 de agosto." in shown(
        client.get(VIGENCIA)
    )
    assert "¿Qué te salió" in shown(client.get(VIGENCIA, {"otra": "1"}))


def test_vigencia_that_could_not_be_asked_promises_no_mail_that_left(client, registered):
    says(client, result="NOT_CONSULTED")
    Notice.objects.update(state=NoticeState.SENT)

    page = shown(client.get(VIGENCIA))

    assert "No pasa nada. ¿La página no abre?" in page
    assert "Te lo recordamos" not in page


def test_vigencia_that_could_not_be_asked_again_is_promised_another_mail(client, registered):
    says(client, result="NOT_CONSULTED")
    Notice.objects.update(state=NoticeState.SENT)
    with time_machine.travel(NOW.replace(day=24), tick=False):
        client.force_login(registered.enrollment.student.user)
        says(client, result="NOT_CONSULTED")

        page = shown(client.get(VIGENCIA))

    assert "Te lo recordamos por correo el jueves 27 de agosto." in page


def test_vigencia_yes_before_the_clinic_leads_there(client, invited):
    assert says(client, cover="BY_SCHOOL") == CLINIC
    assert "Ahora dinos en qué clínica te registraste" in shown(client.get(CLINIC))


def test_vigencia_could_not_while_a_no_is_mended_says_so(client, registered):
    says(client, result="NONE")

    assert says(client, result="NOT_CONSULTED") == HOME
    assert "Tu plantel ya está corrigiendo tu afiliación." in shown(client.get(HOME))


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
def test_both_pages_lead_home_once_nothing_is_asked_any_more(client, registered, state):
    stay = registered.enrollment
    stay.state = state
    stay.save()

    assert [client.get(path).url for path in (CLINIC, VIGENCIA)] == [HOME, HOME]
    assert client.post(VIGENCIA, {"result": "NONE"}).url == HOME
    client.post(CORRECT)
    registered.refresh_from_db()
    assert registered.state == RegistrationState.REGISTERED
    assert VigenciaCheck.objects.count() == 0


# The constancia ----------------------------------------------------------------------------------
def test_constancia_is_received_and_not_asked_again(client, registered):
    says(client, result="NONE")
    upload = SimpleUploadedFile("vigencia.pdf", hostile.plain_pdf())

    page = shown(client.post(CONSTANCIA, {"constancia": upload}, follow=True))

    assert "Recibimos tu constancia." in page
    assert "¿Tienes el PDF que te mandó el IMSS?" not in page
    assert current(registered).constancia.state == FileState.QUARANTINED


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Elige tu constancia"),
        ({"constancia": SimpleUploadedFile("a.txt", b"hola")}, "El archivo debe ser PDF, JPG"),
    ],
)
def test_constancia_says_what_is_wrong(client, registered, files, said):
    says(client, result="NONE")

    assert said in shown(client.post(CONSTANCIA, files))


def test_constancia_without_a_report_leads_to_the_question(client, registered):
    upload = SimpleUploadedFile("vigencia.pdf", hostile.plain_pdf())

    assert client.post(CONSTANCIA, {"constancia": upload}).url == VIGENCIA
    assert StoredFile.objects.count() == 0


def test_constancia_of_who_could_not_ask_leads_to_the_help(client, registered):
    says(client, result="NOT_CONSULTED")

    assert client.post(CONSTANCIA).url == VIGENCIA


def test_constancia_twice_says_that_it_is_there(client, registered):
    says(client, result="NONE")
    for pages in (1, 2):
        upload = SimpleUploadedFile("vigencia.pdf", hostile.plain_pdf(pages))
        page = shown(client.post(CONSTANCIA, {"constancia": upload}, follow=True))

    assert "Ya tenemos tu constancia" in page


def test_constancia_that_says_otherwise_is_a_hint(client, registered):
    reading = {"has_right": False, "umf": 37, "issued_on": None, "is_own": True}
    VigenciaCheckFactory(
        enrollment=registered.enrollment,
        reading=reading,
        constancia=StoredFileFactory(enrollment=registered.enrollment),
    )

    page = shown(client.get(VIGENCIA))

    assert "leímos «Con derecho al servicio médico: NO», y tú nos dijiste SÍ." in page
    assert "¡Listo! Tu seguro está activo" in page
