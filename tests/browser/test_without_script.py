"""With JavaScript off, every form of the portal is sent by its button, and says what is wrong.

The whole ways of students and reviewers without JavaScript are tests/journeys, test_student_data and
tests/nss/test_browser; here is every other form.
"""

import pytest
from playwright.sync_api import Page, expect

from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from tests.browser.conftest import ERRORS, go, looks_in
from tests.browser.pages import Look
from tests.browser.scenes import SCENES, Scene

TEXT_FIELDS = "input:visible:not([type=radio], [type=checkbox], [type=file]), textarea:visible"
BUTTON = "button.btn:visible:not([type=button])"
MAIN = ":is(.btn-primary, .btn-danger)"
WITH_FORMS = [name for name in SCENES if any(look.wrong for look in looks_in(name))]


def mistakes_unsaid(page: Page, look: Look, scene: Scene) -> list[str]:
    """Return the forms of the page whose button does nothing, or that say nothing of what is missing."""
    unsaid = []
    for form in {sent.form: None for sent in look.wrong if not sent.fields and not sent.file}:
        go(page, look, scene)
        found = page.locator(form).first
        if not found.count():
            unsaid.append(f"{look} has no {form}")
            continue
        for folded in page.locator("main details:not([open])", has=found).all():
            folded.locator("summary").first.click()
        for field in found.locator(TEXT_FIELDS).all():
            field.fill("")
        for choice in found.locator("select:visible").all():
            choice.select_option("")
        with page.expect_navigation():
            buttons = found.locator(BUTTON)
            button = buttons.and_(page.locator(MAIN)) if found.locator(MAIN).count() else buttons
            button.first.click(timeout=5_000)
        if not page.locator(ERRORS).count():
            unsaid.append(f"{look} takes nothing in {form}")
    return unsaid


@pytest.mark.parametrize("name", WITH_FORMS)
def test_forms_say_what_is_missing_without_script(open_page, enter, name):
    page = open_page(360, 640, javascript=False)
    scene = enter(page, name)

    unsaid = [each for look in looks_in(name) for each in mistakes_unsaid(page, look, scene)]

    assert not unsaid, "\n".join(unsaid)


@pytest.fixture
def review(open_page, enter) -> Page:
    """The review page of an acuse, without script."""
    page = open_page(1280, 800, javascript=False)
    scene = enter(page, "responsable")
    page.goto(f"/acuses/{scene.args['matching acuse'][0]}/revisar/")
    return page


def test_reviewer_accepts_and_undoes_without_script(review):
    review.get_by_role("button", name="Aceptar").click()
    expect(review.get_by_text("Aceptaste a").first).to_be_visible()
    accepted = Acuse.objects.filter(state=AcuseState.ACCEPTED).count()
    review.get_by_role("button", name="Deshacer").click()

    assert (accepted, Acuse.objects.filter(state=AcuseState.ACCEPTED).count()) == (2, 1)


def test_reviewer_returns_without_script(review):
    review.locator("summary", has_text="Rechazar").click()
    review.get_by_label("Falta una parte").check()
    review.get_by_role("button", name="Rechazar con este motivo").click()
    expect(review.get_by_text("Rechazaste").first).to_be_visible()

    assert Acuse.objects.get(state=AcuseState.RETURNED).return_reason == ReturnReason.INCOMPLETE


def test_reviewer_goes_on_and_back_without_script(review):
    first = review.url
    review.get_by_role("link", name="saltar").click()
    second = review.url
    review.get_by_role("link", name="anterior").click()

    assert first.split("?")[0] != second.split("?")[0]
    assert review.url.split("?")[0] == first.split("?")[0]


def test_student_reports_no_vayas_without_script(phone_without_script, enter):
    page = phone_without_script
    enter(page, "S-01")
    page.goto("/ayuda/")
    page.get_by_label("Me salió «Acudir a la Subdelegación»").check()
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("heading", name="No vayas a la Subdelegación")).to_be_visible()
    page.get_by_role("link", name="Reportar a mi plantel").click()
    page.get_by_role("button", name="Reportar a mi plantel").click()

    expect(page.get_by_role("heading", name="Tu plantel ya tiene tu reporte")).to_be_visible()
