"""Read one constancia in the limited child: its text layer, or its pictures by OCR; the safe pictures with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clinics.constancia import Constancia, read_constancia
from common.images import DERIVATIVE_SIDE, open_picture
from common.uploads.documents import check, draw_page, open_pdf, page_of, save_derivative
from common.uploads.kinds import Kind
from nss.extraction import ocr, text
from nss.extraction.photo import Budget, see
from nss.extraction.words import plain

OCR_DPI, OCR_SIDE = 250, 2600

ocr.warm_up()


def read_file(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Read one file, a job of the runner; raises Refused when the file breaks a rule."""
    kind = Kind(arguments["kind"])
    pages = check(inputs[0], kind)
    if kind is Kind.PDF:
        reading = _read_pdf(inputs[0], output)
    else:
        seen = see(open_picture(inputs[0]), 1, Budget())
        save_derivative(seen.image, 1, output)
        reading = read_constancia([plain(attempt.text) for attempt in seen.attempts])
    return {"pages": pages, "reading": reading.as_json()}


def _read_pdf(path: Path, output: Path) -> Constancia:
    """The text layer says it exactly; pages are read as pictures only where it says nothing of the right."""
    with open_pdf(path) as pdf:
        layers = []
        numbers = range(1, len(pdf) + 1)
        for number in numbers:
            page = page_of(pdf, number)
            layers.append(plain(text.page_words(page, number).text))
            save_derivative(draw_page(page, DERIVATIVE_SIDE, OCR_DPI), number, output)
        reading, budget = read_constancia(layers), Budget()
        for number in numbers:
            if reading.has_right is not None or not budget.is_left():
                break
            seen = see(draw_page(page_of(pdf, number), OCR_SIDE, OCR_DPI), number, budget)
            layers += [plain(attempt.text) for attempt in seen.attempts]
            reading = read_constancia(layers)
    return reading
