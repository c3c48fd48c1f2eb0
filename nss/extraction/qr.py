"""The QR of an acuse: found in a picture, read by its grammar.

Grammar of the card as public code of a Mexican university reads it: parts between `|`, the third
one the NSS (hyphens allowed), then «Nombre: …» and «CURP: …». Only a part that is an NSS as a whole
counts; a number inside a longer part never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from nss.extraction.words import Box, plain
from students.identity import CurpError, nss_has_valid_digit, parse_curp

NSS_PLACE = 2
QR_FORMAT = zxingcpp.barcode_formats_from_str("QRCode")


@dataclass(frozen=True, slots=True)
class QRCode:
    """One QR: its text, its box in pixels, and how far its upper side is turned, in degrees."""

    text: str
    box: Box
    turned: int


@dataclass(frozen=True, slots=True)
class QRFields:
    """What the QR of an acuse says; None where it does not say it beyond doubt."""

    nss: str | None
    curp: str | None
    names: str | None
    box: Box


def find_codes(image: Image.Image) -> list[QRCode]:
    """Return the QR codes of a picture, also of a bad photo."""
    found = zxingcpp.read_barcodes(image, formats=QR_FORMAT)
    return [
        QRCode(_decoded(code.bytes), _box(code.position), code.orientation)
        for code in found
        if code.text
    ]


def _decoded(content: bytes) -> str:
    """Return the text as it was meant: without a declared encoding the decoder takes «ÚÑ» for Japanese."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def read_code(code: QRCode) -> QRFields | None:
    """Return the fields of an acuse's QR, None when it is some other QR.

    An NSS counts when it stands in its place (or after «NSS») beside a valid CURP.
    """
    parts = [part.strip() for part in code.text.split("|")]
    if len(parts) <= NSS_PLACE:
        parts = [part.strip() for part in re.split(r"[\r\n;]+", code.text)]
    curp = _only(_curp(_after(part, "CURP")) for part in parts if "CURP" in plain(part))
    if curp is None:
        return None
    numbers = [_nss(_after(part, "NSS")) for part in parts if plain(part).startswith("NSS")]
    if len(parts) > NSS_PLACE:
        numbers.append(_nss(parts[NSS_PLACE]))
    names = _only(_after(part, "NOMBRE") for part in parts if plain(part).startswith("NOMBRE"))
    return QRFields(_only(numbers), curp, names, code.box)


def _after(part: str, label: str) -> str:
    match = re.match(rf"\s*{label}[^:]*:\s*(.*)", part, re.IGNORECASE | re.DOTALL)
    return match.group(1).strip() if match else ""


def _nss(text: str) -> str | None:
    if not re.fullmatch(r"[\d\s.\-–]{11,20}", text):
        return None
    digits = re.sub(r"\D", "", text)
    return digits if nss_has_valid_digit(digits) and digits != "0" * 11 else None


def _curp(text: str) -> str | None:
    try:
        return parse_curp(text).value
    except CurpError:
        return None


def _only(values: Iterable[str | None]) -> str | None:
    found = {value for value in values if value}
    return found.pop() if len(found) == 1 else None


def _box(position: zxingcpp.Position) -> Box:
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_left,
        position.bottom_right,
    )
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(across), min(down), max(across), max(down))
