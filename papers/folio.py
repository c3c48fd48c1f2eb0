"""What makes a paper verifiable: how its folio is written, the link in its QR, the code typed by hand."""

import re
import secrets
from typing import Final

_DIGITS: Final = {"A": 6, "R": 5}
_OTHER_DIGITS: Final = 4
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0, O, 1 and I
CODE_LENGTH: Final = 8
_SIGNS: Final = re.compile(r"[\s\-‐‑‒–—−]+")
_HEAD: Final = re.compile(r"[A-Z][A-Z0-9]+")
_LONGEST_PLANTEL: Final = 4
VERIFY: Final = "verifica/"
"""The address of the verification. The worker writes it out: to look it up it would load every page of the portal."""


def folio_text(series: str, plantel_number: str, *, period: str, number: int) -> str:
    """Return how the folio of that number is written: series and period, plantel, number."""
    digits = _DIGITS.get(series, _OTHER_DIGITS)
    return f"{series}{period}-{plantel_number}-{number:0{digits}d}"


def folios_typed(text: str) -> list[str]:
    """Return every folio that a typed text may be: in small letters, with other signs or without any.

    Without its signs it may be cut in several ways, of which one exists.
    """
    parts = [part for part in _SIGNS.split(text.upper()) if part]
    if len(parts) == 3 and parts[-1].isdecimal():
        return ["-".join(parts)]
    plain = "".join(parts)
    digits = _DIGITS.get(plain[:1], _OTHER_DIGITS)
    head, number = plain[:-digits], plain[-digits:]
    if not (_HEAD.fullmatch(head) and number.isdecimal()):
        return []
    sizes = range(1, min(_LONGEST_PLANTEL, len(head) - 1) + 1)
    return [f"{head[:-size]}-{head[-size:]}-{number}" for size in sizes]


def period_of(cycle_name: str) -> str:
    """Return a ciclo as folios name it: «26B» for «2026-B»."""
    plain = re.sub(r"[^A-Z0-9]", "", cycle_name.upper())
    return re.sub(r"^20(?=\d\d)", "", plain)


def verify_path(token: str | None = None) -> str:
    """Return where the paper with that token is verified; without one, where folio and code are typed."""
    return f"/{VERIFY}{token}/" if token else f"/{VERIFY}"


def new_code() -> str:
    """Return eight random symbols of 5 bits: with the folio they open the public verification."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
