"""No page and no error of a page breaks a rule of axe-core, at the width of a small phone and of an office screen."""

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, go, looks_in, show_errors, violations
from tests.browser.pages import NOT_A_PAGE, PAGES, Look
from tests.browser.scenes import SCENES, Scene
from tests.factories.school import PASSWORD
from tests.project.access_matrix import PAGES as MATRIX

FIELDS = "main form[method=post] :is(input:not([type=hidden], [type=checkbox]), textarea, select)"


def at_both_widths(page: Page, what: str) -> list[str]:
    """Return what breaks a rule on the page as it stands."""
    found = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{what} at {width}: {each}" for each in violations(page)]
    return found


def barriers(page: Page, look: Look, scene: Scene) -> list[str]:
    """Return what breaks a rule on the page, and on the page with each of its errors."""
    if elsewhere := go(page, look, scene):
        return [elsewhere]
    found = at_both_widths(page, str(look))
    if page.locator(FIELDS).count() and not (look.wrong or look.takes_anything):
        found.append(f"{look} has fields, and nothing is typed wrongly there")
    for sent in look.wrong:
        if otherwise := show_errors(page, look, scene, sent):
            found.append(otherwise)
        else:
            found += at_both_widths(page, f"{look} after {sent.fields or 'nothing'}")
    return found


@pytest.mark.parametrize("name", SCENES)
def test_pages_have_no_barrier(open_page, enter, name):
    page = open_page(WIDE, 800)
    scene = enter(page, name)

    found = [each for look in looks_in(name) for each in barriers(page, look, scene)]

    assert not found, "\n".join(found)


def test_second_factor_has_no_barrier(open_page, enter):
    page = open_page(WIDE, 800)
    enter(page, "visitor")
    page.goto("/personal/entrar/")
    page.get_by_label("Correo").fill("laura@correo.example")
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_label("Código")).to_be_visible()

    found = at_both_widths(page, "mfa_authenticate")
    page.get_by_label("Código").fill("12")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    found += at_both_widths(page, "mfa_authenticate after 12")

    assert not found, "\n".join(found)


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html"])
def test_pages_of_failure_have_no_barrier(open_page, transactional_db, template):
    page = open_page(WIDE, 800)
    page.goto("/")
    page.set_content(render_to_string(template))

    assert at_both_widths(page, template) == []


def test_every_page_is_in_the_table():
    answers_get = {
        page.name for page in MATRIX if any(method == "GET" for method, _ in page.answers)
    }

    in_table = {look.name for look in PAGES}

    assert answers_get - in_table - set(NOT_A_PAGE) == set()
    assert (in_table | set(NOT_A_PAGE)) - {page.name for page in MATRIX} == set()


def test_every_scene_is_looked_at():
    assert {name for look in PAGES for name in look.scenes} == set(SCENES)
