"""Dates in Spanish words, written once for every page, mail and paper.

Locale-free on purpose: a page must read the same on a machine without Spanish installed.
"""

import re
from collections.abc import Sequence
from datetime import date

WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def plain_date(day: date) -> str:
    """Return «14 de febrero de 2008»."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def weekday_date(day: date) -> str:
    """Return «jueves 27 de agosto», for a date whose year nobody doubts, such as a deadline."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """Return «jueves 27 de agosto de 2026»."""
    return f"{weekday_date(day)} de {day.year}"


def short_weekday(day: date) -> str:
    """Return «sábado 22», for a date whose month the sentence has just named."""
    return f"{WEEKDAYS[day.weekday()]} {day.day}"


def join_words(words: Sequence[str]) -> str:
    """Return «a, b y c»; «e» before a word that sounds like i, as Spanish asks."""
    if len(words) < 2:
        return "".join(words)
    last = words[-1]
    sounds_like_i = re.match(r"h?[ií](?![aeou])", last, re.IGNORECASE)
    return f"{', '.join(words[:-1])} {'e' if sounds_like_i else 'y'} {last}"
