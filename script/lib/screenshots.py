"""Sign in to the demo at BASE_URL as people do and photograph three pages; called by script/screenshots."""

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


def demo(*arguments: str) -> str:
    """This will return what `manage.py demo` says."""
    command = [sys.executable, "manage.py", "demo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def find(pattern: str, text: str) -> re.Match[str]:
    """This will find it. Raises ValueError when the demo says it no longer."""
    if found := re.search(pattern, text):
        return found
    raise ValueError(f"no {pattern} in: {text}")


def open_page(browser: Browser, width: int, height: int, scale: int) -> Page:
    """This will open a window of that size; `scale` is pixels of the picture per pixel of the page."""
    context = browser.new_context(
        base_url=os.environ["BASE_URL"],
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="es-MX",
    )
    return context.new_page()


def enter_as_student(page: Page, sign_ins: str) -> None:
    """This will enter with the code of the demo's student whose acuse is in review."""
    found = find(r"matrícula (\S+)\s+código (\w{4} \w{4})\s+En revisión", sign_ins)
    page.goto("/entrar/")
    page.get_by_label("Matrícula").fill(found[1])
    page.get_by_label("Código de activación").fill(found[2])
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.goto("/mi-tramite/")


def enter_as_responsable(page: Page, sign_ins: str) -> None:
    """This will enter with password and second factor."""
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


def keep(page: Page, name: str) -> None:
    """This will write the picture in few colours. Raises ValueError when it is too heavy in the fewest."""
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in COLOURS:
        png = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
        if png.tell() <= HEAVIEST:
            (PICTURES / f"{name}.png").write_bytes(png.getvalue())
            sys.stdout.write(f"{name}.png: {png.tell() // 1000} kB in {colours} colours\n")
            return
    raise ValueError(f"{name}.png: {png.tell()} bytes in {colours} colours, more than {HEAVIEST}")


def main() -> None:
    """This will take the three pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    sign_ins = demo("--sign-ins")
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
        keep(desk, "hoy")
        desk.goto("/acuses/revisar/?cola=coincide")
        keep(desk, "revisar")
        browser.close()


main()
