"""Names as people type them: without accents, in any case and in any order."""

import re
import unicodedata

from django.db.models import Q

_LONGEST = 200
_MOST_WORDS = 8


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

    «ana» finds «ana» and «anahi», not «mariana». Nothing typed matches nobody.
    """
    typed = words(text)
    condition = Q() if typed else Q(pk__in=[])
    for word in typed:
        condition &= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
    return condition
