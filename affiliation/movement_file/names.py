"""How a name is spelled in the file: capitals and single spaces, with or without Ñ and accents."""

import re
import unicodedata
from typing import Final

from affiliation.movement_file.parts import CODECS, KEEP, REPLACE, Profile

_PLAIN: Final = re.compile(r"[A-Z'.-]+(?: [A-Z'.-]+)*")
_ENIE: Final = {ord("Ñ"): "N"}
_ACCENTS: Final = {
    code: base
    for code in range(0xC0, 0x1F00)
    if code not in _ENIE
    and (base := unicodedata.normalize("NFD", chr(code))[0]).isascii()
    and base.isalpha()
} | dict.fromkeys(map(ord, "´‘’"), "'")
_REPLACED: Final[dict[tuple[str, str], dict[int, str]]] = {
    (KEEP, KEEP): {},
    (REPLACE, KEEP): _ENIE,
    (KEEP, REPLACE): _ACCENTS,
    (REPLACE, REPLACE): _ACCENTS | _ENIE,
}
_WRITABLE: Final = {
    encoding: frozenset(
        char
        for char in bytes(range(256)).decode(codec, errors="ignore")
        if char.isalpha() or char in " '-.`´‘’"
    )
    for encoding, codec in CODECS.items()
}


def is_plain(name: str) -> bool:
    """Return whether the name is written as it is, whatever the profile."""
    return _PLAIN.fullmatch(name) is not None


def capitals(name: str) -> str:
    """Return the name in capitals, with single spaces; this is not called a change."""
    return " ".join(unicodedata.normalize("NFC", name.upper()).split())


def spelled(name: str, profile: Profile) -> str:
    """Return the name with the characters that the profile replaces replaced; what cannot be written stays."""
    return capitals(name).translate(_REPLACED[profile.enie, profile.accents])


def stranger(text: str, encoding: str) -> str:
    """Return the first character that is no letter of the encoding nor what joins names; "" if there is none."""
    writable = _WRITABLE[encoding]
    return next((char for char in text if char not in writable), "")
