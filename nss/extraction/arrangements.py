"""Two arrangements in which a label is neither left of its number nor alone above it.

A row of labels over a row of values whose cells are one space apart, and a caption right below. Both
are read only where nothing else can be meant: a wrong NSS is worse than none.
"""

from __future__ import annotations

import re

from nss.extraction.labels import is_nss_label, is_whole_nss_label
from nss.extraction.words import Box, PageWords, Segment, Word, plain

LABEL_WORDS = 6
ROW_REACH = 2.2
ALIGNED = 1.2
CAPTION_REACH = 0.9
CLEARLY_FARTHER = 0.6
_EDGE = "|:;,.[]{}_=~ "
_OTHER_HEADING = re.compile(
    r"CURP|FOLIO|SEXO|RFC|MATRICULA|NOMBRES?(?: COMPLETO)?|NOMBRE ?\( ?S ?\)|(?:PRIMER|SEGUNDO) APELLIDO"
    r"|APELLIDOS?(?: PATERNO| MATERNO)?|FECHA(?: DE (?:EMISION|NACIMIENTO|EXPEDICION|ASIGNACION))?"
    r"|(?:ENTIDAD|LUGAR) DE NACIMIENTO|SUBDELEGACION|DELEGACION|UMF|TELEFONO|CELULAR|CORREO"
)
_LIKE_A_CURP = re.compile(r"(?=(?:\D*\d){6})[A-Z0-9]{17,19}")


def letters(text: str) -> int:
    """Return how many letters a text has."""
    return sum(char.isalpha() for char in text)


def is_value(text: str) -> bool:
    """Return whether a text is a CURP or another long mix with digits: a value, not a label."""
    joined = text.replace(" ", "")
    return sum(char.isdigit() for char in joined) >= max(4, len(joined) // 3)


def shares_column(label: Box, value: Box) -> bool:
    """Return whether two boxes stand one over the other for a good part of the narrower one."""
    shared = min(label.right, value.right) - max(label.left, value.left)
    return shared > 0.35 * min(label.right - label.left, value.right - value.left)


def heading_owns(number: Segment, lines: list[list[Word]]) -> bool:
    """Return whether the row of labels right above has the NSS label in line with a number.

    The row must hold at least two labels and not one other word: a sentence never counts.
    """
    box = number.box
    row = _row_above(box, lines)
    headings = _headings(row) if row else []
    if len(headings) < 2:
        return False
    nearest = min(headings, key=lambda part: abs(part.box.left - box.left))
    if abs(nearest.box.left - box.left) > ALIGNED * box.height:
        nearest = min(headings, key=lambda part: abs(_centre(part.box) - _centre(box)))
        if abs(_centre(nearest.box) - _centre(box)) > ALIGNED * box.height:
            return False
    return is_whole_nss_label(_text(nearest.words))


def caption_owns(number: Segment, segments: list[Segment], page: PageWords) -> bool:
    """Return whether an NSS label right below belongs to a number and to nothing else.

    Nothing may stand as near above the number or below the label. OCR may have missed such a thing, so
    there the sheet's CURP must have its caption below too.
    """
    box = number.box
    caption = _nearest(box, segments, is_below=True)
    if caption is None or not is_nss_label(plain(caption.text), fuzzy=page.source == "ocr"):
        return False
    space = caption.box.top - box.bottom
    if space > CAPTION_REACH * box.height or not _is_in_line(caption.box, box):
        return False
    enough = space + CLEARLY_FARTHER * box.height
    over = _nearest(box, segments, is_below=False)
    under = _nearest(caption.box, segments, is_below=True)
    if over and box.top - over.box.bottom < enough:
        return False
    if under and under.box.top - caption.box.bottom < enough:
        return False
    return page.source == "text" or _has_curp_over_caption(segments)


def _row_above(box: Box, lines: list[list[Word]]) -> list[Word]:
    above = [
        line
        for line in lines
        if Segment(tuple(line)).box.middle < box.top
        and -0.5 * box.height < box.top - Segment(tuple(line)).box.bottom < ROW_REACH * box.height
    ]
    return max(above, key=lambda line: Segment(tuple(line)).box.bottom, default=[])


def _headings(row: list[Word]) -> list[Segment]:
    """Return the labels of a row from left to right; none when a word of it is no label."""
    found: list[Segment] = []
    at = 0
    while at < len(row):
        for count in range(min(LABEL_WORDS, len(row) - at), 0, -1):
            part = tuple(row[at : at + count])
            if is_whole_nss_label(_text(part)) or _OTHER_HEADING.fullmatch(_text(part)):
                found.append(Segment(part))
                at += count
                break
        else:
            return []
    return found


def _nearest(box: Box, segments: list[Segment], *, is_below: bool) -> Segment | None:
    """Return the nearest words above or below a box that share its column."""
    found = [
        piece
        for piece in segments
        if (piece.box.middle > box.bottom if is_below else piece.box.middle < box.top)
        and shares_column(piece.box, box)
        and (letters(piece.text) >= 3 or is_value(piece.text))
    ]
    if is_below:
        return min(found, key=lambda piece: piece.box.top, default=None)
    return max(found, key=lambda piece: piece.box.bottom, default=None)


def _has_curp_over_caption(segments: list[Segment]) -> bool:
    for piece in segments:
        if _LIKE_A_CURP.fullmatch(re.sub(r"\W", "", plain(piece.text))):
            caption = _nearest(piece.box, segments, is_below=True)
            if caption and plain(caption.text).strip(_EDGE) == "CURP":
                return caption.box.top - piece.box.bottom <= CAPTION_REACH * piece.box.height
    return False


def _is_in_line(one: Box, other: Box) -> bool:
    reach = other.height
    return abs(one.left - other.left) < reach or abs(_centre(one) - _centre(other)) < reach


def _centre(box: Box) -> float:
    return (box.left + box.right) / 2


def _text(words: tuple[Word, ...]) -> str:
    return plain(" ".join(word.text for word in words)).strip(_EDGE)
