"""What people do in the portal, in their words; every step ends on the page that follows it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from school.models import User
from tests.conftest import Sink
from tests.factories.school import PASSWORD
from tests.journeys.world import Pupil, World, current_totp

PATIENCE = 60_000
"""Milliseconds for what the worker does; the budget of a tick is 2 seconds, of a slow machine more."""


def press(page: Page, name: str) -> None:
    """Press the button of that name."""
    page.get_by_role("button", name=name, exact=False).first.click()


def wait_for_worker(page: Page, sign: str) -> None:
    """Look again until the page says so: with script it asks by itself, without it a person reloads."""
    shown = page.get_by_text(sign).first
    for _ in range(PATIENCE // 250):
        if shown.is_visible():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(shown).to_be_visible()


def arrive_as(page: Page, user: User) -> None:
    """Begin where the person has signed in already."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.goto("/guia/")
    origin = page.url.removesuffix("guia/")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])


# Staff -------------------------------------------------------------------------------------------
def enter_as_staff(page: Page, world: World) -> None:
    """Sign in by e-mail, password and the code of the app."""
    page.goto("/personal/entrar/")
    page.get_by_label("Correo").fill(world.responsable.email)
    page.get_by_label("Contraseña").fill(PASSWORD)
    press(page, "Continuar")
    page.get_by_label("Código").fill(current_totp())
    press(page, "Entrar")
    expect(page).to_have_url(re.compile("/seguimiento/hoy/"))


def answer_list(page: Page, folder: Path, answers: Mapping[str, str]) -> Path:
    """Take the list of an oficio and fill in its first line, as the Subdelegación does."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Descargar la lista (XLSX)").click()
    filled = folder / started.value.suggested_filename
    started.value.save_as(filled)
    book = load_workbook(filled)
    columns = {cell.value: cell.column for cell in book.active[1]}
    for title, answer in answers.items():
        book.active.cell(row=2, column=columns[title], value=answer)
    book.save(filled)
    return filled


def make_batch(page: Page, word: str, count: int) -> None:
    """Look through the revisión previa and make the batch, of altas or bajas."""
    page.goto(f"/lotes/revision/{word}/")
    if page.get_by_label("Revisé las letras que cambian").is_visible():
        page.get_by_label("Revisé las letras que cambian").check()
    press(page, f"Hacer el lote con {count} ")
    expect(page.get_by_role("heading", name=re.compile("^Lote L-"))).to_be_visible()


def answer_relation(page: Page, folder: Path, answers: Mapping[str, tuple[str, str]]) -> Path:
    """Take the relation of the batch along and fill in result and reason, by the NSS, as IMSS answers."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Relación en Excel").click()
    filled = folder / started.value.suggested_filename
    started.value.save_as(filled)
    book = load_workbook(filled)
    rows = book.active.iter_rows(min_row=2)
    columns = [cell.value for cell in book.active[1]]
    for row in rows:
        result, reason = answers[row[columns.index("NSS")].value]
        row[columns.index("Resultado")].value = result
        row[columns.index("Motivo")].value = reason
    book.save(filled)
    return filled


def send_batch(page: Page, folio: str) -> None:
    """Note that IMSS has the batch whose page is open."""
    page.get_by_label("Folio del IMSS").fill(folio)
    press(page, "Marcar como enviado al IMSS")
    expect(page.get_by_role("heading", name="Registrar las respuestas")).to_be_visible()


def import_answers(page: Page, filled: Path) -> None:
    """Bring the answers of the batch whose page is open, look at them and register them."""
    page.locator("input[type=file]").set_input_files(filled)
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.get_by_role("button", name=re.compile("^Registrar .* respuesta")).click()
    expect(
        page.get_by_text("Última respuesta").or_(page.get_by_text("última respuesta")).first
    ).to_be_visible()


def answer_all(page: Page, result: str) -> None:
    """Enter by hand that IMSS answered so about everybody in the batch whose page is open."""
    page.get_by_label("Todos los que esperan respuesta").check()
    page.get_by_label(result, exact=True).check()
    press(page, "Registrar las respuestas")
    expect(page.get_by_text("última respuesta").first).to_be_visible()


def open_clinic_step(page: Page, count: int) -> None:
    """Open the clinic step for everybody who is affiliated, today."""
    page.goto("/umf/abrir/")
    press(page, "Ver a cuántos")
    press(page, f"Abrir para {count}")


def import_roster(page: Page, roster: Path) -> None:
    """Walk the four steps of the wizard."""
    page.goto("/alumnos/importar/")
    page.get_by_label("Lista de estudiantes").set_input_files(roster)
    press(page, "Subir la lista")
    wait_for_worker(page, "Emparejar las columnas")
    press(page, "Revisar las filas")
    wait_for_worker(page, "Revisar antes de importar")
    press(page, "Importar")
    wait_for_worker(page, "Lista importada")


def print_slips(page: Page, folder: Path) -> dict[str, str]:
    """Print the slips of all groups and return the codes by matrícula, as read from the PDF."""
    page.goto("/alumnos/codigos/")
    for box in page.get_by_role("checkbox").all():
        if not (box.get_attribute("name") or "").startswith("re"):
            box.check()
    press(page, "Imprimir códigos")
    wait_for_worker(page, "Descargar el PDF")
    with page.expect_download() as download:
        press(page, "Descargar el PDF")
    download.value.save_as(folder / "codigos.pdf")
    text = "\n".join(
        sheet.get_textpage().get_text_range()
        for sheet in pypdfium2.PdfDocument(folder / "codigos.pdf")
    )
    return dict(re.findall(r"Matrícula\s+(\S+)\s+Código de activación\s+(\w{4} \w{4})", text))


def open_review(page: Page) -> None:
    """Go from Hoy to the first acuse of the queue."""
    page.goto("/seguimiento/hoy/")
    page.get_by_role("link", name="Empezar revisión").click()
    expect(page.get_by_role("heading", name="Revisar acuses")).to_be_visible()


def return_acuse(page: Page, reason: str) -> None:
    """Send the acuse back with one of the eight reasons."""
    page.locator("summary", has_text="Rechazar").click()
    page.get_by_label(reason).check()
    press(page, "Rechazar con este motivo")


# Student -----------------------------------------------------------------------------------------
def enter_with_slip(page: Page, pupil: Pupil, code: str) -> None:
    """Sign in for the first time, which leads straight to the first question."""
    page.goto("/entrar/")
    page.get_by_label("Matrícula").fill(pupil.matricula)
    page.get_by_label("Código de activación").fill(code)
    press(page, "Entrar")
    expect(page.get_by_role("heading", name="¿Estos datos son tuyos?")).to_be_visible()


def give_data(page: Page, pupil: Pupil, *, javascript: bool) -> None:
    """Walk E-02 to E-06."""
    expect(page.get_by_text(pupil.curp).first).to_be_visible()
    press(page, "Sí, son míos")
    expect(page.get_by_label("Correo electrónico")).to_have_value(pupil.email)
    press(page, "Continuar")
    page.get_by_label("Código postal").press_sequentially("83000")
    if not javascript:
        press(page, "Buscar colonias")
    page.get_by_label("Colonia", exact=True).select_option("Centro")
    page.get_by_label("Calle").fill("Rosales")
    page.get_by_label("Número exterior").fill("12")
    page.locator("button.btn-primary", has_text="Continuar").click()
    page.get_by_label("No", exact=True).check()
    press(page, "Continuar")
    expect(page.get_by_text(pupil.email)).to_be_visible()
    press(page, "Confirmar mis datos")
    expect(page.get_by_text("Guardamos tus datos").first).to_be_visible()


def send_acuse(page: Page, acuse: Path) -> None:
    """Upload the sheet and confirm it: E-10, E-11, then E-13, or E-12 where it has been read by then."""
    page.goto("/mi-acuse/subir/")
    page.get_by_label("Tu acuse").set_input_files(acuse)
    if page.get_by_role("button", name="Subir archivo").is_visible():
        press(page, "Subir archivo")
    expect(page.get_by_role("heading", name="¿Se lee tu NSS y tu CURP?")).to_be_visible()
    press(page, "Sí, enviar mi acuse")
    received = page.get_by_role("heading", name="Recibimos tu acuse")
    # The worker was faster: it asks for the number, read or not.
    asked = page.get_by_role("heading", name=re.compile(r"¿Este es tu NSS\?|Escribe tu NSS"))
    expect(received.or_(asked)).to_be_visible()


def confirm_read_nss(page: Page, pupil: Pupil) -> None:
    """Answer E-12: the number that was read is mine."""
    if page.get_by_role("heading", name="Recibimos tu acuse").is_visible():
        wait_for_worker(page, "Ver el número")
        page.get_by_role("link", name="Ver el número").click()
    expect(page.get_by_text(spaced(pupil.nss))).to_be_visible()
    page.get_by_label("Sí", exact=True).check()
    press(page, "Continuar")


def report_vigencia(page: Page, result: str) -> None:
    """Say what the query at IMSS answered."""
    page.goto("/mi-vigencia/")
    page.get_by_label(result, exact=True).check()
    press(page, "Continuar")


def spaced(nss: str) -> str:
    """Write the number as the pages do."""
    return f"{nss[:2]} {nss[2:4]} {nss[4:6]} {nss[6:10]} {nss[10]}"


# Mail --------------------------------------------------------------------------------------------
def wait_for_mail(page: Page, sink: Sink, to: str, subject: str) -> str:
    """Wait until the mail is in the mailbox and return its text."""
    for _ in range(PATIENCE // 50):
        for message in sink.to(to):
            if subject in str(message["Subject"]):
                body = message.get_body(("plain",))
                assert body is not None
                return str(body.get_content())
        page.wait_for_timeout(50)
    subjects = [str(message["Subject"]) for message in sink.to(to)]
    raise AssertionError(f"no «{subject}» among {subjects}")
