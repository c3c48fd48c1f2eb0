"""The text layer of a PDF, as words with their places."""

from __future__ import annotations

import pypdfium2
import pypdfium2.raw as pdfium

from nss.extraction.words import Box, PageWords, Word

MAX_CHARACTERS = 20_000
WORD_GAP = 0.15


def page_words(page: pypdfium2.PdfPage, number: int) -> PageWords:
    """Return the words of one page, upright; characters are joined by place, not by their order.

    Producers draw labels and values in any order and split words into runs: two characters belong
    to one word when they stand on one line with less than a fifth of their height between them.
    """
    width, height = page.get_size()
    rotation = page.get_rotation()
    letters = _letters(page, rotation)
    return PageWords(number, width, height, tuple(_joined(letters)), "text")


def _letters(page: pypdfium2.PdfPage, rotation: int) -> list[tuple[Word, bool]]:
    textpage = page.get_textpage()
    left, bottom, right, top = page.get_mediabox()
    frame = Box(left, bottom, right, top)
    letters = []
    after_space = False
    for at in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        char = chr(pdfium.FPDFText_GetUnicode(textpage, at))
        if char.isspace() or not char.isprintable():
            after_space = True
            continue
        box = _upright(textpage.get_charbox(at, loose=True), frame, rotation)
        letters.append((Word(char, box), after_space))
        after_space = False
    textpage.close()
    return letters


def _upright(place: tuple[float, ...], frame: Box, rotation: int) -> Box:
    """Turn a box of PDF space (y upwards, before the page's rotation) into the page as shown."""
    left, bottom, right, top = place
    x0, x1 = left - frame.left, right - frame.left
    y0, y1 = bottom - frame.top, top - frame.top
    wide, tall = frame.right - frame.left, frame.bottom - frame.top
    if rotation == 90:
        return Box(y0, x0, y1, x1)
    if rotation == 180:
        return Box(wide - x1, y0, wide - x0, y1)
    if rotation == 270:
        return Box(tall - y1, wide - x1, tall - y0, wide - x0)
    return Box(x0, tall - y1, x1, tall - y0)


def _joined(letters: list[tuple[Word, bool]]) -> list[Word]:
    rows: dict[int, list[tuple[Word, bool]]] = {}
    for letter, after_space in letters:
        rows.setdefault(round(letter.box.bottom * 2), []).append((letter, after_space))
    words: list[Word] = []
    for row in rows.values():
        words += _joined_row(sorted(row, key=lambda item: item[0].box.left))
    return words


def _joined_row(row: list[tuple[Word, bool]]) -> list[Word]:
    words: list[Word] = []
    for letter, after_space in row:
        if words and not after_space and _belongs(words[-1], letter):
            words[-1] = Word(words[-1].text + letter.text, words[-1].box.around(letter.box))
        else:
            words.append(letter)
    return words


def _belongs(word: Word, letter: Word) -> bool:
    height = min(word.box.height, letter.box.height)
    return -height < letter.box.left - word.box.right < WORD_GAP * height
