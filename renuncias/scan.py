"""Sheets out of a pile: one scanned page in; the texts of its QR codes and the page itself, upright, out.

Its job runs in the limited child alone. A page is turned by its QR: the corners of the code tell how the sheet lay
on the glass, upside down, sideways or a few degrees askew. A page without a code stays as it came.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter, ImageStat

from common.images import BLANK_SPREAD, derivative, fitted, open_picture
from common.uploads.documents import draw_page, open_pdf, page_of
from common.uploads.kinds import Kind
from common.uploads.refusals import Refused
from renuncias.sheets import Sheet, picture_name, token_of

DPI = 200
SIDE = 2600
"""Pixels of the long side in which a QR is looked for: a Carta sheet at 200 dpi has 2,200."""
SHEET_BYTES = 300_000
CPU_SECONDS = 8.0
"""Processor time after which no further page is begun; the child may use more than twice of it."""
TILT = 0.5
"""Degrees below which a sheet is left as it lies."""
MARGIN = 0.04
"""The share of each edge where shadows of the scanner's lid are no writing."""
MOST_TEXT = 300
QR_FORMAT = zxingcpp.barcode_formats_from_str("QRCode")
Box = tuple[int, int, int, int]
_QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Code:
    """One QR of a page: its text, "" where it is damaged beyond repair, and where its corners are."""

    text: str
    corners: zxingcpp.Position


def read_sheets(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Read the pages that the arguments name, as many as there is time for (a job of the runner).

    `arguments["sheets"]` lists for each page its `number` in the pile, its `page` from 1 in the file, the place of
    that file among the `inputs` and its `kind`. Raises Refused for a PDF that does not open at all.
    """
    opened: dict[int, pypdfium2.PdfDocument] = {}
    read: list[Sheet] = []
    ends = time.process_time() + CPU_SECONDS
    for wanted in arguments["sheets"]:
        if read and time.process_time() > ends:
            break
        place = wanted["input"]
        if wanted["kind"] == Kind.PDF and place not in opened:
            opened[place] = open_pdf(inputs[place])
        read.append(_read_sheet(wanted, inputs[place], opened.get(place), output))
    return {"sheets": [asdict(sheet) for sheet in read]}


def _read_sheet(
    wanted: dict[str, Any], path: Path, pdf: pypdfium2.PdfDocument | None, output: Path
) -> Sheet:
    number = wanted["number"]
    try:
        image = (
            draw_page(page_of(pdf, wanted["page"]), SIDE, DPI, grey=True)
            if pdf
            else fitted(open_picture(path), SIDE)
        )
    except Refused as refused:
        return Sheet(number, trouble=refused.code.value)
    grey = image.convert("L")
    blank = is_blank(grey)
    codes = [] if blank else find_codes(grey)
    turned = upright(grey, codes)
    (output / picture_name(number)).write_bytes(derivative(turned, most_bytes=SHEET_BYTES))
    return Sheet(number, tuple(code.text[:MOST_TEXT] for code in codes), is_blank=blank)


def find_codes(grey: Image.Image) -> list[Code]:
    """Return every QR of a page, however it is turned; of a poor scan after a second look at twice the size."""
    codes = _codes(grey)
    if any(code.text for code in codes):
        return codes
    large = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    return _codes(large.filter(ImageFilter.GaussianBlur(1.5))) or codes


def _codes(grey: Image.Image) -> list[Code]:
    """Those that can be read, and those that cannot: what has no place is none, and some are seen twice."""
    found = zxingcpp.read_barcodes(grey, formats=QR_FORMAT, return_errors=True)
    read = [one for one in found if one.valid]
    taken = [_box(one.position) for one in read]
    damaged = [one for one in found if not one.valid and _is_free(_box(one.position), taken)]
    codes = [Code(one.text, one.position) for one in read]
    return codes + [Code("", one.position) for one in damaged]


def _is_free(box: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = box
    return left < right and not any(
        left < other_right and other_left < right and top < other_bottom and other_top < bottom
        for other_left, other_top, other_right, other_bottom in taken
    )


def _box(corners: zxingcpp.Position) -> Box:
    points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    across, down = [point.x for point in points], [point.y for point in points]
    return min(across), min(down), max(across), max(down)


def upright(grey: Image.Image, codes: list[Code]) -> Image.Image:
    """Return the page turned as its QR stands: one of ours if there is one, else the first."""
    ours = [code for code in codes if token_of(code.text)]
    guide = next(iter([*ours, *codes]), None)
    if guide is None:
        return grey
    angle = _turned_by(guide.corners)
    quarters = round(angle / 90)
    if quarters % 4:
        grey = grey.transpose(_QUARTERS[quarters % 4])
    askew = angle - 90 * quarters
    if abs(askew) < TILT:
        return grey
    return grey.rotate(askew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _turned_by(corners: zxingcpp.Position) -> float:
    """How many degrees clockwise the code lies, by its upper and its lower edge together."""
    across = (
        corners.top_right.x - corners.top_left.x + corners.bottom_right.x - corners.bottom_left.x
    )
    down = corners.top_right.y - corners.top_left.y + corners.bottom_right.y - corners.bottom_left.y
    return math.degrees(math.atan2(down, across))


def is_blank(grey: Image.Image) -> bool:
    """Tell whether nothing stands on the page: the empty back that a scanner of both sides makes."""
    across, down = int(grey.width * MARGIN), int(grey.height * MARGIN)
    inner = grey.crop((across, down, grey.width - across, grey.height - down))
    return ImageStat.Stat(fitted(inner, 1000)).stddev[0] < BLANK_SPREAD
