"""Editable texts: `{{name}}` is replaced, nothing else is understood."""

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """This will return the text with each `{{name}}` replaced; the result is plain text, to be escaped as such.

    Raises KeyError for a name that has no value, so that a misspelt variable is noticed before it is read.
    """
    return _VARIABLE.sub(lambda found: values[found[1]], text)


def names_in(text: str) -> list[str]:
    """This will return the names of the variables that stand in the text, in their order."""
    return _VARIABLE.findall(text)
