"""QR codes as dark runs: for the pages that WeasyPrint draws, and for those that are stamped."""

import re
from typing import Final, NamedTuple

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET: Final = 4
"""Modules of white around a QR (ISO 18004)."""
_DARK: Final = re.compile(rb"\x01+")


class Run(NamedTuple):
    """So many dark modules side by side, from the left and the top of the white border."""

    x: int
    y: int
    length: int


def qr_runs(text: str, *, quiet: int = QUIET) -> tuple[int, list[Run]]:
    """Return how many modules wide the QR of a text is, with its border, and its dark runs."""
    # One mask for all: choosing the best of eight takes five times as long, and every reader reads each.
    rows = segno.make(text, error="m", mask=2, micro=False).matrix
    runs = [
        Run(quiet + dark.start(), quiet + y, dark.end() - dark.start())
        for y, row in enumerate(rows)
        for dark in _DARK.finditer(row)
    ]
    return len(rows) + 2 * quiet, runs


def qr_svg(text: str, *, title: str, quiet: int = QUIET) -> SafeString:
    """Draw a QR as inline SVG; `title` says what it is to whoever has the page read aloud."""
    side, runs = qr_runs(text, quiet=quiet)
    # A line through the middle of each run: to draw its outline takes twice as long.
    path = "".join(f"M{run.x} {run.y}.5h{run.length}" for run in runs)
    return format_html(
        '<svg viewBox="0 0 {0} {0}"><title>{1}</title><path d="{2}" stroke="#000"/></svg>',
        side,
        title,
        path,
    )
