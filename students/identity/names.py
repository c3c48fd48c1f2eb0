"""How a CURP is made from a name, and whether the two belong together.

Source: Instructivo Normativo para la Asignación de la CURP: particles, JOSÉ and MARÍA of a compound
name, Ñ as X, and Anexo 2 of inconvenient words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from stdnum.mx import curp as stdnum_curp

from students.identity.curp import Curp

_PARTICLES: Final = frozenset(
    (
        "DA",
        "DAS",
        "DE",
        "DEL",
        "DER",
        "DI",
        "DIE",
        "DD",
        "EL",
        "LA",
        "LAS",
        "LE",
        "LES",
        "LOS",
        "MAC",
        "MC",
        "VAN",
        "VON",
        "Y",
    )
)
_COMMON_FIRST_NAMES: Final = frozenset(("MARIA", "MA", "M", "JOSE", "J"))
_INNER_VOWEL: Final = re.compile(r"[AEIOU]")
_INNER_CONSONANT: Final = re.compile(r"[BCDFGHJ-NP-TV-Z]")


def list_name(first: str, second: str, given: str) -> str:
    """Return a name as lists are ordered: surnames first."""
    return f"{' '.join(filter(None, [first, second]))}, {given}"


def curp_name_letters(given: str, first: str, second: str) -> tuple[str, str]:
    """Return the four initials and the three consonants that a name gives to its CURP."""
    of_first, of_second = _letters(first), _letters(second)
    of_given = _letters(given, skip_common=True)
    initials = f"{of_first.initial}{of_first.vowel}{of_second.initial}{of_given.initial}"
    if initials in stdnum_curp._name_blacklist:
        initials = f"{initials[0]}X{initials[2:]}"
    return initials, f"{of_first.consonant}{of_second.consonant}{of_given.consonant}"


def curp_matches_names(curp: Curp, given: str, first: str, second: str) -> list[str]:
    """Return a Spanish warning per part of the name that the CURP contradicts; [] if it fits.

    Only warnings: parts written with an apostrophe or a hyphen are assigned in more than one way
    and are not compared.
    """
    parts = _contradicted(curp, given, first, second)
    if parts and first and second and not _contradicted(curp, given, second, first):
        return ["Los apellidos parecen estar al revés: la CURP los trae en el otro orden"]
    return [f"La CURP no corresponde con {part}: revisa cuál está mal escrito" for part in parts]


@lru_cache(maxsize=4096)
def _plain_name(text: str) -> str:
    upper = unicodedata.normalize("NFC", text).upper().replace("Ñ", "X")
    decomposed = unicodedata.normalize("NFD", upper)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class _Letters(NamedTuple):
    """What the word of a name that counts gives to a CURP, X where it has no such letter."""

    initial: str
    vowel: str
    consonant: str


@lru_cache(maxsize=4096)
def _letters(name: str, *, skip_common: bool = False) -> _Letters:
    word = _telling_word(name, skip_common=skip_common)
    vowel, consonant = _INNER_VOWEL.search(word, 1), _INNER_CONSONANT.search(word, 1)
    return _Letters(
        word[:1] or "X", vowel.group() if vowel else "X", consonant.group() if consonant else "X"
    )


def _telling_word(name: str, *, skip_common: bool = False) -> str:
    """Return the word of a name that counts: no particle, and not JOSÉ or MARÍA of a compound."""
    words = _plain_name(name).replace(".", " ").split()
    telling = [word for word in words if word not in _PARTICLES] or words
    if skip_common and len(telling) > 1 and telling[0] in _COMMON_FIRST_NAMES:
        telling = telling[1:]
    return telling[0] if telling else ""


def _contradicted(curp: Curp, given: str, first: str, second: str) -> list[str]:
    initials, consonants = curp_name_letters(given, first, second)
    if (initials, consonants) == (curp.initials, curp.consonants):
        return []
    # An X in second place may stand for the vowel of an inconvenient word.
    vowel_fits = curp.initials[1] == initials[1] or "X" in (curp.initials[1], initials[1])
    parts = (
        ("el primer apellido", first, initials[0] == curp.initials[0] and vowel_fits, 0),
        ("el segundo apellido", second, initials[2] == curp.initials[2], 1),
        ("el nombre", given, initials[3] == curp.initials[3], 2),
    )
    return [
        part
        for part, name, initial_fits, at in parts
        if not re.search(r"[^A-Z .]", _plain_name(name))
        and not (initial_fits and consonants[at] == curp.consonants[at])
    ]
