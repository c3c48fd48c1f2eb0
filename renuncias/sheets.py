"""Sheets out of a pile, as the worker knows them: what is asked of the reader (renuncias.scan) and what it answers.

The reader's own libraries are loaded in its limited child alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

JOB = "renuncias.scan:read_sheets"
_LINK = re.compile(r"https?://[^/?#\s]+/verifica/([A-Za-z0-9_-]{22})/?")


@dataclass(frozen=True)
class Sheet:
    """What was read on one page: `number` is its place in the pile, from 1.

    `texts` holds each QR's, "" for one that is there and cannot be read. `trouble` is the code of a refusal when the
    page does not open; then there is no picture of it.
    """

    number: int
    texts: tuple[str, ...] = ()
    is_blank: bool = False
    trouble: str = ""


def token_of(text: str) -> str | None:
    """Return the token of a paper of ours, whatever the host of the link; None for any other text."""
    match = _LINK.fullmatch(text)
    return match[1] if match else None


def picture_name(number: int) -> str:
    """Return how the picture of that page is called among the files of the job."""
    return f"sheet-{number:03}.jpg"


def sheets_from_json(value: dict[str, Any]) -> list[Sheet]:
    """Return the sheets that the job answered with."""
    return [Sheet(**{**row, "texts": tuple(row["texts"])}) for row in value["sheets"]]
