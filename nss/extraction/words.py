"""Words and where they stand on a page, the same for a text layer and for OCR."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

CELL_GAP = 1.5
SAME_LINE = 0.45


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the page's own units (points or pixels), y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The y in the middle."""
        return (self.top + self.bottom) / 2

    def around(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was seen; `confidence` goes from 0 to 1 and is 1 in a text layer.

    `box` is where the word would stand if its line were level; `shift` is how far down it really
    stands, in a tilted photo.
    """

    text: str
    box: Box
    confidence: float = 1.0
    shift: float = 0.0

    @property
    def place(self) -> Box:
        """Where the word really stands on the page."""
        return Box(
            self.box.left, self.box.top + self.shift, self.box.right, self.box.bottom + self.shift
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line with no wide gap between them: a cell, a label, a sentence."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Around all words."""
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.around(word.box)
        return box

    @property
    def place(self) -> Box:
        """Around all words, where they really stand."""
        place = self.words[0].place
        for word in self.words[1:]:
            place = place.around(word.place)
        return place

    @property
    def confidence(self) -> float:
        """The least sure of its words."""
        return min(word.confidence for word in self.words)


@dataclass(frozen=True, slots=True)
class PageWords:
    """What one source saw on one page (`number` from 1), in the page's own units."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str

    @property
    def text(self) -> str:
        """All words, line after line."""
        return "\n".join(" ".join(word.text for word in line) for line in lines_of(self.words))

    def fraction(self, box: Box) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom as fractions (0–1) of the upright page."""
        return (
            round(max(0.0, box.left / self.width), 4),
            round(max(0.0, box.top / self.height), 4),
            round(min(1.0, box.right / self.width), 4),
            round(min(1.0, box.bottom / self.height), 4),
        )


def plain(text: str) -> str:
    """Return capitals without accents and with single spaces; Ñ becomes N."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"\s+", " ", kept.upper()).strip()


def lines_of(words: Iterable[Word]) -> list[list[Word]]:
    """Group words into lines from top to bottom; a slightly tilted line stays one line.

    A word joins the line whose last word stands left of it at about the same height.
    """
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.left):
        best, best_share = None, SAME_LINE
        for line in lines:
            share = _shared_height(line[-1].box, word.box)
            if share > best_share and line[-1].box.left <= word.box.left:
                best, best_share = line, share
        if best is None:
            lines.append([word])
        else:
            best.append(word)
    return sorted(lines, key=lambda line: line[0].box.middle)


def segments_of(line: list[Word]) -> list[Segment]:
    """Split one line where the gap is wider than a space by far."""
    groups: list[list[Word]] = []
    for word in line:
        if groups and gap(groups[-1][-1], word) <= CELL_GAP:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Segment(tuple(group)) for group in groups]


def gap(left: Word, right: Word) -> float:
    """Return the white space between two words of a line, in heights of the smaller one."""
    height = max(min(left.box.height, right.box.height), 0.1)
    return (right.box.left - left.box.right) / height


def _shared_height(one: Box, other: Box) -> float:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared / max(min(one.height, other.height), 0.1)
