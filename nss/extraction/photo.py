"""One picture of a page: its QR, and its words in as many attempts as the time allows.

A number read by OCR counts only when a second, independent look agrees: the line alone, enlarged
and as digits, or another attempt on the whole page. A wrong NSS is worse than none.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageFilter, ImageOps
from rapidfuzz.distance import Levenshtein

from common.images import even_light, fitted
from nss.extraction import ocr
from nss.extraction.fields import Seen, curps_seen, dates_seen
from nss.extraction.numbers import NumberSeen, has_lone_label, labelled_digits, owned_numbers
from nss.extraction.qr import QRFields, find_codes, read_code
from nss.extraction.words import PageWords
from students.identity import fold_curp

CPU_SECONDS = 5.5
OCR_SIDE = 2200
SMALL_SIDE = 1700
TURN_SIDE = 1300
SURE_LETTER = 0.6
MISREAD_DIGITS = 4
ENOUGH_LETTERS = 60
CURP_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}


@dataclass
class PhotoSeen:
    """What came out of one picture: the upright picture, the QR and the words of each attempt."""

    image: Image.Image
    qr: QRFields | None = None
    attempts: list[PageWords] = field(default_factory=list)
    nss: NumberSeen | None = None
    rejected: list[NumberSeen] = field(default_factory=list)
    curp: Seen | None = None


@dataclass
class Budget:
    """Processor time for all pictures of one file; the child would be killed at its limit."""

    ends: float = field(default_factory=lambda: time.process_time() + CPU_SECONDS)

    def is_left(self) -> bool:
        """Return whether another attempt may begin."""
        return time.process_time() < self.ends


def see(image: Image.Image, number: int, budget: Budget) -> PhotoSeen:
    """Look at one picture until its NSS is certain or the attempts are used up."""
    image, first, qr = _upright(image, number, budget)
    seen = PhotoSeen(image, qr)
    candidates: list[NumberSeen] = []
    for attempt, picture in _attempts(image, number, first, budget):
        seen.attempts.append(attempt)
        numbers = owned_numbers(attempt)
        candidates += numbers
        seen.curp = seen.curp or _certain_curp(attempt, picture)
        seen.nss = _certain_nss(numbers, candidates, seen.nss, picture)
        if seen.nss and _holds_another(seen.nss.digits, seen.attempts):
            seen.nss = None
            break
        if _is_enough(seen):
            break
    seen.rejected = [number for number in candidates if number is not seen.nss]
    return seen


def _holds_another(digits: str, attempts: list[PageWords]) -> bool:
    """Return whether the sheet has a second NSS, of which OCR reads nothing or digits too far from the certain one.

    Such a sheet does not say which is meant. Of a second number whose label is not seen either nobody can know.
    """
    if any(has_lone_label(attempt) and owned_numbers(attempt) for attempt in attempts):
        return True
    return any(
        Levenshtein.distance(digits, other) > MISREAD_DIGITS
        for attempt in attempts
        for other in labelled_digits(attempt)
    )


def _is_enough(seen: PhotoSeen) -> bool:
    """Stop when the NSS is certain and the sheet was understood, or seen twice."""
    if seen.qr and seen.qr.nss:
        return True
    is_understood = seen.curp is not None and bool(dates_seen(seen.attempts[-1]))
    return seen.nss is not None and (is_understood or len(seen.attempts) > 1)


def find_qr(image: Image.Image) -> tuple[QRFields | None, int]:
    """Return the fields of an acuse's QR in a picture and how far it is turned, in degrees."""
    for code in find_codes(image):
        fields = read_code(code)
        if fields:
            return fields, code.turned
    return None, 0


def _upright(
    image: Image.Image, number: int, budget: Budget
) -> tuple[Image.Image, PageWords | None, QRFields | None]:
    """Turn the picture by quarters until its QR, or most of its words, stand upright."""
    fields, turned = find_qr(image)
    if fields:
        quarters = round(turned / 90) % 4
        if quarters:
            image = image.transpose(_QUARTERS[quarters])
            fields = find_qr(image)[0] or fields
        return image, None, fields
    first = ocr.page_words(_first_picture(image), number, mode=ocr.SPARSE)
    if _letters(first) >= ENOUGH_LETTERS:
        return image, first, None
    quarters = _best_turn(image, number, budget)
    return (image.transpose(_QUARTERS[quarters]), None, None) if quarters else (image, first, None)


def _best_turn(image: Image.Image, number: int, budget: Budget) -> int:
    small = ImageOps.autocontrast(fitted(image, TURN_SIDE).convert("L"))
    scores = {0: _letters(ocr.page_words(small, number))}
    for quarters in (1, 3, 2):
        if budget.is_left():
            turned = small.transpose(_QUARTERS[quarters])
            scores[quarters] = _letters(ocr.page_words(turned, number))
    best = max(scores, key=lambda quarters: scores[quarters])
    return best if scores[best] > 1.3 * scores[0] else 0


def _letters(page: PageWords) -> int:
    return sum(
        len(word.text)
        for word in page.words
        if word.confidence >= SURE_LETTER and re.fullmatch(r"[^\W_]{3,}[:.,]?", word.text)
    )


def _attempts(
    image: Image.Image, number: int, first: PageWords | None, budget: Budget
) -> Iterator[tuple[PageWords, Image.Image]]:
    """Sparse text first: it sees the cells of a table that a block of text loses with its borders."""
    picture = _first_picture(image)
    yield first or ocr.page_words(picture, number, mode=ocr.SPARSE), picture
    even = even_light(_sized(image))
    if budget.is_left():
        yield ocr.page_words(even, number, mode=ocr.SPARSE), even
    if budget.is_left():
        yield ocr.page_words(picture, number), picture
    if budget.is_left():
        sharp = even.filter(ImageFilter.UnsharpMask(radius=3, percent=180, threshold=2))
        yield ocr.page_words(sharp, number, mode=ocr.SPARSE), sharp


def _first_picture(image: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(_sized(image).convert("L"), cutoff=1)


def _sized(image: Image.Image) -> Image.Image:
    """Bring the picture to the size at which printed text has the height OCR likes."""
    side = max(image.size)
    if side > OCR_SIDE:
        return fitted(image, OCR_SIDE)
    if side >= SMALL_SIDE:
        return image
    share = SMALL_SIDE / side
    size = (round(image.width * share), round(image.height * share))
    return image.resize(size, Image.Resampling.BICUBIC)


def _certain_nss(
    numbers: list[NumberSeen],
    candidates: list[NumberSeen],
    confirmed: NumberSeen | None,
    picture: Image.Image,
) -> NumberSeen | None:
    """Return the one number that a second look confirms; None when two different ones stand."""
    valid = [seen for seen in candidates if seen.has_valid_digit]
    if len({seen.digits for seen in valid}) != 1:
        return None
    if confirmed is not None or len({id(seen.page) for seen in valid}) > 1:
        return confirmed or valid[-1]
    certain = (seen for seen in numbers if seen.has_valid_digit and _is_read_again(seen, picture))
    return next(certain, None)


def _is_read_again(seen: NumberSeen, picture: Image.Image) -> bool:
    second = ocr.read_line(picture, seen.segment.place, ocr.DIGITS)
    return re.sub(r"\D", "", second) == seen.digits


def _certain_curp(attempt: PageWords, picture: Image.Image) -> Seen | None:
    valid, _ = curps_seen(attempt)
    if len({seen.value for seen in valid}) != 1:
        return None
    for seen in valid:
        second = ocr.read_line(picture, seen.segment.place, CURP_CHARACTERS)
        if fold_curp(second) == fold_curp(seen.value):
            return seen
    return valid[0] if len(valid) > 1 else None
