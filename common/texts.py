"""Editable texts, in which `{{name}}` is replaced and nothing else is understood; and numbers with their noun."""

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each `{{name}}` replaced; the result is plain text, to be escaped as such.

    Raises KeyError for a name that has no value, so that a misspelt variable is noticed before it is read.
    """
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def names_in(text: str) -> list[str]:
    """Return the names of the variables that stand in the text, in their order."""
    return _VARIABLE.findall(text)


def counted(count: int, noun: str) -> str:
    """Return «1 estudiante», «1,200 estudiantes»: for a noun that takes an s."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
