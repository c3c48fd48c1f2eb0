"""What a change would do is read beside the form while it is typed, in a real browser."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import WIDE


def test_what_would_change_is_read_without_pressing_a_button(open_page, enter):
    page = open_page(WIDE, 800)
    scene = enter(page, "administrator with reason")
    place = page.get_by_role("status")

    page.goto(reverse("followup:add_days") + f"?plantel={scene.args['plantel'][0]}")
    page.get_by_label("Probar con la inscripción del").fill("2026-08-21")
    page.get_by_label("Primer día").fill("2026-08-24")
    expect(place).to_contain_text("Inscripción viernes 21 de agosto → vence jueves 27 de agosto")
    page.get_by_label("Primer día").fill("")
    expect(place).to_contain_text("Al completar los datos se lee aquí qué cambia")

    page.goto(reverse("followup:edit_cycle", args=scene.args["cycle"]))
    page.get_by_label("Inicia el").fill("2026-08-18")
    expect(place).to_contain_text("Inscripción martes 18 de agosto → vence viernes 21 de agosto")
    page.get_by_label("Días para entregar el acuse").press("ArrowUp")
    expect(place).to_contain_text("vence lunes 24 de agosto (hoy: viernes 21 de agosto)")
    place.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
