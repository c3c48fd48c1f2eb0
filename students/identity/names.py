"""How a CURP is made from a name, and whether the two belong together.

Source: Instructivo Normativo para la Asignación de la CURP: particles, JOSÉ and MARÍA of a compound
name, Ñ as X, and Anexo 2 of inconvenient words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

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


def curp_name_letters(given: str, first: str, second: str) -> tuple[str, str]:
    """Return the four initials and the three consonants that a name gives to its CURP."""
    first_word = _telling_word(first)
    second_word = _telling_word(second)
    given_word = _telling_word(given, skip_common=True)
    vowel = re.search(r"[AEIOU]", first_word[1:])
    initials = "".join(
        (
            first_word[:1] or "X",
            vowel.group() if vowel else "X",
            second_word[:1] or "X",
            given_word[:1] or "X",
        )
    )
    if initials in stdnum_curp._name_blacklist:
        initials = f"{initials[0]}X{initials[2:]}"
    consonants = "".join(_inner_consonant(word) for word in (first_word, second_word, given_word))
    return initials, consonants


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


@lru_cache(maxsize=4096)
def _telling_word(name: str, *, skip_common: bool = False) -> str:
    """Return the word of a name that counts: no particle, and not JOSÉ or MARÍA of a compound."""
    words = _plain_name(name).replace(".", " ").split()
    telling = [word for word in words if word not in _PARTICLES] or words
    if skip_common and len(telling) > 1 and telling[0] in _COMMON_FIRST_NAMES:
        telling = telling[1:]
    return telling[0] if telling else ""


@lru_cache(maxsize=4096)
def _inner_consonant(word: str) -> str:
    consonant = re.search(r"[BCDFGHJ-NP-TV-Z]", word[1:])
    return consonant.group() if consonant else "X"


def _contradicted(curp: Curp, given: str, first: str, second: str) -> list[str]:
    initials, consonants = curp_name_letters(given, first, second)
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
