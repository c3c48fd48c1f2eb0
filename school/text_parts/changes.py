"""What differs between two versions of a text: part by part, word by word."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from school.states import TextKind
from school.text_parts import Part, groups_of, typed_of


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, that went away (`is_old`), or that are new (`is_new`)."""

    words: str
    is_old: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Change:
    """One part of a text that reads differently."""

    heading: str
    label: str
    pieces: tuple[Piece, ...]


def changes(kind: TextKind, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return the parts whose words changed, in the order in which they are read."""
    places = {
        part.name: (group.heading, part)
        for fields in (new, old)
        for group in groups_of(kind, fields)
        for part in group.parts
    }
    typed = [
        (heading, part.label, _said(old, part), _said(new, part))
        for heading, part in places.values()
    ]
    return [
        Change(heading, label, tuple(_pieces(before, after)))
        for heading, label, before, after in typed
        if before != after
    ]


def _said(fields: Mapping[str, Any], part: Part) -> str:
    typed = typed_of(fields, part)
    return dict(part.choices).get(typed, typed)


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece("".join(old[a:b]))
            continue
        if gone := "".join(old[a:b]):
            yield Piece(gone, is_old=True)
        if added := "".join(new[c:d]):
            yield Piece(added, is_new=True)
