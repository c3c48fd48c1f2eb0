"""From the slip to confirmed data in a real browser: how many taps it takes, and what stays behind."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from notices.models import Notice
from students.actions.access_codes import issue_codes
from students.actions.sign_in import mint_sign_in_secret, request_sign_in
from students.actions.sign_in_limits import Visitor
from students.models import Enrollment, PostalCode, StudentData
from students.states import CodeChannel
from tests.browser.fingers import Fingers
from tests.factories.students import EnrollmentFactory, StudentDataFactory, curp

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS, MOST_KEYS, MOST_SECONDS = 14, 70, 180


@pytest.fixture
def enrollment() -> Iterator[Enrollment]:
    """Give a student whom the roster knows well, in a place of the catalogue."""
    PostalCode.objects.create(
        code="83000", estado="Sonora", municipio="Hermosillo", colonias=["Centro", "San Benito"]
    )
    return EnrollmentFactory(roster_phone="6621234567")


def slip(enrollment: Enrollment) -> str:
    return issue_codes([enrollment], CodeChannel.SLIP, by=None, now=timezone.now())[enrollment.pk]


def test_from_the_slip_to_confirmed_data_within_e1(phone, enrollment):
    code = slip(enrollment)
    hand = Fingers(phone)
    phone.goto("/entrar/")

    hand.type("Matrícula", enrollment.matricula)
    hand.type("Código de activación", code)
    hand.tap("Entrar")
    hand.tap("Sí, son míos")
    hand.tap("Continuar")
    hand.type("Código postal", "83000")
    expect(phone.get_by_role("status")).to_have_text("Encontramos 2 colonias en Hermosillo, Sonora")
    hand.pick("Colonia", "Centro")
    hand.type("Calle", "Calle Rosales")
    hand.type("Número exterior", "12")
    hand.tap("Continuar")
    hand.check("No")
    hand.tap("Continuar")
    hand.tap("Confirmar mis datos")
    phone.wait_for_url("**/mi-tramite/")

    assert hand.taps <= MOST_TAPS
    assert hand.keys <= MOST_KEYS
    assert hand.seconds <= MOST_SECONDS
    assert StudentData.objects.get().confirmed_at is not None


def test_the_same_way_without_script(phone_without_script, enrollment):
    page, code = phone_without_script, slip(enrollment)
    hand = Fingers(page)
    page.goto("/entrar/")

    hand.type("Matrícula", enrollment.matricula)
    hand.type("Código de activación", code)
    hand.tap("Entrar")
    hand.tap("Sí, son míos")
    hand.tap("Continuar")
    hand.type("Código postal", "83000")
    hand.tap("Buscar colonias")
    hand.pick("Colonia", "Centro")
    hand.type("Calle", "Calle Rosales")
    hand.type("Número exterior", "12")
    hand.tap("Continuar")
    hand.check("No")
    hand.tap("Continuar")
    hand.tap("Confirmar mis datos")

    expect(page.get_by_text("Guardamos tus datos")).to_be_visible()
    assert StudentData.objects.get().colonia == "Centro"


def test_slip_brings_its_code_and_leaves_no_trace_of_it(phone, enrollment):
    code = slip(enrollment)

    phone.goto(f"/entrar/#{code}")

    expect(phone.get_by_label("Código de activación")).to_have_value(code)
    assert code not in phone.url


def test_mailed_link_enters_with_one_tap(phone):
    enrollment = StudentDataFactory().enrollment
    request_sign_in(enrollment.matricula, visitor=Visitor("192.0.2.1"), now=timezone.now())
    token = mint_sign_in_secret(Notice.objects.get(), now=timezone.now())["fragment"]

    phone.goto(f"/entrar/enlace/#{token}")
    phone.get_by_role("button", name="Entrar a mi trámite").click()

    phone.wait_for_url("**/mi-tramite/")
    assert token not in phone.url


def test_curp_is_read_out_while_it_is_typed(phone, enrollment):
    enrollment.student.curp = None
    enrollment.student.save()
    phone.goto(f"/entrar/#{slip(enrollment)}")
    phone.get_by_label("Matrícula").fill(enrollment.matricula)
    phone.get_by_role("button", name="Entrar", exact=True).locator("visible=true").click()

    phone.get_by_label("¿Cuál es tu CURP?").press_sequentially(curp(5))

    expect(phone.get_by_role("status")).to_contain_text(
        "Naciste el 14 de febrero de 2008, en Sonora."
    )
    phone.get_by_role("button", name="Sí, son míos").click()
    phone.wait_for_url("**/contacto/")


def test_colonia_that_is_not_listed_opens_its_field(phone, enrollment):
    phone.goto(f"/entrar/#{slip(enrollment)}")
    phone.get_by_label("Matrícula").fill(enrollment.matricula)
    phone.get_by_role("button", name="Entrar", exact=True).locator("visible=true").click()
    phone.goto("/mis-datos/domicilio/")
    phone.get_by_label("Código postal").press_sequentially("83000")
    own = phone.get_by_label("Escribe tu colonia")
    expect(phone.get_by_label("Colonia", exact=True)).to_be_visible()

    hidden_before = own.is_hidden()
    phone.get_by_label("Colonia", exact=True).select_option("Mi colonia no aparece")

    assert hidden_before
    expect(own).to_be_visible()


def test_back_after_signing_out_shows_nothing(phone, enrollment):
    phone.goto(f"/entrar/#{slip(enrollment)}")
    phone.get_by_label("Matrícula").fill(enrollment.matricula)
    phone.get_by_role("button", name="Entrar", exact=True).locator("visible=true").click()
    phone.wait_for_url("**/eres-tu/")
    phone.get_by_text("Menú").click()
    phone.get_by_role("button", name="Salir").locator("visible=true").click()
    expect(phone.get_by_text("Saliste de tu trámite.")).to_be_visible()

    phone.go_back()

    expect(phone.get_by_role("heading", name="Entra a tu trámite")).to_be_visible()
    assert enrollment.student.full_name not in phone.content()
