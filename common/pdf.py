"""The only door to WeasyPrint: our own HTML in, PDF out, and nothing fetched from anywhere.

Fonts and parsed stylesheets are kept per process: parsing them again costs a third of a page. Called by
the worker alone, so WeasyPrint (0.3–1.0 s to load) is imported at the first page.
"""

import atexit
import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from common.stamping import Form, read_form

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

BUNDLED = (
    "https://bundled.invalid/static/"  # never asked for: the fetcher answers from our own folder
)
FONT = re.compile(re.escape(BUNDLED) + r"(?P<name>fonts/[\w-]+\.woff2)")
STATIC = settings.ROOT / "static"
POINTS = 0.75
"""A CSS pixel in points."""


class FetchRefused(ValueError):
    """A page asked for something outside itself; a paper never does."""


@cache
def _fetcher() -> "URLFetcher":
    """Make the fetcher that denies everything but the fonts that came with the portal."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledFontsOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> "URLFetcherResponse":
            del headers  # part of the signature; nothing of ours is asked with headers
            found = FONT.fullmatch(url)
            if found is None:
                raise FetchRefused(url[:40])
            body = (STATIC / found["name"]).read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": "font/woff2"})

    return BundledFontsOnly()


@cache
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    # It deletes its files when it goes, which needs an interpreter that still stands.
    atexit.register(_forget)
    return FontConfiguration()


def _forget() -> None:
    _stylesheet.cache_clear()
    _fonts.cache_clear()


@cache
def _stylesheet(path: Path) -> "CSS":
    # Without font_config WeasyPrint drops @font-face silently.
    from weasyprint import CSS

    return CSS(
        string=path.read_text(encoding="utf-8"),
        base_url=f"{BUNDLED}css/print/",
        font_config=_fonts(),
        url_fetcher=_fetcher(),
    )


def render_pdf(html: str, *, stylesheets: tuple[str, ...]) -> bytes:
    """Draw one HTML document as PDF; `stylesheets` are paths under static/css/print/.

    Title and language are the document's, its elements become the structure tree, fonts are embedded, and the same
    document is drawn into the same bytes. Whatever it asks for, from the network or this machine's files, is refused
    and left out (security T18): pictures belong into it as data of our own, such as inline SVG.
    """
    with _without_collecting():
        pdf: bytes = _laid_out(html, stylesheets).write_pdf(pdf_tags=True)
    return pdf


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A document's boxes are no garbage until it is written; to look for some meanwhile costs a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def draw_form(html: str, *, stylesheets: tuple[str, ...]) -> Form:
    """Draw a form whose fields hold placeholders (common.stamping), ready to be filled in.

    Each field is an element with the field's name as its id. Raises ValueError as `read_form`.
    """
    document = _laid_out(html, stylesheets)
    boxes = {
        name: tuple(side * POINTS for side in box)
        for name, box in document.pages[0].anchors.items()
    }
    return read_form(document.write_pdf(pdf_tags=True), boxes)


def draw_sheet(html: str, *, stylesheets: tuple[str, ...]) -> Form:
    """Draw one finished sheet, to stand among stamped ones. Raises ValueError for more than a page."""
    return read_form(render_pdf(html, stylesheets=stylesheets), {})


def _laid_out(html: str, stylesheets: tuple[str, ...]) -> "Document":
    from weasyprint import HTML

    document = HTML(string=html, base_url=BUNDLED, url_fetcher=_fetcher())
    sheets = [_stylesheet(STATIC / "css" / "print" / name) for name in stylesheets]
    return document.render(stylesheets=sheets, font_config=_fonts())
