"""Look-alike acuses of invented persons, as PDF and as a phone photo of the printed sheet.

The real sheet is not ours to copy: these carry its labels and their usual arrangements, and a line
that says they are examples. `LAYOUTS` are acuses, `OTHER_DOCUMENTS` are what students upload by
mistake, `TRAPS` hold numbers that look like an NSS and are none.
"""

from __future__ import annotations

import random

from followup.demo.canvas import FAMILIES, Sheet, scan_to_pdf, to_images, to_pdf
from followup.demo.layouts import LAYOUTS, Holder
from followup.demo.photos import DEGRADATIONS, photographed
from followup.demo.traps import OTHER_DOCUMENTS, TRAPS

__all__ = [
    "DEGRADATIONS",
    "LAYOUTS",
    "OTHER_DOCUMENTS",
    "TRAPS",
    "Holder",
    "draw_pdf",
    "draw_photo",
    "draw_scan",
]

_ALL_LAYOUTS = LAYOUTS | OTHER_DOCUMENTS | TRAPS


def draw_pdf(holder: Holder, layout: str, *, seed: int = 0) -> bytes:
    """Return the acuse as the PDF that IMSS would mail; the seed varies folios and fonts."""
    return to_pdf(_sheets(holder, layout, seed))


def draw_photo(holder: Holder, layout: str, degradation: str, *, seed: int = 0) -> bytes:
    """Return a JPEG of the printed acuse as a phone takes it; `degradation` is one of DEGRADATIONS."""
    page = to_images(_sheets(holder, layout, seed))[-1]
    return photographed(page, degradation, random.Random(f"{seed}-{degradation}"))  # noqa: S311 -- repeatable samples


def draw_scan(holder: Holder, layout: str, degradation: str, *, seed: int = 0) -> bytes:
    """Return a PDF that holds only pictures of the pages, as a scanner app makes it."""
    chance = random.Random(f"{seed}-{degradation}")  # noqa: S311 -- repeatable samples
    pages = to_images(_sheets(holder, layout, seed))
    return scan_to_pdf([photographed(page, degradation, chance) for page in pages])


def _sheets(holder: Holder, layout: str, seed: int) -> list[Sheet]:
    chance = random.Random(f"{seed}-{layout}")  # noqa: S311 -- repeatable samples
    sheets = _ALL_LAYOUTS[layout](holder, chance)
    family = chance.choice(sorted(FAMILIES))
    for sheet in sheets:
        sheet.family = sheet.family or family
    return sheets
