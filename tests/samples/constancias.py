"""Look-alike constancias de vigencia of an invented person: their labels alone, not the sheet of IMSS."""

from datetime import date

from PIL import Image

from followup.demo.canvas import Sheet, to_images, to_pdf


def constancia(
    curp: str = "GOMA080214MSRMRNA5",
    *,
    right: str = "SI",
    umf: int = 37,
    day: date = date(2026, 9, 14),
) -> list[Sheet]:
    """Return the sheet with these values."""
    sheet = Sheet(family="Helvetica")
    sheet.text(60, 80, "Constancia de vigencia de derechos", size=16, bold=True)
    sheet.text(60, 120, f"Fecha de consulta: {day:%d/%m/%Y}", size=12)
    sheet.text(60, 145, f"CURP: {curp}", size=12)
    sheet.text(60, 170, f"Unidad de Medicina Familiar No. {umf}", size=12)
    sheet.text(60, 195, f"Con derecho al servicio médico: {right}", size=12)
    sheet.text(50, 770, "EJEMPLO. No es un documento del IMSS", size=7)
    return [sheet]


def constancia_pdf(*args: str, **values: object) -> bytes:
    """Return it as the PDF that IMSS would mail."""
    return to_pdf(constancia(*args, **values))


def constancia_picture(*args: str, **values: object) -> Image.Image:
    """Return it as a picture of the page."""
    return to_images(constancia(*args, **values))[0]
