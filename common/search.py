"""What people type to find somebody: names without accents in any order, and identifiers in all their spellings."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q

_LONGEST = 200
_MOST_WORDS = 8
_CURP = re.compile(r"[A-Z]{4}\d{6}[A-Z0-9]{8}")
_CURP_START = re.compile(r"[A-Z]{4}[A-Z0-9]{0,13}")
_MATRICULA = re.compile(r"(?=.*\d)[A-Z0-9/.-]{2,20}")
_NSS = re.compile(r"\d{11}")
_PHONE = re.compile(r"(?:52|521|044|045|01)?(\d{10})")


def normalise(text: str) -> str:
    """Return the text in lower case without accents or signs, one space between words.

    Ñ becomes n, so that «Munoz» finds «Muñoz» on both databases; an apostrophe joins («O'Ryan» is
    one word), any other sign separates.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    joined = re.sub("['’‘`´]", "", plain)
    return " ".join(re.sub(r"[\W_]+", " ", joined).split())


def words(text: str) -> list[str]:
    """Return the different normalised words of what somebody typed: 8 at most."""
    return list(dict.fromkeys(normalise(text[:_LONGEST]).split()))[:_MOST_WORDS]


def has_words(field: str, text: str) -> Q:
    """Return the condition that each typed word begins a word of a normalised field, in any order.

    «ana» finds «ana» and «anahi», not «mariana». Nothing typed matches nobody. Both halves are patterns that a
    trigram index of PostgreSQL answers.
    """
    typed = words(text)
    condition = Q() if typed else Q(pk__in=[])
    for word in typed:
        condition &= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
    return condition


@dataclass(frozen=True)
class Typed:
    """What one text may be, each spelt as it is stored; empty where it cannot be that."""

    name: str
    matricula: str
    curp: str
    curp_start: str
    nss: str
    nss_end: str
    email: str
    phone: str


def read_typed(text: str) -> Typed:
    """Return everything that a typed text may be.

    Spaces within an identifier, hyphens within a CURP, an NSS or a phone number and what is dialled before it
    («+52», 044) do not matter. A text with a digit or an @ is nobody's name; a matrícula has a digit.
    """
    text = text[:_LONGEST].strip()
    compact = re.sub(r"\s", "", text).upper()
    digits = re.sub(r"[\s().+-]", "", text)
    is_name = "@" not in text and not any(char.isdigit() for char in text)
    curp = compact if is_name else compact.replace("-", "")
    phone = _PHONE.fullmatch(digits)
    return Typed(
        name=normalise(text) if is_name else "",
        matricula=_whole(_MATRICULA, compact),
        curp=_whole(_CURP, curp),
        curp_start=_whole(_CURP_START, curp) if not is_name or len(text.split()) == 1 else "",
        nss=_whole(_NSS, digits),
        nss_end=_whole(re.compile(r"\d{4}"), digits),
        email=text if "@" in text else "",
        phone=phone[1] if phone else "",
    )


def _whole(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""
