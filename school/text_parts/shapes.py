"""What a field of an editable text is."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Shape(Enum):
    """One line, running text, a list with an item in each line, paragraphs, or one of a few choices."""

    LINE = auto()
    TEXT = auto()
    LIST = auto()
    BODY = auto()
    CHOICE = auto()


LONGEST = {Shape.LINE: 200, Shape.TEXT: 1000, Shape.LIST: 4000, Shape.BODY: 2000, Shape.CHOICE: 20}


@dataclass(frozen=True)
class Part:
    """One field on the screen: `path` leads to it, `must_say` are words that it may not lose."""

    path: tuple[str | int, ...]
    label: str
    shape: Shape = Shape.TEXT
    is_required: bool = True
    must_say: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The field's name in a form."""
        return "__".join(map(str, self.path))


@dataclass(frozen=True)
class Group:
    """Some fields under one heading."""

    heading: str
    parts: tuple[Part, ...]


def a_line(*path: str | int, label: str, **more: Any) -> Part:
    """Return a field of one line."""
    return Part(path, label, Shape.LINE, **more)


def a_text(*path: str | int, label: str, **more: Any) -> Part:
    """Return a field of running text."""
    return Part(path, label, Shape.TEXT, **more)


def a_list(*path: str | int, label: str, **more: Any) -> Part:
    """Return a field with an item in each line."""
    return Part(path, label, Shape.LIST, hint="Una en cada renglón", **more)


def a_choice(*path: str | int, label: str, choices: tuple[tuple[str, str], ...]) -> Part:
    """Return a field of which one answer is chosen, the empty one too."""
    return Part(path, label, Shape.CHOICE, is_required=False, choices=choices)
