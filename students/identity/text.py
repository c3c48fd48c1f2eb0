"""What typing, pasting and spreadsheets add around an identity number."""

import unicodedata
from typing import Final

_LONGEST_WORTH_READING: Final = 200
_IGNORED: Final = frozenset(("Cf", "Pd", "Zs"))


def compact(text: str | None) -> str:
    """Return the text without spaces, hyphens and invisible characters, full-width forms as ASCII.

    A text far too long to be a number comes back as it is, so that it costs nothing to refuse; so does
    one that has nothing to strip.
    """
    stripped = (text or "").strip()
    if len(stripped) > _LONGEST_WORTH_READING or (stripped.isascii() and stripped.isalnum()):
        return stripped
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", stripped)
        if not char.isspace() and char != "_" and unicodedata.category(char) not in _IGNORED
    )
