"""From the roster to an accepted acuse, as people do it."""

import pytest
from playwright.sync_api import expect

from students.models import Student
from tests.journeys import steps
from tests.journeys.world import ANA, write_acuse, write_roster


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_roster_to_accepted_acuse(open_page, worker, world, smtp_sink, tmp_path, javascript):
    desk = open_page(1280, 800, javascript=javascript)
    phone = open_page(360, 640, javascript=javascript)

    steps.enter_as_staff(desk, world)
    steps.import_roster(desk, write_roster(tmp_path / "lista.xlsx", ANA))
    codes = steps.print_slips(desk, tmp_path)

    steps.enter_with_slip(phone, ANA, codes[ANA.matricula])
    steps.give_data(phone, ANA, javascript=javascript)
    assert "no vayas" in steps.wait_for_mail(phone, smtp_sink, ANA.email, "Guardamos tus datos")
    steps.send_acuse(phone, write_acuse(tmp_path / "acuse.pdf", ANA))
    steps.confirm_read_nss(phone, ANA)
    steps.wait_for_mail(phone, smtp_sink, ANA.email, "Recibimos tu acuse")

    steps.open_review(desk)
    expect(desk.get_by_text("Coincide todo").first).to_be_visible()
    expect(desk.get_by_text(steps.spaced(ANA.nss)).first).to_be_visible()
    steps.press(desk, "Aceptar")
    expect(desk.get_by_text("Aceptaste a Ana Gómez").first).to_be_visible()
    steps.wait_for_mail(phone, smtp_sink, ANA.email, "Tu acuse está aceptado")

    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="Tu acuse está aceptado")).to_be_visible()
    assert Student.objects.get(curp=ANA.curp).nss == ANA.nss
