"""The door as a browser sees it: the same answer to everybody, and nothing left behind."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from school.models import LoginSession, TextVersion
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from students.actions import sign_in as actions
from students.actions.access_codes import issue_codes
from students.actions.data import confirm_data
from students.models import Declaration, Enrollment
from students.states import CodeChannel, EnrollmentState
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("students:sign_in")
HOME = reverse("followup:my_steps")
WRONG = "La matrícula o el código no coinciden. Revisa que no confundas una letra con un número"


@pytest.fixture
def ana():
    """Give a student who confirmed the data, with the roster's e-mail, and still has the slip."""
    stay = EnrollmentFactory(roster_email="ana@correo.example")
    StudentDataFactory(enrollment=stay, email=stay.roster_email, email_confirmed_at=None)
    return stay


def slip(enrollment) -> str:
    return issue_codes([enrollment], CodeChannel.SLIP, by=None, now=timezone.now())[enrollment.pk]


def enter(client, enrollment, *, code=None, **extra):
    typed = {"matricula": enrollment.matricula, "code": code or slip(enrollment)}
    return client.post(SIGN_IN + extra.pop("query", ""), typed, **extra)


def deliver() -> dict[str, str]:
    """Mint what the last M-00 brings."""
    return actions.mint_sign_in_secret(
        Notice.objects.filter(message="M-00").latest("pk"), now=timezone.now()
    )


def told(response) -> str:
    """Give the page without what differs in every answer: the CSRF tokens."""
    page = response.content.decode()
    page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", page)
    return re.sub(r'(X-CSRFToken": ")[^"]+', r"\1", page)


def headers(response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Content-Length"}


# Entering ------------------------------------------------------------------------------------------
def test_sign_in_leads_home(client, ana):
    response = enter(client, ana)

    assert (response.status_code, response["Location"]) == (302, HOME)
    assert client.get(reverse("students:my_data")).status_code == 200


def test_sign_in_leads_to_the_first_question(client):
    response = enter(client, EnrollmentFactory())

    assert response["Location"] == reverse("students:continue_data")
    assert client.get(response["Location"])["Location"] == reverse("students:confirm_person")


def test_sign_in_with_a_wrong_code_says_how_to_fix_it(client, ana):
    response = enter(client, ana, code="AAAA2222")

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(WRONG) == 1
    assert "<title>Error: Entra a tu trámite" in page
    assert f'value="{ana.matricula}"' in page
    assert "sesion" not in client.cookies


@pytest.mark.parametrize("wanted", ["/mis-datos/", "/mis-datos/contacto/?x=1"])
def test_sign_in_returns_to_the_page_asked_for(client, ana, wanted):
    response = enter(client, ana, query=f"?next={wanted}")

    assert response["Location"] == wanted


@pytest.mark.parametrize(
    "evil",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "///x"],
)
def test_sign_in_never_leads_elsewhere(client, ana, evil):
    response = client.post(
        f"{SIGN_IN}?next={evil}", {"matricula": ana.matricula, "code": slip(ana)}
    )

    assert response["Location"] == HOME


def test_sign_in_rotates_the_session(client, ana):
    client.post(reverse("students:request_sign_in"), {"matricula": ana.matricula})
    before = client.cookies["sesion"].value

    enter(client, ana)

    after = client.cookies["sesion"].value
    assert after != before
    assert not LoginSession.objects.filter(session_key=before).exists()


def test_sign_in_needs_the_csrf_token(ana):
    from django.test import Client

    response = enter(Client(enforce_csrf_checks=True), ana)

    assert response.status_code == 403


def test_sign_in_remembers_the_device_for_its_owner(client, ana):
    enter(client, ana)
    cookie = client.cookies["aparato"]
    client.post(reverse("students:sign_out"))
    for _ in range(6):
        client_elsewhere = type(client)()
        enter(client_elsewhere, ana, code="AAAA2222")

    response = enter(client, ana)

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert response["Location"] == HOME


def test_sign_in_with_a_forged_device_cookie(client, ana):
    client.cookies["aparato"] = f"{ana.student.user_id}-abc:1aaaaa:forged"
    for _ in range(5):
        enter(client, ana, code="AAAA2222")

    response = enter(client, ana)

    assert "Por seguridad, espera 15 minutos o pide ayuda en Control Escolar" in (
        response.content.decode()
    )


def test_sign_in_ignores_a_forged_address(client, ana):
    code = slip(ana)
    for number in range(5):
        enter(client, ana, code="AAAA2222", HTTP_X_FORWARDED_FOR=f"198.51.{number}.1")

    response = enter(client, ana, code=code, HTTP_X_FORWARDED_FOR="192.0.2.1")

    assert response.status_code == 200


def test_sign_in_believes_its_own_proxy(client, ana, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for number in range(5):
        enter(client, ana, code="AAAA2222", HTTP_X_FORWARDED_FOR=f"1.2.3.4, 198.51.{number}.1")

    response = enter(client, ana, HTTP_X_FORWARDED_FOR="192.0.2.1")

    assert response["Location"] == HOME


# The same answer to everybody (T10) ----------------------------------------------------------------
EACH = 50


@pytest.fixture
def kinds() -> list[Enrollment]:
    """Give 50 each of: confirmed, account closed, stay over, without e-mail, other plantel."""
    plantel, other, cycle = PlantelFactory(), PlantelFactory(), SchoolCycleFactory()
    here = {"plantel": plantel, "cycle": cycle}
    return [
        *EnrollmentFactory.create_batch(EACH, confirmed=True, **here),
        *EnrollmentFactory.create_batch(EACH, student__user__is_active=False, **here),
        *EnrollmentFactory.create_batch(EACH, state=EnrollmentState.FINISHED, **here),
        *EnrollmentFactory.create_batch(EACH, roster_email="", **here),
        *EnrollmentFactory.create_batch(EACH, plantel=other, cycle=cycle),
    ]


def test_request_sign_in_answers_everybody_alike(client, kinds):
    matriculas = [*(stay.matricula for stay in kinds), *(f"ZZ{n:06d}" for n in range(EACH))]
    answers = set()

    for matricula in matriculas:
        browser = type(client)()
        first = browser.post(reverse("students:request_sign_in"), {"matricula": matricula})
        second = browser.get(first["Location"])
        page = told(second).replace(matricula, "")
        answers.add((first.status_code, first["Location"], str(headers(first)), page))

    assert len(answers) == 1
    assert Notice.objects.count() == len(matriculas)


def test_request_lost_code_answers_everybody_alike(client, kinds):
    known = [stay.roster_email for stay in kinds if stay.roster_email]
    answers = set()

    for email in [*known, *(f"x{n}@correo.example" for n in range(EACH))]:
        browser = type(client)()
        first = browser.post(reverse("students:request_lost_code"), {"email": email})
        answers.add((first.status_code, str(headers(first)), told(browser.get(first["Location"]))))

    assert len(answers) == 1


def test_sign_in_refuses_everybody_alike(client, kinds):
    matriculas = [*(stay.matricula for stay in kinds), *(f"ZZ{n:06d}" for n in range(EACH))]
    answers = set()

    for matricula in matriculas:
        response = type(client)().post(SIGN_IN, {"matricula": matricula, "code": "AAAA2222"})
        page = told(response).replace(matricula, "")
        answers.add((response.status_code, str(headers(response)), page))

    assert len(answers) == 1


# By mail -------------------------------------------------------------------------------------------
def test_enter_code_after_asking_for_it(client, ana):
    client.post(reverse("students:request_sign_in"), {"matricula": ana.matricula})

    response = client.post(reverse("students:enter_code"), {"code": deliver()["code"]})

    assert response["Location"] == HOME


def test_enter_code_on_another_device_asks_for_the_matricula(client, ana):
    client.post(reverse("students:request_sign_in"), {"matricula": ana.matricula})
    code = deliver()["code"]
    other = type(client)()

    empty = other.post(reverse("students:enter_code"), {"code": code})
    full = other.post(reverse("students:enter_code"), {"code": code, "matricula": ana.matricula})

    assert "Escribe tu matrícula" in empty.content.decode()
    assert full["Location"] == HOME


def test_enter_code_wrong(client, ana):
    client.post(reverse("students:request_sign_in"), {"matricula": ana.matricula})

    response = client.post(reverse("students:enter_code"), {"code": "000"})

    assert "El código no coincide o ya venció. Pide otro" in response.content.decode()


@pytest.mark.parametrize("name", ["enter_code", "sign_in_link"])
def test_another_code_can_be_asked_for_on_a_device_that_asked_for_none(client, name):
    page = client.get(reverse(f"students:{name}")).content.decode()

    assert (
        page.count(f'<a href="{reverse("students:request_sign_in")}">Mandar otro código</a>') == 1
    )


def test_sign_in_link_changes_nothing_when_a_mail_scanner_opens_it(client, ana):
    client.post(reverse("students:request_sign_in"), {"matricula": ana.matricula})
    token = deliver()["fragment"]
    page = reverse("students:sign_in_link")

    looked = [client.get(page).status_code, client.head(page).status_code]
    response = client.post(page, {"token": token})

    assert looked == [200, 200]
    assert response["Location"] == HOME


def test_sign_in_link_to_an_address_nobody_vouched_for_confirms_it_for_its_owner(client):
    enrollment = StudentDataFactory(email="otra@correo.example", email_confirmed_at=None).enrollment
    client.force_login(enrollment.student.user)
    client.post(reverse("students:resend_confirmation"))
    token = deliver()["fragment"]

    stranger = type(client)().post(reverse("students:sign_in_link"), {"token": token})
    owner = client.post(reverse("students:sign_in_link"), {"token": token})

    assert "Este enlace solo confirma tu correo." in stranger.content.decode()
    assert owner["Location"] == HOME
    enrollment.data.refresh_from_db()
    assert enrollment.data.email_confirmed_at is not None


# Leaving -------------------------------------------------------------------------------------------
def test_sign_out_leaves_nothing(client, ana):
    enter(client, ana)
    old = client.cookies["sesion"].value

    response = client.post(reverse("students:sign_out"))

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not LoginSession.objects.filter(session_key=old).exists()
    client.cookies["sesion"] = old
    assert client.get(HOME)["Location"] == f"{SIGN_IN}?next={HOME}"


def test_sign_out_needs_the_button(client, ana):
    enter(client, ana)

    assert client.get(reverse("students:sign_out")).status_code == 405


@pytest.mark.parametrize(
    ("idle", "expected"), [(timedelta(minutes=29), 200), (timedelta(minutes=31), 302)]
)
def test_student_is_signed_out_when_idle(client, ana, idle, expected):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        enter(client, ana)

    with time_machine.travel(start + idle, tick=False):
        assert client.get(reverse("students:my_data")).status_code == expected


def test_student_is_signed_out_after_twelve_hours_of_work(client, ana):
    page, start = reverse("students:my_data"), timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        enter(client, ana)
        seen = []
        for _ in range(37):
            clock.shift(timedelta(minutes=20))
            seen.append(client.get(page).status_code)

    assert seen == [200] * 36 + [302]


def test_student_reads_why_the_session_ended(client, ana):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        enter(client, ana)

    with time_machine.travel(start + timedelta(hours=1), tick=False):
        response = client.get(reverse("students:my_data"), follow=True)

    assert "Saliste por seguridad. Entra otra vez; lo que enviaste está guardado." in (
        response.content.decode()
    )


@pytest.mark.parametrize(
    ("idle", "expected"), [(timedelta(minutes=19), True), (timedelta(minutes=21), False)]
)
def test_staff_is_signed_out_sooner(client, idle, expected):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client.force_login(staff(Role.ADMIN))
        client.get(reverse("students:privacy_notice"))

    with time_machine.travel(start + idle, tick=False):
        response = client.get(reverse("students:privacy_notice"))

    assert response.wsgi_request.user.is_authenticated is expected


# Aviso ---------------------------------------------------------------------------------------------
def test_sign_in_with_a_reprinted_slip_asks_for_the_mailbox_that_was_lost(client):
    enrollment = StudentDataFactory().enrollment

    entered = enter(client, enrollment, query="?next=/mis-datos/")
    asked = client.get(entered["Location"]).content.decode()
    changed = client.post(entered["Location"], {"email": "nuevo@correo.example"})

    assert entered["Location"] == reverse("students:change_email")
    assert "Si ya no lo abres, pon otro" in asked
    assert changed["Location"] == reverse("students:my_data")
    assert Notice.objects.get(message="M-23").to_email == enrollment.data.email
    enrollment.data.refresh_from_db()
    assert enrollment.data.email == "nuevo@correo.example"
    assert enrollment.data.email_confirmed_at is None


def test_sign_in_with_a_reprinted_slip_once_the_stay_is_over(client):
    stay = StudentDataFactory(enrollment__state=EnrollmentState.WITHDRAWN).enrollment

    assert enter(client, stay)["Location"] == reverse("followup:my_steps")


def test_sign_in_shows_an_aviso_that_changed(client):
    enrollment = StudentDataFactory(confirmed_at=None, email_confirmed_at=None).enrollment
    confirm_data(enrollment, by=enrollment.student.user, now=timezone.now())
    new = TextVersion.objects.create(
        kind=TextKind.AVISO,
        version=1,
        fields=packaged_fields(TextKind.AVISO),
        created_at=timezone.now(),
    )

    first = enter(client, enrollment, query="?next=/mis-datos/")
    page = client.get(first["Location"])
    accepted = client.post(first["Location"])
    client.post(reverse("students:sign_out"))
    second = enter(client, enrollment)

    assert first["Location"] == "/aviso-de-privacidad/nuevo/?next=%2Fmis-datos%2F"
    assert "Cambió el aviso de privacidad" in page.content.decode()
    assert accepted["Location"] == "/mis-datos/"
    assert Declaration.objects.filter(text=new).count() == 1
    assert second["Location"] == HOME
