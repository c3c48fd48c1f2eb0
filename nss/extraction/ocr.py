"""Words of a picture, by Tesseract with Debian's Spanish data; runs inside the child only."""

from __future__ import annotations

import os
from functools import cache

from PIL import Image, ImageOps

from nss.extraction.words import Box, PageWords, Word

DATA_FOLDER = "/usr/share/tesseract-ocr/5/tessdata"
BLOCK = 6
SPARSE = 11
LINE = 7
LINE_HEIGHT = 48
DIGITS = "0123456789- "
MIN_BASELINE = 6
MIN_LINES = 4

os.environ["OMP_THREAD_LIMIT"] = "1"

import tesserocr  # noqa: E402 -- reads OMP_THREAD_LIMIT once, when it is loaded


@cache
def _engine() -> tesserocr.PyTessBaseAPI:
    return tesserocr.PyTessBaseAPI(path=DATA_FOLDER, lang="spa", psm=BLOCK)


def warm_up() -> None:
    """Load the language data while files may still be opened freely."""
    _engine()


def page_words(image: Image.Image, number: int, *, mode: int = BLOCK) -> PageWords:
    """Return the words of a picture with their boxes in pixels and their confidence (0–1)."""
    engine = _engine()
    engine.SetPageSegMode(mode)
    engine.SetVariable("tessedit_char_whitelist", "")
    engine.SetImage(image)
    engine.SetSourceResolution(200)
    engine.Recognize()
    words = _words(engine)
    engine.Clear()
    return PageWords(number, float(image.width), float(image.height), tuple(words), "ocr")


def _words(engine: tesserocr.PyTessBaseAPI) -> list[Word]:
    level, words, slopes = tesserocr.RIL.WORD, [], []
    for item in tesserocr.iterate_level(engine.GetIterator(), level):
        if item.Empty(level):
            continue
        text, box = item.GetUTF8Text(level).strip(), item.BoundingBox(level)
        words.append(Word(text, Box(*map(float, box)), item.Confidence(level) / 100))
        ends = item.Baseline(tesserocr.RIL.TEXTLINE)
        if ends and ends[1][0] - ends[0][0] > MIN_BASELINE * (box[3] - box[1]):
            (x0, y0), (x1, y1) = ends
            slopes.append(((y0 + y1) / 2, (y1 - y0) / (x1 - x0)))
    return _levelled(words, slopes)


def _levelled(words: list[Word], slopes: list[tuple[float, float]]) -> list[Word]:
    """Give words the height they would have if all lines were level.

    In perspective the slope changes from the upper to the lower edge: it is fitted as a straight
    line over the height of the page, after dropping the lines that lean away from the middle one.
    """
    usual = sorted(slope for _, slope in slopes)[len(slopes) // 2] if slopes else 0.0
    kept = [(y, slope) for y, slope in slopes if abs(slope - usual) < 0.06]
    if len(kept) < MIN_LINES:
        return words
    middle = sum(y for y, _ in kept) / len(kept)
    mean = sum(slope for _, slope in kept) / len(kept)
    spread = sum((y - middle) ** 2 for y, _ in kept)
    turn = sum((y - middle) * (slope - mean) for y, slope in kept) / spread if spread else 0.0
    levelled = []
    for word in words:
        box = word.box
        shift = (mean + turn * (box.middle - middle)) * (box.left + box.right) / 2
        flat = Box(box.left, box.top - shift, box.right, box.bottom - shift)
        levelled.append(Word(word.text, flat, word.confidence, shift))
    return levelled


def read_line(image: Image.Image, box: Box, allowed: str = "") -> str:
    """Read the line inside a box again, at the height that Tesseract likes best."""
    edge = box.height * 0.35
    area = (
        max(0, int(box.left - edge * 2)),
        max(0, int(box.top - edge)),
        min(image.width, int(box.right + edge * 2)),
        min(image.height, int(box.bottom + edge)),
    )
    crop = image.crop(area).convert("L")
    size = (round(crop.width * LINE_HEIGHT / crop.height), LINE_HEIGHT)
    crop = ImageOps.expand(crop.resize(size, Image.Resampling.LANCZOS), 12, 255)
    engine = _engine()
    engine.SetPageSegMode(LINE)
    engine.SetVariable("tessedit_char_whitelist", allowed)
    engine.SetImage(crop)
    engine.SetSourceResolution(200)
    text = engine.GetUTF8Text()
    engine.Clear()
    return str(text).strip()
