"""One picture of a page: its QR, how it stands, and what the time that is left allows."""

import io
from datetime import date

from PIL import Image

from followup.demo.acuses import Holder, draw_photo
from followup.demo.canvas import Sheet, to_images
from nss.extraction.photo import Budget, find_qr, see

HOLDER = Holder(
    "24260812342", "PENA080321MDFRXNA8", "ANA SOFÍA", "PÉREZ", "NÚÑEZ", date(2026, 8, 12)
)
OTHER_CODE = "https://www.imss.gob.mx"


def codes_on(*codes: str) -> Image.Image:
    """Draw a sheet with these QR codes, one below the other."""
    sheet = Sheet()
    for at, code in enumerate(codes):
        sheet.qr(60, 60 + 240 * at, 200, code)
    return to_images([sheet], dpi=100)[0]


def test_find_qr_passes_over_the_code_of_something_else():
    found, turned = find_qr(codes_on(OTHER_CODE, HOLDER.qr))

    assert found is not None
    assert (found.nss, turned) == (HOLDER.nss, 0)
    assert find_qr(codes_on(OTHER_CODE)) == (None, 0)


def test_see_turns_a_photo_by_its_qr():
    photo = Image.open(io.BytesIO(draw_photo(HOLDER, "card", "sideways"))).convert("RGB")

    seen = see(photo, 1, Budget())

    assert seen.qr is not None
    assert seen.qr.nss == HOLDER.nss
    assert (photo.width > photo.height, seen.image.size) == (True, photo.size[::-1])


def test_see_without_time_left_looks_once():
    blank = Image.new("RGB", (900, 1200), "white")

    seen = see(blank, 1, Budget(ends=0.0))

    assert (len(seen.attempts), seen.nss, seen.image.size) == (1, None, (900, 1200))
