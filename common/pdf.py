"""The only door to WeasyPrint: our own HTML in, PDF out, and nothing fetched from anywhere.

Fonts and parsed stylesheets are kept per process: parsing them again costs a third of a page. Called by
the worker alone, so WeasyPrint (0.3–1.0 s to load) is imported at the first page.
"""

import atexit
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

BUNDLED = (
    "https://bundled.invalid/static/"  # never asked for: the fetcher answers from our own folder
)
FONT = re.compile(re.escape(BUNDLED) + r"(?P<name>fonts/[\w-]+\.woff2)")
STATIC = settings.ROOT / "static"


class FetchRefused(ValueError):
    """A page asked for something outside itself; a paper never does."""


@cache
def _fetcher() -> "URLFetcher":
    """This will make the fetcher that denies everything but the fonts that came with the portal."""
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
    """This will draw one HTML document as PDF; `stylesheets` are paths under static/css/print/.

    Whatever the document asks for, from the network or this machine's files, is refused and left out
    (security T18): pictures belong into it as data of our own, such as inline SVG.
    """
    from weasyprint import HTML

    document = HTML(string=html, base_url=BUNDLED, url_fetcher=_fetcher())
    sheets = [_stylesheet(STATIC / "css" / "print" / name) for name in stylesheets]
    pdf: bytes = document.write_pdf(stylesheets=sheets, font_config=_fonts())
    return pdf
