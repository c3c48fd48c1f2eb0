"""A-07 in a real browser: the sheet beside the form follows what is typed."""

from playwright.sync_api import Page, expect

from school.models import TextVersion
from school.states import TextKind
from tests.browser.conftest import WIDE

FITS = """() => document.fonts.ready.then(() => [
  Math.abs(document.body.getBoundingClientRect().width - innerWidth) < 1,
  document.documentElement.scrollHeight - innerHeight < 3,
  [...document.fonts].every((font) => font.family !== "Noto Sans" || font.status === "loaded"),
])"""
"""Whether the sheet is as wide as its frame, whole in it, and in its own letters."""


def is_beside(page: Page) -> bool:
    """Return whether the sheet stands on the right of the form; False for below it."""
    form, sheet = (page.locator(name).bounding_box() for name in ("#formato", ".format-sheet"))
    assert form
    assert sheet
    beside = sheet["x"] >= form["x"] + form["width"]
    below = sheet["y"] >= form["y"] + form["height"]
    assert beside is not below
    return beside


def test_the_sheet_follows_what_is_typed_and_stays_while_something_is_wrong(open_page, enter):
    page = open_page(WIDE, 800)
    enter(page, "administrator with reason")
    page.goto("/seguimiento/textos/oficio/editar/")
    sheet, says = page.frame_locator(".format-sheet"), page.locator("#vista-previa-dice")
    expect(sheet.get_by_text("Queda a sus órdenes")).to_be_visible()

    page.get_by_label("Despedida").fill("Saludos cordiales.")
    expect(sheet.get_by_text("Saludos cordiales.")).to_be_visible()
    expect(says).to_have_text("Así sale lo que está escrito. Todavía no está guardado.")
    expect(page.get_by_label("Despedida")).to_be_focused()
    page.get_by_label("Lo que se pide").fill("El NSS de cada uno.")
    expect(says).to_contain_text("Lo que se pide: Escribir también «referencia»")

    expect(sheet.get_by_text("Le solicito el número")).to_be_visible()
    expect(sheet.get_by_text("Saludos cordiales.")).to_be_visible()
    assert page.frames[1].evaluate(FITS) == [True, True, True]
    assert is_beside(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert not is_beside(page)
    assert page.frames[1].evaluate(FITS) == [True, True, True]
    assert not TextVersion.objects.filter(kind=TextKind.OFICIO).exists()
