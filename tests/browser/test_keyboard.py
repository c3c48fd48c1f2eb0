"""Without a mouse: each key of the review does what its button says, and a student goes the whole way by keyboard.

What one key accepts, undoes and returns, and the keys switched off, is in tests/nss/test_browser.py.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from school.models import User
from students.actions.access_codes import issue_codes
from students.models import Enrollment, StudentData
from students.states import CodeChannel

FAR = 60
"""Presses of Tab after which nobody would go on looking."""


@pytest.fixture
def review(desk, enter) -> Page:
    """The review of an acuse in which everything matches, with two more in the queue."""
    scene = enter(desk, "revisor")
    desk.goto(f"/acuses/{scene.args['matching acuse'][0]}/revisar/")
    return desk


def decided() -> int:
    """Return how many acuses are decided besides the one that was so at the beginning."""
    undecided = (AcuseState.RECEIVED, AcuseState.DRAFT)
    return Acuse.objects.exclude(state__in=undecided).count() - 1


def current(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    )


def test_enter_accepts_nothing(review):
    review.keyboard.press("Enter")
    review.locator(".review__page").focus()
    review.keyboard.press("Enter")
    review.wait_for_timeout(300)

    assert decided() == 0


@pytest.mark.parametrize("held", ["Control", "Alt", "Meta"])
def test_a_key_with_another_held_is_the_browsers(review, held):
    review.keyboard.press(f"{held}+r")
    review.wait_for_timeout(300)

    assert decided() == 0
    assert not review.locator(".reject").evaluate("panel => panel.open")


@pytest.mark.parametrize(
    ("key", "reason"), [(str(n), reason) for n, reason in enumerate(ReturnReason, 1)]
)
def test_each_number_is_its_reason(review, key, reason):
    review.keyboard.press("r")
    review.keyboard.press(key)

    assert review.locator("input[name=reason]:checked").get_attribute("value") == reason
    assert decided() == 0


def test_numbers_do_nothing_outside_the_panel(review):
    review.keyboard.press("3")
    review.keyboard.press("r")

    assert review.locator("input[name=reason]:checked").count() == 0


def test_escape_closes_the_panel_and_leads_back_to_its_button(review):
    review.keyboard.press("r")
    review.keyboard.press("Escape")

    assert not review.locator(".reject").evaluate("panel => panel.open")
    assert current(review).startswith("Rechazar")


def test_n_and_slash_lead_to_their_fields(review):
    review.keyboard.press("n")
    number = current(review)
    review.locator("h1").click()
    review.keyboard.press("/")

    assert (number, current(review)) == ("id_nss", "buscar")


def test_letters_in_the_search_box_are_text(review):
    review.keyboard.press("/")
    review.keyboard.type("ara")

    assert review.locator("#buscar").input_value() == "ara"
    assert decided() == 0


def test_plus_minus_and_g_move_the_sheet(review):
    sheet = review.locator("[data-page]").first
    review.keyboard.press("+")
    grown = sheet.evaluate("page => page.style.width")
    review.keyboard.press("-")
    back = sheet.evaluate("page => page.style.width")
    review.keyboard.press("g")

    assert (grown, back) == ("125%", "100%")
    assert "rotate(90)" in str(sheet.locator("g").first.get_attribute("transform"))


def test_question_mark_shows_the_keys_and_escape_hides_them(review):
    review.keyboard.press("?")
    expect(review.locator(".key-list")).to_be_visible()
    review.keyboard.press("a")
    review.keyboard.press("Escape")

    expect(review.locator(".key-list")).to_be_hidden()
    assert decided() == 0


def test_d_asks_which_datum_is_wrong(review):
    review.keyboard.press("d")
    review.wait_for_url("**/caso/**")

    assert decided() == 0


def test_switch_of_the_keys_is_kept(review):
    review.get_by_role("button", name="Atajos: activados").click()
    expect(review.get_by_role("button", name="Atajos: desactivados")).to_be_visible()
    review.keyboard.press("a")
    review.wait_for_timeout(300)

    assert decided() == 0
    assert not User.objects.get(email="rosa@correo.example").has_shortcuts


# Student -----------------------------------------------------------------------------------------
def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus, and be sure that one sees it."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        here = page.evaluate(NAME_OF_FOCUS)
        if here["name"].startswith(name):
            assert here["outline"] != "none", f"{name} has the focus and does not show it"
            return
    raise AssertionError(f"no way to {name} with Tab")


NAME_OF_FOCUS = """() => {
  const node = document.activeElement;
  const label = node.labels?.length ? node.labels[0].innerText : node.innerText;
  const style = getComputedStyle(node);
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderBottomStyle !== "none";
  return { name: (label ?? "").trim(), outline: ring ? "seen" : "none" };
}"""


def test_whole_way_of_a_student_by_keyboard(phone, enter):
    enter(phone, "S-00")
    enrollment = Enrollment.objects.get()
    phone.context.clear_cookies()
    code = issue_codes([enrollment], CodeChannel.SLIP, by=None, now=timezone.now())[enrollment.pk]
    keys = phone.keyboard
    phone.goto("/entrar/")

    tab_to(phone, "Matrícula")
    keys.type(enrollment.matricula)
    tab_to(phone, "Código de activación")
    keys.type(code)
    keys.press("Enter")
    phone.wait_for_url("**/eres-tu/")
    tab_to(phone, "Sí, son míos")
    keys.press("Enter")
    phone.wait_for_url("**/contacto/")
    tab_to(phone, "Continuar")
    keys.press("Enter")
    phone.wait_for_url("**/domicilio/")
    tab_to(phone, "Código postal")
    keys.type("83000")
    expect(phone.get_by_role("status")).to_contain_text("Encontramos 2 colonias")
    tab_to(phone, "Colonia")
    keys.type("Ce")
    tab_to(phone, "Calle")
    keys.type("Rosales")
    tab_to(phone, "Número exterior")
    keys.type("12")
    keys.press("Enter")
    phone.wait_for_url("**/otro-seguro/")
    tab_to(phone, "No")
    keys.press("Space")
    keys.press("Enter")
    phone.wait_for_url("**/confirmar/")
    tab_to(phone, "Confirmar mis datos")
    keys.press("Enter")
    phone.wait_for_url("**/mi-tramite/")

    assert StudentData.objects.get().confirmed_at is not None


def test_first_press_of_tab_offers_to_skip_the_header(phone, enter):
    enter(phone, "S-01")
    phone.goto("/mi-tramite/")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Ir al contenido")).to_be_in_viewport()
    phone.keyboard.press("Enter")

    assert current(phone) == "contenido"


def test_an_error_has_the_focus_and_leads_to_its_field(phone, enter):
    enter(phone, "visitor")
    phone.goto("/entrar/")
    phone.get_by_role("button", name="Entrar", exact=True).locator("visible=true").click()
    expect(phone.locator(".error-summary")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")

    expect(phone.get_by_label("Matrícula")).to_be_focused()
