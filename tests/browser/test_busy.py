"""While htmx waits for an answer, the place it will fill says so (goal E8)."""

from playwright.sync_api import Page, Route, expect

from tests.factories.students import curp


def test_place_that_waits_for_an_answer_is_busy(phone: Page, enter):
    enter(phone, "without CURP")
    waiting: list[Route] = []
    phone.route("**/leer-curp/", lambda route: waiting.append(route))
    phone.goto("/mis-datos/eres-tu/")
    place = phone.locator("#curp-leida")

    phone.get_by_label("¿Cuál es tu CURP?").fill(curp(5))
    expect(place).to_have_attribute("aria-busy", "true")
    waiting[0].continue_()

    expect(place).to_contain_text("Naciste el")
    expect(place).not_to_have_attribute("aria-busy", "true")
