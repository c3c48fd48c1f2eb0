"""Find the NSS among the numbers of a page: eleven digits that its label owns, or nothing.

A number belongs to the label at its left on the same line, else to the one right above it. Eleven
digits are taken as a whole token, as ten and the check digit apart, or as groups that make exactly
eleven: never as a window of something longer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from nss.extraction.arrangements import (
    caption_owns,
    heading_owns,
    is_value,
    letters,
    shares_column,
)
from nss.extraction.labels import is_full_nss_label, is_nss_label, is_title, names_other
from nss.extraction.words import Box, PageWords, Segment, Word, gap, lines_of, plain, segments_of
from students.identity import nss_has_valid_digit

DIGITS = 11
DIGIT_GAP = 2.0
REACH_ABOVE = 3.2
INDENT = 6.0
WIDER = 1.6
MIN_GAP = 0.3
LOST_DIGITS = 4
_NUMERIC = re.compile(r"[\d.\-–—]*\d[\d.\-–—]*|[-–—]")
_GLUED = re.compile(r"(\D*[^\d.\-–—])(\d[\d.\-–—]*)")
_EDGE = "|:;,.'\"“”‘’()[]{}¡!*_=~ "


@dataclass(frozen=True, slots=True)
class NumberSeen:
    """Eleven digits that an NSS label owns; `has_valid_digit` tells whether they can be one."""

    digits: str
    page: PageWords
    segment: Segment

    @property
    def has_valid_digit(self) -> bool:
        """True when the Luhn digit holds and the number is not all zeros."""
        return nss_has_valid_digit(self.digits) and self.digits != "0" * DIGITS


def owned_numbers(page: PageWords) -> list[NumberSeen]:
    """Return the eleven-digit numbers of a page that stand beside or under an NSS label."""
    lines = lines_of([piece for word in page.words for piece in _pieces(word)])
    segments = [segment for line in lines for segment in segments_of(line)]
    seen = []
    for line in lines:
        for run in (part for whole in _runs(line) for part in _parted(whole)):
            digits = _eleven(run)
            if digits and _is_owned(run, line, segments, page):
                seen.append(NumberSeen(digits, page, Segment(tuple(run))))
                continue
            seen += [
                NumberSeen(_digits(cell), page, Segment(tuple(cell)))
                for cell in _cells(run)
                if _may_be_in_a_row(cell, line) and heading_owns(Segment(tuple(cell)), lines)
            ]
    return seen


def labelled_digits(page: PageWords) -> list[str]:
    """Return the digits right of each NSS label that are nearly as many as an NSS has, read well or not.

    They tell that a sheet holds another number even where OCR could not read it.
    """
    found = []
    for line in lines_of([piece for word in page.words for piece in _pieces(word)]):
        for run in _runs(line):
            left = _left_text(run, line)
            is_like = abs(len(_digits(run)) - DIGITS) <= LOST_DIGITS
            if is_like and left and is_nss_label(plain(left.text), fuzzy=True):
                found.append(_digits(run))
    return found


def has_lone_label(page: PageWords) -> bool:
    """Return whether an NSS label of a page has no digits near it: its number was not read at all."""
    words = [piece for word in page.words for piece in _pieces(word)]
    numbers = [word for word in words if _NUMERIC.fullmatch(word.text) and len(word.text) > 2]
    labels = [
        piece.box
        for line in lines_of(words)
        for piece in segments_of(line)
        if is_nss_label(plain(piece.text), fuzzy=True) and not is_title(plain(piece.text))
    ]
    return any(not any(_is_near(label, number.box) for number in numbers) for label in labels)


def _is_near(label: Box, number: Box) -> bool:
    down = (number.middle - label.middle) / label.height
    if -2.5 < down < 0 and number.left < label.right:
        return number.right > label.left
    return -1.5 < down < REACH_ABOVE and number.right > label.left


def _pieces(word: Word) -> list[Word]:
    """Drop marks around a word, and split «NSS:12345678903» before its number."""
    text = word.text.strip(_EDGE)
    if not any(char.isdigit() for char in text):
        return [word] if word.text.strip("|[]{}_=~ ") else []
    glued = _GLUED.fullmatch(text)
    if not glued:
        return [Word(text, word.box, word.confidence, word.shift)]
    box, share = word.box, len(glued.group(1)) / len(text)
    cut = box.left + share * (box.right - box.left)
    label, number = (
        Box(box.left, box.top, cut, box.bottom),
        Box(cut, box.top, box.right, box.bottom),
    )
    return [
        Word(glued.group(1), label, word.confidence, word.shift),
        Word(glued.group(2), number, word.confidence, word.shift),
    ]


def _runs(line: list[Word]) -> list[list[Word]]:
    """Return the numeric words of a line, those that stand close together in one run."""
    runs: list[list[Word]] = []
    is_open = False
    for word in line:
        if not _NUMERIC.fullmatch(word.text):
            is_open = False
            continue
        if is_open and gap(runs[-1][-1], word) <= DIGIT_GAP:
            runs[-1].append(word)
        else:
            runs.append([word])
        is_open = True
    return runs


def _parted(run: list[Word]) -> list[list[Word]]:
    """Part a run that is too long where its gaps are clearly wider: two cells of a narrow table."""
    gaps = [gap(left, right) for left, right in pairwise(run)]
    if _eleven(run) or not gaps or max(gaps) < WIDER * max(min(gaps), MIN_GAP):
        return [run]
    parts: list[list[Word]] = [[run[0]]]
    for space, word in zip(gaps, run[1:], strict=True):
        if space > max(gaps) / WIDER:
            parts.append([word])
        else:
            parts[-1].append(word)
    return parts


def _eleven(run: list[Word]) -> str | None:
    if "." in "".join(word.text for word in run).strip("."):
        return None
    digits = _digits(run)
    return digits if len(digits) == DIGITS else None


def _digits(run: list[Word]) -> str:
    return re.sub(r"\D", "", "".join(word.text for word in run))


def _cells(run: list[Word]) -> list[list[Word]]:
    """Return the whole run, or each word of one that only whole numbers make: cells one space apart."""
    if _eleven(run):
        return [run]
    if all(len(_digits([word])) >= DIGITS - 1 for word in run):
        return [[word] for word in run if _eleven([word])]
    return []


def _may_be_in_a_row(run: list[Word], line: list[Word]) -> bool:
    """Return whether what stands at the left of a number can be another cell: it must be no label."""
    left = _left_text(run, line)
    if left is None:
        return True
    text = plain(left.text)
    return not names_other(text) and not left.text.rstrip().endswith(":")


def _is_owned(run: list[Word], line: list[Word], segments: list[Segment], page: PageWords) -> bool:
    fuzzy = page.source == "ocr"
    left = _left_text(run, line)
    if left is not None:
        return _owns_from_left(left, segments, fuzzy=fuzzy)
    if _make_label(_lines_beside(run, segments), fuzzy=fuzzy):
        return True
    number = Segment(tuple(run))
    return _label_above(number.box, segments, fuzzy=fuzzy) or caption_owns(number, segments, page)


def _left_text(run: list[Word], line: list[Word]) -> Segment | None:
    """Return the nearest words at the left that can be a label: not a value, not stray marks."""
    before = line[: line.index(run[0])]
    pieces = [piece for piece in segments_of(before) if letters(piece.text) >= 3] if before else []
    if not pieces:
        return None
    nearest = _after_last_number(pieces[-1])
    is_far_value = is_value(nearest.text) and gap(nearest.words[-1], run[0]) > DIGIT_GAP
    return None if is_far_value else nearest


def _after_last_number(piece: Segment) -> Segment:
    """Keep what stands after another number of the same segment, which had a label of its own."""
    for at in range(len(piece.words) - 1, 0, -1):
        if any(char.isdigit() for char in piece.words[at - 1].text):
            rest = Segment(piece.words[at:])
            return rest if letters(rest.text) >= 3 else piece
    return piece


def _owns_from_left(left: Segment, segments: list[Segment], *, fuzzy: bool) -> bool:
    text = plain(left.text)
    if is_nss_label(text, fuzzy=fuzzy):
        return True
    if names_other(text):
        return False
    # A label wrapped over two or three lines of a narrow cell.
    near = [piece for piece in segments if _is_wrapped_with(piece, left)]
    return _make_label(near, fuzzy=fuzzy)


def _make_label(lines: list[Segment], *, fuzzy: bool) -> bool:
    """Return whether some lines are one wrapped label: of rows of a table one is a label by itself."""
    lines = sorted(lines, key=lambda piece: piece.box.top)
    texts = [plain(piece.text) for piece in lines]
    if len(texts) < 2 or any(is_full_nss_label(text, fuzzy=True) for text in texts):
        return False
    return is_nss_label(" ".join(texts), fuzzy=fuzzy)


def _is_wrapped_with(piece: Segment, left: Segment) -> bool:
    if piece is left or piece.words == left.words:
        return True
    distance = abs(piece.box.middle - left.box.middle)
    starts_together = abs(piece.box.left - left.box.left) < 2 * left.box.height
    return starts_together and distance < 1.9 * left.box.height and letters(piece.text) >= 3


def _lines_beside(run: list[Word], segments: list[Segment]) -> list[Segment]:
    """Return the lines at the left of a number whose middle is at its height."""
    box = Segment(tuple(run)).box
    near = [
        piece
        for piece in segments
        if piece.box.right <= box.left + box.height * 0.2
        and abs(piece.box.middle - box.middle) < 1.3 * box.height
        and letters(piece.text) >= 3
    ]
    nearest = max((piece.box.left for piece in near), default=0.0)
    return [piece for piece in near if abs(piece.box.left - nearest) < 2 * box.height]


def _label_above(box: Box, segments: list[Segment], *, fuzzy: bool) -> bool:
    """Return whether the nearest words right above are an NSS label, in up to three lines."""
    block, edge, reach = "", box, REACH_ABOVE * box.height
    for _ in range(3):
        above = _nearest_above(edge, box, segments, reach)
        if above is None or letters(above.text) < 3 or is_value(above.text):
            return False
        block = f"{plain(above.text)} {block}".strip()
        if is_nss_label(block, fuzzy=fuzzy) or is_nss_label(_words_over(box, above)):
            return True
        if names_other(block) or len(block) > 40:
            return False
        edge, reach = above.box, 1.2 * above.box.height
    return False


def _nearest_above(edge: Box, column: Box, segments: list[Segment], reach: float) -> Segment | None:
    found = [
        piece
        for piece in segments
        if piece.box.middle < edge.top
        and edge.top - piece.box.bottom < reach
        and (shares_column(piece.box, column) or _is_indented(piece, column, segments))
        and (letters(piece.text) >= 3 or is_value(piece.text))
    ]
    return max(found, key=lambda piece: piece.box.bottom, default=None)


def _words_over(column: Box, above: Segment) -> str:
    """Return the words of a row of labels that stand right over a number, as plain text."""
    over = [
        word.text
        for word in above.words
        if word.box.left < column.right and word.box.right > column.left
    ]
    return plain(" ".join(over))


def _is_indented(label: Segment, column: Box, segments: list[Segment]) -> bool:
    """Return whether the number stands a step to the right under a label that is alone on its line."""
    box = label.box
    if not (box.left < column.left < box.right + INDENT * column.height):
        return False
    return label.text.rstrip().endswith(":") and not any(
        piece.box.left >= box.right and abs(piece.box.middle - box.middle) < box.height / 2
        for piece in segments
    )
