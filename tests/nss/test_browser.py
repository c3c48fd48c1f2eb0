"""In Chromium: the keys of the review page, and the student's pages."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from school.states import Role
from tests.factories.nss import AcuseFactory, draw_page, read, read_well
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, StudentFactory, nss

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def acuses(plantel) -> list[Acuse]:
    """Two acuses in review, all their students' own."""
    waiting = AcuseFactory.create_batch(2, request__enrollment__plantel=plantel)
    for number, acuse in enumerate(waiting):
        draw_page(acuse)
        read_well(acuse, nss(number))
    return waiting


@pytest.fixture
def queue(desk, sign_in, plantel, acuses) -> Page:
    """The review page on an office screen, at the first acuse."""
    sign_in(desk, staff(Role.REVISOR, plantel, name="Laura Ríos"))
    desk.goto(reverse("nss:review"))
    return desk


def state_of(acuse: Acuse) -> str:
    acuse.refresh_from_db()
    return acuse.state


def at_next(page: Page, acuse: Acuse) -> None:
    page.wait_for_url(f"**{reverse('nss:review_acuse', args=[acuse.public_id])}**")


def violations(page: Page) -> list[str]:
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_one_key_accepts_and_z_undoes(queue, acuses):
    queue.keyboard.press("a")
    at_next(queue, acuses[1])
    accepted = state_of(acuses[0])
    expect(queue.get_by_text("Aceptaste a Ana Gómez Martínez.")).to_be_visible()

    queue.keyboard.press("z")
    at_next(queue, acuses[0])

    assert (accepted, state_of(acuses[0])) == (AcuseState.ACCEPTED, AcuseState.RECEIVED)


def test_three_keys_return(queue, acuses):
    queue.keyboard.press("r")
    queue.keyboard.press("4")
    queue.keyboard.press("Enter")
    at_next(queue, acuses[1])

    assert state_of(acuses[0]) == AcuseState.RETURNED
    assert acuses[0].return_reason == ReturnReason.INCOMPLETE


def test_escape_closes_the_panel_and_a_number_alone_does_nothing(queue, acuses):
    queue.keyboard.press("r")
    queue.keyboard.press("Escape")
    queue.keyboard.press("4")
    queue.keyboard.press("Enter")

    assert not queue.locator(".reject").evaluate("panel => panel.open && panel.dataset.sent")
    assert state_of(acuses[0]) == AcuseState.RECEIVED


def test_arrows_skip_and_go_back(queue, acuses):
    queue.keyboard.press("ArrowRight")
    at_next(queue, acuses[1])
    queue.keyboard.press("ArrowLeft")
    at_next(queue, acuses[0])

    assert state_of(acuses[0]) == AcuseState.RECEIVED


def test_letters_and_enter_in_the_field_decide_nothing(queue, acuses):
    queue.keyboard.press("n")
    expect(queue.locator("#id_nss")).to_be_focused()
    queue.keyboard.press("End")
    queue.keyboard.press("a")
    queue.keyboard.press("Backspace")
    queue.keyboard.press("Enter")
    expect(queue.get_by_text("Guardamos el NSS corregido")).to_be_visible()

    assert state_of(acuses[0]) == AcuseState.RECEIVED


def test_keys_switched_off_do_nothing(desk, sign_in, plantel, acuses):
    sign_in(desk, staff(Role.REVISOR, plantel, has_shortcuts=False))
    desk.goto(reverse("nss:review"))

    for key in ("a", "r", "d", "ArrowRight"):
        desk.keyboard.press(key)
    desk.wait_for_timeout(300)

    assert reverse("nss:review_acuse", args=[acuses[0].public_id]) in desk.url
    assert state_of(acuses[0]) == AcuseState.RECEIVED


def test_sheet_turns_and_grows(queue):
    sheet = queue.locator("[data-page]")
    queue.keyboard.press("g")
    queue.keyboard.press("+")

    assert sheet.get_attribute("viewBox") == "0 0 1100 850"
    assert sheet.evaluate("page => page.style.width") == "125%"


def test_review_has_no_barrier(queue, acuses, plantel):
    difference = AcuseFactory(request__enrollment__plantel=plantel, typed_nss=nss(40))
    read(difference, nss=nss(41), curp=StudentFactory().curp, issued="2026-08-01")
    assert violations(queue) == []

    queue.keyboard.press("r")
    assert violations(queue) == []

    queue.set_viewport_size({"width": 320, "height": 640})
    queue.goto(reverse("nss:review_acuse", args=[difference.public_id]))
    assert violations(queue) == []
    assert queue.evaluate("document.documentElement.scrollWidth") <= 320


def test_whole_way_without_script(phone_without_script, sign_in, plantel):
    page = phone_without_script
    enrollment = EnrollmentFactory(confirmed=True, plantel=plantel)
    sign_in(page, enrollment.student.user)
    page.goto(reverse("nss:upload"))
    small = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(small, "JPEG")

    page.set_input_files(
        "#id_acuse", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": small.getvalue()}
    )
    page.get_by_role("button", name="Subir archivo").click()
    read_well(Acuse.objects.get(), "24260812342")
    page.get_by_role("button", name="Sí, enviar mi acuse").click()
    page.get_by_label("Sí", exact=True).check()
    page.get_by_role("button", name="Continuar").click()

    acuse = Acuse.objects.get()
    expect(page.get_by_role("heading", name="Recibimos tu acuse")).to_be_visible()
    assert (acuse.state, acuse.nss_answer) == (AcuseState.RECEIVED, "SAME")


@pytest.mark.parametrize("width", [320, 1280])
def test_student_pages_have_no_barrier(open_page, sign_in, plantel, width):
    page = open_page(width, 640)
    enrollment = EnrollmentFactory(confirmed=True, plantel=plantel)
    sign_in(page, enrollment.student.user)
    found = {}

    def look(name: str, url: str) -> None:
        page.goto(url)
        found[name] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    look("upload", reverse("nss:upload"))
    acuse = AcuseFactory(request__enrollment=enrollment, draft=True)
    draw_page(acuse)
    look("confirm", reverse("nss:confirm"))
    other = read(acuse, nss=nss(1), curp=StudentFactory().curp, names="LUIS PÉREZ OCHOA")
    look("other person", reverse("nss:confirm"))
    other.delete()
    Acuse.objects.update(state=AcuseState.RECEIVED, folio="A26-05-000001")
    look("sent", reverse("nss:sent", args=[acuse.public_id]))
    read_well(acuse, nss(1))
    look("read", reverse("nss:reading"))
    acuse.readings.all().delete()
    read(acuse)
    look("type", reverse("nss:reading"))

    assert {name: ids for name, ids in found.items() if ids} == {}
