"""What a reading says: the dataclasses that leave `nss.extraction`, and how they become JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from nss.extraction.fields import Seen
from nss.extraction.numbers import NumberSeen
from nss.extraction.words import PageWords, Segment

ENGINE = "1"
SURE_WORD = 0.5


class Outcome(StrEnum):
    """How a reading ended."""

    READ = "READ"
    UNREADABLE = "UNREADABLE"
    REJECTED = "REJECTED"


class Code(StrEnum):
    """Why no NSS came out of a file that opens; a refused file carries its refusal instead."""

    NSS_NOT_FOUND = "NSS_NOT_FOUND"
    NSS_WRONG_DIGIT = "NSS_WRONG_DIGIT"
    NSS_TWO_VALUES = "NSS_TWO_VALUES"
    NSS_UNSURE = "NSS_UNSURE"
    OTHER_DOCUMENT = "OTHER_DOCUMENT"
    BLANK = "BLANK"


@dataclass(frozen=True, slots=True)
class FieldRead:
    """One value with where it comes from.

    `source` is qr, text or ocr. `page` counts from 1; `box` is left, top, right, bottom as
    fractions (0–1) of the upright derivative of that page. `value` is None when only a place is
    known: something stands there, but not surely what.
    """

    value: str | None
    source: str
    page: int
    box: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class AcuseReading:
    """All that was read from one file; a field that is not certain is None.

    `curps_seen` are the texts that may be a CURP as they were seen, for the tolerant comparison
    with a known one. `checks` are helps for sender and reviewer.
    """

    outcome: Outcome
    code: str = ""
    nss: FieldRead | None = None
    curp: FieldRead | None = None
    names: FieldRead | None = None
    issued_date: FieldRead | None = None
    curps_seen: tuple[str, ...] = ()
    checks: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return JSON-ready values; `from_json` gives the same reading back."""
        return asdict(self)


def from_json(values: dict[str, Any]) -> AcuseReading:
    """Return the reading that `as_json` wrote down."""
    return AcuseReading(
        outcome=Outcome(values["outcome"]),
        code=values["code"],
        nss=_field(values["nss"]),
        curp=_field(values["curp"]),
        names=_field(values["names"]),
        issued_date=_field(values["issued_date"]),
        curps_seen=tuple(values["curps_seen"]),
        checks=values["checks"],
    )


def place_of(value: str | None, page: PageWords, segment: Segment) -> FieldRead:
    """Return a field with the place of its words on the page."""
    return FieldRead(value, page.source, page.number, page.fraction(segment.place))


def read_at(seen: Seen) -> FieldRead:
    """Return a field for a value that was seen on a page."""
    return place_of(seen.value, seen.page, seen.segment)


def number_at(seen: NumberSeen) -> FieldRead:
    """Return a field for a number that was seen on a page."""
    return place_of(seen.digits, seen.page, seen.segment)


def is_sure(seen: Seen) -> bool:
    """Return whether each word of a value was read with some confidence."""
    return seen.segment.confidence >= SURE_WORD


def _field(values: dict[str, Any] | None) -> FieldRead | None:
    if values is None:
        return None
    box = tuple(values["box"]) if values["box"] else None
    return FieldRead(values["value"], values["source"], values["page"], box)
