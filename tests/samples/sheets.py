"""Signed sheets as a scanner sends them, drawn here: a title, some lines of text and a QR; nobody's data."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from common.uploads import ChildResult, run_child
from renuncias.sheets import JOB
from tests.samples import hostile
from tests.samples.hostile_documents import large_content

DPI = 150
WIDTH, HEIGHT = 8.5, 11.0
"""Inches of a Carta sheet."""
QR_AT, SECOND_QR_AT = (0.7, 9.2), (6.2, 9.2)


def link(token: str, host: str = "https://afiliacion.example.edu.mx") -> str:
    """Return what the QR of a paper says."""
    return f"{host}/verifica/{token}"


def sheet(*texts: str, title: str = "RENUNCIA", dpi: int = DPI) -> Image.Image:
    """Return a grey page with as many QR codes, in its lower corners."""
    image = Image.new("L", (int(WIDTH * dpi), int(HEIGHT * dpi)), 255)
    draw = ImageDraw.Draw(image)
    draw.text((dpi, dpi // 2), title, font=ImageFont.load_default(size=dpi // 5), fill=0)
    font = ImageFont.load_default(size=dpi // 9)
    for line in range(28):
        place = (dpi * 0.7, dpi * (1.3 + line * 0.25))
        draw.text(
            place, f"{line} manifiesto que no requiero la afiliacion al IMSS", font=font, fill=20
        )
    for text, (left, top) in zip(texts, (QR_AT, SECOND_QR_AT), strict=False):
        image.paste(qr(text, dpi), (int(left * dpi), int(top * dpi)))
    return image


def qr(text: str, dpi: int = DPI) -> Image.Image:
    """Return a QR of about one inch."""
    buffer = io.BytesIO()
    segno.make(text, error="m", mask=2, micro=False).save(
        buffer, kind="png", scale=max(1, dpi // 42), border=2
    )
    return Image.open(buffer).convert("L")


def blank(dpi: int = DPI) -> Image.Image:
    """Return the empty back of a sheet, as grey as paper is."""
    return Image.new("L", (int(WIDTH * dpi), int(HEIGHT * dpi)), 247)


def lying(image: Image.Image, degrees: float) -> Image.Image:
    """Return the page as it looks when it lay turned by that many degrees to the left."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def poor(image: Image.Image) -> Image.Image:
    """Return the page as a worn scanner sends it: out of focus, full of grain and packed hard."""
    grain = Image.effect_noise(image.size, 40)
    soft = image.filter(ImageFilter.GaussianBlur(1))
    return _reopened(Image.blend(soft, grain, 0.25), 30)


def grainy(image: Image.Image) -> Image.Image:
    """Return the page as a good scanner sends it that packs hard: a little soft, with a little grain."""
    grain = Image.effect_noise(image.size, 20)
    return _reopened(Image.blend(image.filter(ImageFilter.GaussianBlur(0.5)), grain, 0.25), 50)


def with_torn_qr(image: Image.Image, dpi: int = DPI) -> Image.Image:
    """Return the page with its right QR scratched until nothing can read it; what it is can be seen still."""
    torn = image.copy()
    left, top = (int(inches * dpi) for inches in SECOND_QR_AT)
    draw = ImageDraw.Draw(torn)
    for number in range(9):
        at = top + dpi // 3 + number * dpi // 24
        draw.line((left + dpi // 3, at, left + int(0.95 * dpi), at), fill=number % 2 * 255, width=3)
    return torn


def pdf(*images: Image.Image, dpi: int = DPI) -> bytes:
    """Return the pages as one PDF of pictures, as scanners make it."""
    buffer = io.BytesIO()
    first, *others = images
    first.save(buffer, "PDF", resolution=dpi, save_all=True, append_images=others)
    return buffer.getvalue()


def with_bomb(content: bytes, at: int) -> bytes:
    """Return the PDF with one more page, before that place from 0, which kills whoever draws it."""
    made, bomb = (pikepdf.open(io.BytesIO(one)) for one in (content, large_content()))
    made.pages.insert(at, bomb.pages[0])
    return hostile.saved(made)


def photo(image: Image.Image, kind: str = "JPEG") -> bytes:
    """Return the page as the bytes of one picture."""
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def read(path: Path, kind: str = "PDF", pages: Sequence[int] = (1,)) -> ChildResult:
    """Return how the real child reads those pages of one file."""
    sheets = [{"number": page, "page": page, "input": 0, "kind": kind} for page in pages]
    return run_child(JOB, path, arguments={"sheets": sheets}, wait_seconds=120)


def _reopened(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("L")
