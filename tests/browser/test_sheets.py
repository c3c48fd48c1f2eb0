"""How many sheets come out is said beside the button, in a real browser, before anything is ordered."""

from django.urls import reverse
from playwright.sync_api import expect

from followup.queries.papers import groups_to_sign
from school.models import Plantel
from tests.browser.conftest import NARROW
from tests.factories.renuncias import issued
from tests.factories.students import EnrollmentFactory


def test_sheets_of_the_ticked_groups_are_added_up(open_page, enter):
    page = open_page(NARROW, 800)
    enter(page, "responsable")
    plantel = Plantel.objects.get(number="05")
    issued(EnrollmentFactory(plantel=plantel, group="105"))
    rows = groups_to_sign(plantel)
    page.goto(reverse("followup:print_for_groups", args=["renuncias"]))
    total = page.locator("[data-sheets-total]")

    expect(total).to_contain_text(f"Todos los grupos: {sum(row.sheets for row in rows)} hojas")
    page.get_by_label("105: 1 estudiante, 1 hoja; 1 por expedir").check()
    expect(total).to_have_text("Vas a imprimir 1 hoja Carta, por grupo y apellido.")
    page.get_by_label("Expedir también a quienes").check()
    expect(total).to_have_text("Vas a imprimir 2 hojas Carta, por grupo y apellido.")
    page.get_by_label("105:").uncheck()
    expect(total).to_contain_text("Todos los grupos:")
