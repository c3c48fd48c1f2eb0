"""The answers of the Subdelegación in a real browser: a column of numbers is pasted into the table."""

from django.urls import reverse
from playwright.sync_api import expect

from followup.models import Oficio
from followup.states import EscalationState, ReportKind
from tests.browser.conftest import WIDE
from tests.factories.followup import OficioItemFactory, StudentReportFactory
from tests.factories.students import nss

PASTE = """(input, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
}"""


def test_pasted_column_fills_the_rows_unless_it_is_longer(open_page, enter):
    page = open_page(WIDE, 800)
    scene = enter(page, "responsable")
    (public_id,) = scene.args["delivered oficio"]
    report = StudentReportFactory(
        kind=ReportKind.SUBDELEGACION, case__state=EscalationState.DELIVERED
    )
    oficio = Oficio.objects.get(public_id=public_id)
    OficioItemFactory(oficio=oficio, escalation=report.escalation)
    elder = oficio.items.order_by("pk")[0]
    elder.row["curp"] = "AAPR070321HDFLRCA1"
    elder.save()
    page.goto(reverse("followup:oficio", args=[public_id]))
    first, second = page.locator("[data-nss]").all()
    rows = page.locator("[data-answers] tbody tr")

    first.evaluate(PASTE, f"{nss(7)}\n{nss(8)}\n{nss(9)}\n")
    expect(rows.first).to_contain_text("No se pegó nada: son 3 números y desde aquí quedan 2")
    expect(first).to_have_value("")
    first.evaluate(PASTE, f"{nss(7)}\r\n{nss(8)[:-1]}\r\n")

    expect(first).to_have_value(nss(7))
    expect(rows.first).to_contain_text(
        "Se registra el NSS y se le avisa. El NSS trae el año de nacimiento 08 y la CURP dice 2007"
    )
    expect(rows.last).to_contain_text("El NSS tiene 11 números")
    expect(second).to_have_attribute("aria-invalid", "true")
