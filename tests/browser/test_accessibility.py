"""What the walk through the pages does not reach has no barrier either, and the walk reaches the rest."""

import re

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests.browser.conftest import WIDE, at_both_widths
from tests.browser.pages import NOT_A_PAGE, PAGES
from tests.browser.scenes import SCENES
from tests.factories.school import PASSWORD
from tests.project.access_matrix import PAGES as MATRIX


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


def test_marking_several_renuncias_as_received_has_no_barrier(open_page, enter):
    page = open_page(WIDE, 800)
    enter(page, "responsable")
    page.goto("/renuncias/")
    page.get_by_label("Marcar", exact=False).first.check()
    page.get_by_role("button", name="Marcar como recibidas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("recibida"))

    assert at_both_widths(page, "renuncias:receive_many") == []


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
