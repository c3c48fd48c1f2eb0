"""A sheet drawn by hand: text runs, lines and a QR at given places, as PDF or as a picture.

Every run of text lands in the PDF exactly where and in which order it was asked for, so that tests
can separate labels from values as real producers do. Units are points from the top left corner.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import pikepdf
import pypdfium2
import segno
from PIL import Image

LETTER = (612.0, 792.0)
FAMILIES = {
    "Helvetica": ("Helvetica", "Helvetica-Bold"),
    "Times": ("Times-Roman", "Times-Bold"),
    "Courier": ("Courier", "Courier-Bold"),
}


@dataclass
class Sheet:
    """One page under construction; `family` is empty where any of FAMILIES will do."""

    family: str = ""
    size: tuple[float, float] = LETTER
    content: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, *, size: float = 10, bold: bool = False) -> None:
        """Write one run with its baseline at `y` points below the top."""
        raw = words.encode("cp1252", "replace")
        escaped = raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = "F2" if bold else "F1"
        place = f"1 0 0 1 {x:.2f} {self.size[1] - y:.2f} Tm"
        run = f"({escaped.decode('latin-1')}) Tj"
        self.content.append(f"BT /{font} {size:.2f} Tf {place} {run} ET")

    def line(self, x0: float, y0: float, x1: float, y1: float, *, dashed: bool = False) -> None:
        """Draw a thin line, dashed like the border of a card to cut out when asked."""
        top = self.size[1]
        dash = "[3 3] 0 d" if dashed else "[] 0 d"
        self.content.append(
            f"q 0.6 w {dash} {x0:.2f} {top - y0:.2f} m {x1:.2f} {top - y1:.2f} l S Q"
        )

    def box(self, x: float, y: float, width: float, height: float, *, dashed: bool = False) -> None:
        """Draw a rectangle whose upper left corner is at (x, y)."""
        right, bottom = x + width, y + height
        for ends in ((x, y, right, y), (x, bottom, right, bottom)):
            self.line(*ends, dashed=dashed)
        for ends in ((x, y, x, bottom), (right, y, right, bottom)):
            self.line(*ends, dashed=dashed)

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle with a grey from 0 (black) to 1 (white)."""
        bottom = self.size[1] - y - height
        self.content.append(f"q {grey:.2f} g {x:.2f} {bottom:.2f} {width:.2f} {height:.2f} re f Q")

    def qr(self, x: float, y: float, side: float, words: str) -> None:
        """Draw a QR with its upper left corner at (x, y)."""
        rows = list(segno.make(words, error="m", micro=False).matrix)
        step = side / len(rows)
        squares = [
            f"{x + column * step:.3f} {self.size[1] - y - (row + 1) * step:.3f}"
            f" {step:.3f} {step:.3f} re"
            for row, bits in enumerate(rows)
            for column, bit in enumerate(bits)
            if bit
        ]
        self.content.append("q 0 g " + " ".join(squares) + " f Q")


def to_pdf(sheets: list[Sheet]) -> bytes:
    """Return the sheets as one PDF with a text layer."""
    pdf = pikepdf.new()
    for sheet in sheets:
        plain, bold = FAMILIES[sheet.family or "Helvetica"]
        fonts = {"/F1": _font(plain), "/F2": _font(bold)}
        page = pdf.add_blank_page(page_size=sheet.size)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
        page.Contents = pdf.make_stream("\n".join(sheet.content).encode("latin-1"))
    return _saved(pdf)


def to_images(sheets: list[Sheet], *, dpi: int = 200) -> list[Image.Image]:
    """Return the sheets as pictures, as a printer would put them on paper."""
    pdf = pypdfium2.PdfDocument(to_pdf(sheets))
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pdf]
    finally:
        pdf.close()


def scan_to_pdf(images: list[bytes]) -> bytes:
    """Return JPEG pictures as a PDF without a text layer, as a scanner makes it."""
    pdf = pikepdf.new()
    for content in images:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            width, height = image.size
        size = (LETTER[0], LETTER[0] * height / width)
        page = pdf.add_blank_page(page_size=size)
        picture = pdf.make_stream(content)
        _describe(picture, width, height)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/I": picture}))
        page.Contents = pdf.make_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /I Do Q".encode())
    return _saved(pdf)


def _describe(picture: pikepdf.Stream, width: int, height: int) -> None:
    for key, value in {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": width,
        "/Height": height,
        "/ColorSpace": pikepdf.Name.DeviceRGB,
        "/BitsPerComponent": 8,
        "/Filter": pikepdf.Name.DCTDecode,
    }.items():
        picture[key] = value


def _font(name: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name("/" + name),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    pdf.close()
    return buffer.getvalue()
