"""How a name is spelled in the file: capitals and single spaces, with or without Ñ, accents and signs."""

import re
import unicodedata
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from affiliation.movement_file.parts import CODECS, KEEP, REPLACE, Profile

_PLAIN: Final = re.compile("[A-Z ]*")
_APOSTROPHES: Final = "'`´‘’"
_ENIE: Final = {ord("Ñ"): "N"}
_ACCENTS: Final = {
    code: base
    for code in range(0xC0, 0x1F00)
    if code not in _ENIE
    and (base := unicodedata.normalize("NFD", chr(code))[0]).isascii()
    and base.isalpha()
}
_SIGNS: Final = dict.fromkeys(map(ord, _APOSTROPHES), "") | dict.fromkeys(map(ord, "-."), " ")
_ONE_APOSTROPHE: Final = dict.fromkeys(map(ord, _APOSTROPHES), "'")
_NOTHING: Final[dict[int, str]] = {}
_REPLACED: Final = {
    (enie, accents, signs): (
        (_ENIE if enie == REPLACE else _NOTHING)
        | (_ACCENTS if accents == REPLACE else _NOTHING)
        | (_SIGNS if signs == REPLACE else _ONE_APOSTROPHE)
    )
    for enie, accents, signs in product((KEEP, REPLACE), repeat=3)
}
_WRITABLE: Final = {
    encoding: frozenset(
        char
        for char in bytes(range(256)).decode(codec, errors="ignore")
        if char.isupper() or char in " -.'"
    )
    for encoding, codec in CODECS.items()
}


class Spelling(NamedTuple):
    """A name before and after the profile's replacements, and its first character that cannot be written, or ""."""

    before: str
    text: str
    strange: str

    @property
    def is_changed(self) -> bool:
        """Whether a character was replaced; capitals and single spaces are not called a change."""
        return self.text != self.before


def spelling(name: str, profile: Profile) -> Spelling:
    """Return how the name is written with this profile."""
    return _spelling(name, profile.encoding, profile.enie, profile.accents, profile.signs)


@lru_cache(maxsize=16_384)
def _spelling(name: str, encoding: str, enie: str, accents: str, signs: str) -> Spelling:
    before = " ".join(unicodedata.normalize("NFC", name.upper()).split())
    if _PLAIN.fullmatch(before):
        return Spelling(before, before, "")
    text = " ".join(before.translate(_REPLACED[enie, accents, signs]).split())
    writable = _WRITABLE[encoding]
    return Spelling(before, text, next((char for char in text if char not in writable), ""))
