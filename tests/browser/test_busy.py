"""While htmx waits for an answer, the place it will fill says so (goal E8)."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories.students import curp


@dataclass(frozen=True)
class Swap:
    """What is typed where, which address answers, and which place it fills with what."""

    scene: str
    page: str
    label: str
    typed: str
    asked: str
    place: str
    answer: str


SWAPS = [
    Swap(
        scene="without CURP",
        page="/mis-datos/eres-tu/",
        label="¿Cuál es tu CURP?",
        typed=curp(5),
        asked="**/leer-curp/",
        place="#curp-leida",
        answer="Naciste el",
    ),
    Swap(
        scene="S-00",
        page="/mis-datos/domicilio/",
        label="Código postal",
        typed="83000",
        asked="**/colonias/**",
        place="#lugar",
        answer="Municipio: Hermosillo",
    ),
]


@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: swap.page)
def test_place_that_waits_for_an_answer_is_busy(phone: Page, enter, swap: Swap):
    enter(phone, swap.scene)
    waiting: list[Route] = []
    phone.route(swap.asked, lambda route: waiting.append(route))
    phone.goto(swap.page)
    place = phone.locator(swap.place)

    phone.get_by_label(swap.label).fill(swap.typed)
    expect(place).to_have_attribute("aria-busy", "true")
    waiting[0].continue_()

    expect(place).to_contain_text(swap.answer)
    expect(place).not_to_have_attribute("aria-busy", "true")
