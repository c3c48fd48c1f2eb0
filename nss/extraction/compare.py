"""What was read against what the portal knows: equal, equal but for look-alikes, or different.

A CURP counts as confirmed when it equals the known one after folding, place by place, what OCR
confuses (0/O, 5/S, 1/I …), and the known one has a valid check digit. A similarity score would
also confirm a twin. Names are compared word by word, in any order.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz

from nss.extraction.result import AcuseReading
from nss.extraction.words import plain
from students.identity import clean_curp, same_curp

CLOSE_NAME = 88
OTHER_NAME = 60
MISREAD = 4


class Match(StrEnum):
    """How near a value that was read is to the known one."""

    EXACT = "EXACT"
    FOLDED = "FOLDED"
    CLOSE = "CLOSE"
    DIFFERENT = "DIFFERENT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Difference:
    """One comparison: the verdict, the text that was read, and which of its characters differ.

    `marks` are spans (start, end) of `read`; `likeness` goes from 0 to 100.
    """

    match: Match
    read: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    likeness: float = 100.0


@dataclass(frozen=True, slots=True)
class Known:
    """The student as the portal knows the person; empty where it does not."""

    curp: str
    names: str
    nss: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Field by field, and whether the sheet is most likely somebody else's."""

    nss: Difference
    curp: Difference
    names: Difference
    is_other_person: bool

    def as_json(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return asdict(self)


def compare(reading: AcuseReading, known: Known) -> Comparison:
    """Compare one reading with one student."""
    read_nss = (reading.nss.value if reading.nss else None) or ""
    read_names = (reading.names.value if reading.names else None) or ""
    exact = (reading.curp.value if reading.curp else None) or ""
    nss = compare_nss(read_nss, known.nss)
    curp = compare_curp(exact, reading.curps_seen, known.curp)
    names = compare_names(read_names, known.names)
    return Comparison(nss, curp, names, _is_other_person(curp, names))


def compare_nss(read: str, known: str) -> Difference:
    """Compare the number that was read with the one typed or registered; never tolerant."""
    if not read or not known:
        return Difference(Match.UNKNOWN, read)
    if read == known:
        return Difference(Match.EXACT, read)
    return Difference(Match.DIFFERENT, read, differing(read, known))


def compare_curp(read: str, seen: tuple[str, ...], known: str) -> Difference:
    """Compare a certain CURP, else whatever looked like one, with the known CURP."""
    known = clean_curp(known)
    if not known:
        return Difference(Match.UNKNOWN, read)
    if read == known or known in seen:
        return Difference(Match.EXACT, known)
    for text in (read, *seen):
        if text and same_curp(text, known):
            return Difference(Match.FOLDED, text, differing(text, known))
    if read:
        return Difference(Match.DIFFERENT, read, differing(read, known))
    return Difference(
        Match.UNKNOWN, max(seen, key=lambda text: fuzz.ratio(text, known), default="")
    )


def compare_names(read: str, known: str) -> Difference:
    """Compare names without accents, in whichever order the surnames stand."""
    if not read or not known:
        return Difference(Match.UNKNOWN, read)
    one, other = plain(read), plain(known)
    if sorted(one.split()) == sorted(other.split()):
        return Difference(Match.EXACT, read)
    score = fuzz.token_sort_ratio(one, other)
    marks = differing(one, other)
    match = Match.CLOSE if score >= CLOSE_NAME else Match.DIFFERENT
    return Difference(match, read, marks, round(score, 1))


def differing(read: str, known: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of `read` (start, end) that `known` does not have."""
    blocks = SequenceMatcher(None, read, known, autojunk=False).get_opcodes()
    return tuple(
        (start, end) for kind, start, end, _, _ in blocks if kind != "equal" and end > start
    )


def _is_other_person(curp: Difference, names: Difference) -> bool:
    """Say «other person» for a certain CURP that differs, unless the names say it was misread.

    Without a certain CURP only names that are far apart say it.
    """
    if curp.match in {Match.EXACT, Match.FOLDED}:
        return False
    if curp.match is Match.DIFFERENT:
        misread = sum(end - start for start, end in curp.marks)
        return names.match not in {Match.EXACT, Match.CLOSE} or misread >= MISREAD
    return names.match is Match.DIFFERENT and names.likeness < OTHER_NAME
