"""Sign in to the demo at BASE_URL as people do and photograph its pages; called by script/screenshots."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "img"
HEAVIEST = 150_000
"""Bytes of one picture."""
COLOURS = (64, 32, 16)
"""How many there are in a picture: as many as its weight allows, and the photo of a sheet is heavy."""
READ_ROSTERS = "from students.tasks import read_rosters; read_rosters()"
BEAT_HEARTS = (
    "from followup.tasks import beat_heart; [beat_heart(queue) for queue in ('quick', 'heavy')]"
)
"""What the workers do, where there are none."""


def manage(*arguments: str) -> str:
    """Return what `manage.py` says."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def demo(*arguments: str) -> str:
    """Return what `manage.py demo` says."""
    return manage("demo", *arguments)


def find(pattern: str, text: str) -> re.Match[str]:
    """Find it. Raises ValueError when the demo says it no longer."""
    if found := re.search(pattern, text):
        return found
    raise ValueError(f"no {pattern} in: {text}")


def open_page(browser: Browser, width: int, height: int, scale: int) -> Page:
    """Open a window of that size; `scale` is pixels of the picture per pixel of the page."""
    context = browser.new_context(
        base_url=os.environ["BASE_URL"],
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="es-MX",
    )
    return context.new_page()


def enter_as_student(page: Page, sign_ins: str) -> None:
    """Enter with the code of the demo's student whose acuse is in review."""
    found = find(r"matrícula (\S+)\s+código (\w{4} \w{4})\s+En revisión", sign_ins)
    page.goto("/entrar/")
    page.get_by_label("Matrícula").fill(found[1])
    page.get_by_label("Código de activación").fill(found[2])
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.goto("/mi-tramite/")


def enter_as_responsable(page: Page, sign_ins: str) -> None:
    """Enter with password and second factor."""
    password = find(r"Contraseña de todas y todos: (.+)", sign_ins)
    email = find(r"RESPONSABLE\s+(\S+@\S+)", sign_ins)
    page.goto("/personal/entrar/")
    page.get_by_label("Correo").fill(email[1])
    page.get_by_label("Contraseña").fill(password[1].strip())
    page.get_by_role("button", name="Continuar").click()
    code = find(r"\b\d{6}\b", demo("--code", "RESPONSABLE"))
    page.get_by_label("Código").fill(code[0])
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("link", name="Empezar revisión")).to_be_visible()


def open_answered_batch(page: Page) -> None:
    """Open the last batch of altas that IMSS answered, in part or whole."""
    page.goto("/lotes/")
    altas = page.get_by_role("row").filter(has_text=re.compile(r"L-[\d-]+\s*Altas"))
    answered = altas.filter(has_text=re.compile(r"Respondido|[1-9]\d* de \d+"))
    answered.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Movimientos")).to_be_visible()


def review_roster(page: Page, sign_ins: str) -> None:
    """Upload the demo's roster with mistakes and stop where its rows are reviewed."""
    page.goto("/alumnos/importar/")
    page.locator("input[type=file]").set_input_files(find(r"(\S+\.xlsx)", sign_ins)[1])
    page.get_by_role("button", name="Subir la lista").click()
    work = ("shell", "--verbosity", "0", "--command", READ_ROSTERS)
    manage(*work)
    page.get_by_role("button", name="Revisar las filas").click()
    manage(*work)
    expect(page.get_by_role("button", name="Importar los")).to_be_visible()


def keep(page: Page, name: str, *, like: Image.Image | None = None) -> Image.Image:
    """Write the picture in few colours and return it as it was; raises ValueError when it stays too heavy.

    `like` is a picture whose colours it takes, where a photo in it would use up all of them.
    """
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in COLOURS:
        png = io.BytesIO()
        palette = like.quantize(colours, dither=Image.Dither.NONE) if like else None
        few = picture.quantize(colours, palette=palette, dither=Image.Dither.NONE)
        few.save(png, "PNG", optimize=True)
        if png.tell() <= HEAVIEST:
            (PICTURES / f"{name}.png").write_bytes(png.getvalue())
            sys.stdout.write(f"{name}.png: {png.tell() // 1000} kB in {colours} colours\n")
            return picture
    raise ValueError(f"{name}.png: {png.tell()} bytes in {colours} colours, more than {HEAVIEST}")


def main() -> None:
    """Take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    sign_ins = demo("--sign-ins")
    manage("shell", "--verbosity", "0", "--command", BEAT_HEARTS)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=sandbox
        )
        phone = open_page(browser, 360, 1000, scale=2)
        enter_as_student(phone, sign_ins)
        keep(phone, "mi-tramite")
        desk = open_page(browser, 1280, 800, scale=1)
        enter_as_responsable(desk, sign_ins)
        hoy = keep(desk, "hoy")
        desk.goto("/acuses/revisar/?cola=coincide")
        keep(desk, "revisar", like=hoy)
        desk.goto("/seguimiento/vencidos/")
        keep(desk, "vencidos")
        review_roster(desk, sign_ins)
        keep(desk, "importar")
        desk.set_viewport_size({"width": 1280, "height": 1100})
        open_answered_batch(desk)
        keep(desk, "lote")
        desk.goto("/umf/vigencias/")
        keep(desk, "vigencia")
        browser.close()


main()
