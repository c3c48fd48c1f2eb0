"""Who has another cover declines on paper, is out, and comes back."""

import re

import pypdfium2
from playwright.sync_api import expect

from renuncias.models import Renuncia
from renuncias.states import RenunciaState
from students.states import EnrollmentState
from tests.journeys import steps
from tests.journeys.world import ANA, enrol


def test_declined_signed_registered_and_back(open_page, worker, world, smtp_sink, tmp_path):
    phone, desk = open_page(360, 640), open_page(1280, 800)
    stay = enrol(world, ANA)
    steps.arrive_as(phone, stay.student.user)
    steps.arrive_as(desk, world.responsable)

    phone.goto("/mi-tramite/")
    phone.get_by_role("link", name="No necesito el seguro").click()
    phone.get_by_label("Ya tengo IMSS por mi familia").check()
    steps.press(phone, "Continuar con mi renuncia")
    phone.get_by_label("Mi mamá").check()
    steps.press(phone, "Continuar")
    steps.press(phone, "Continuar")
    steps.press(phone, "Pedir mi renuncia")
    steps.press(phone, "Descargar formato")
    steps.wait_for_worker(phone, "Descargar el PDF")
    with phone.expect_download() as download:
        steps.press(phone, "Descargar el PDF")
    download.value.save_as(tmp_path / "renuncia.pdf")
    renuncia = Renuncia.objects.get()
    sheet = pypdfium2.PdfDocument(tmp_path / "renuncia.pdf")
    assert len(sheet) == 1
    assert renuncia.paper.folio in sheet[0].get_textpage().get_text_range()
    mail = steps.wait_for_mail(phone, smtp_sink, ANA.email, "Falta entregar tu renuncia firmada")
    assert "¿Cambiaste de opinión?" in mail

    desk.goto(f"/renuncias/{renuncia.public_id}/")
    steps.press(desk, "Marcar como recibida")
    desk.goto("/seguimiento/hoy/")
    desk.get_by_role("link", name=re.compile("^Registrar")).click()
    desk.get_by_role("link", name=re.compile(ANA.first_surname)).click()
    steps.press(desk, "Registrar")
    expect(desk.get_by_text("Registrada:").first).to_be_visible()
    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="Registramos tu renuncia")).to_be_visible()
    stay.refresh_from_db()
    assert stay.state == EnrollmentState.OPTED_OUT

    phone.get_by_role("link", name="Quiero afiliarme").click()
    steps.press(phone, "Quiero afiliarme")
    expect(phone.get_by_text("Cancelamos tu renuncia.").first).to_be_visible()
    renuncia.refresh_from_db()
    stay.refresh_from_db()
    assert (renuncia.state, stay.state) == (RenunciaState.REVOKED, EnrollmentState.ACTIVE)
