"""Who is in which stage, and by which way: shares that fill every screen, the same for the same seed."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from itertools import cycle, islice
from math import gcd

from followup.demo.sites import count_sites
from followup.states import Stage

FEWEST = 90
"""Below it some stage would have too few to look at."""

DRAWN = 1_200
"""Up to so many students, each file is drawn for its student alone."""

DRAWN_OF_MANY = 300
"""In a larger demo only so many students, spread over the stages, have files of their own."""

SHARES = {
    Stage.S_00: 17,
    Stage.S_01: 10,
    Stage.S_01V: 7,
    Stage.S_02: 4,
    Stage.S_03: 3,
    Stage.S_04B: 3,
    Stage.S_04: 8,
    Stage.S_05: 5,
    Stage.S_06: 11,
    Stage.S_07: 5,
    Stage.S_08: 4,
    Stage.S_09: 4,
    Stage.S_10: 3,
    Stage.S_11: 5,
    Stage.S_12: 2,
    Stage.S_13A: 3,
    Stage.S_13: 2,
    Stage.S_14: 4,
}
"""Students in a hundred."""

PLANTELES_IN_TURN = (0, 1, 2, 3, 0, 4, 1, 2, 0, 3)
"""Three of ten students go to the first plantel, fewer where there are more planteles."""

GROUP_SIZE = 40


class Way(StrEnum):
    """By which way a student came to the stage."""

    PLAIN = auto()
    NO_CURP = auto()
    STARTED = auto()
    ASKS = auto()
    REFUSED_FILE = auto()
    WRONG_DATA = auto()
    OTHER_PERSON = auto()
    TAKEN_NSS = auto()
    TYPED_NSS = auto()
    UNREAD = auto()
    OTHER_DOCUMENT = auto()
    SECOND_TRY = auto()
    REPLACED = auto()
    WINDOW = auto()
    KNOWN_NSS = auto()
    RETURNED_DIFFERS = auto()
    RETURNED_INCOMPLETE = auto()
    RETURNED_UNREADABLE = auto()
    RETURNED_OTHER = auto()
    FINISHED = auto()
    SIGNED = auto()
    REJECTED = auto()
    CORRECTED = auto()
    IN_DRAFT = auto()
    DISCARDED = auto()
    RESENT = auto()
    OPENS_LATER = auto()
    UNABLE = auto()
    REPAIRED = auto()
    BY_OTHER = auto()
    UNSURE = auto()
    AT_WINDOW = auto()
    SENT_AGAIN = auto()
    LEAVING = auto()
    AFTER_ALTA = auto()
    BAJA_TO_SEND = auto()
    BAJA_SENT = auto()
    BAJA_APPLIED = auto()
    TRANSFERRED = auto()


class Lot(StrEnum):
    """The batches of altas of each plantel, in the order in which they were made."""

    FIRST = auto()
    SECOND = auto()
    DISCARDED = auto()
    SENT = auto()
    DRAFT = auto()


WAYS: dict[Stage, tuple[Way, ...]] = {
    Stage.S_00: (Way.PLAIN, Way.STARTED, Way.NO_CURP, Way.PLAIN, Way.ASKS, Way.PLAIN, Way.STARTED),
    Stage.S_01: (Way.PLAIN, Way.ASKS, Way.PLAIN, Way.REFUSED_FILE, Way.PLAIN, Way.ASKS, Way.PLAIN),
    Stage.S_01V: (Way.PLAIN, Way.ASKS, Way.PLAIN),
    Stage.S_02: (Way.PLAIN, Way.WRONG_DATA, Way.PLAIN),
    Stage.S_03: (Way.PLAIN,),
    Stage.S_04B: (Way.PLAIN, Way.OTHER_PERSON, Way.PLAIN),
    Stage.S_04: (
        *(Way.PLAIN, Way.OTHER_PERSON, Way.TAKEN_NSS, Way.UNREAD, Way.TYPED_NSS, Way.PLAIN),
        *(Way.SECOND_TRY, Way.PLAIN, Way.REPLACED, Way.PLAIN, Way.OTHER_DOCUMENT),
    ),
    Stage.S_05: (
        *(Way.RETURNED_UNREADABLE, Way.OTHER_DOCUMENT, Way.OTHER_PERSON),
        *(Way.RETURNED_DIFFERS, Way.RETURNED_INCOMPLETE, Way.RETURNED_OTHER, Way.UNREAD),
    ),
    Stage.S_06: (
        *(Way.PLAIN, Way.PLAIN, Way.WINDOW, Way.CORRECTED, Way.REJECTED, Way.IN_DRAFT),
        *(Way.KNOWN_NSS, Way.PLAIN, Way.IN_DRAFT, Way.UNREAD, Way.PLAIN, Way.SECOND_TRY),
        Way.REPLACED,
    ),
    Stage.S_07: (Way.PLAIN, Way.DISCARDED, Way.PLAIN),
    Stage.S_08: (Way.PLAIN, Way.OPENS_LATER, Way.RESENT),
    Stage.S_09: (Way.PLAIN,),
    Stage.S_10: (Way.PLAIN, Way.UNABLE, Way.REPAIRED),
    Stage.S_11: (
        *(Way.PLAIN, Way.BY_OTHER, Way.REPAIRED, Way.UNSURE),
        *(Way.AT_WINDOW, Way.PLAIN, Way.PLAIN),
    ),
    Stage.S_12: (Way.PLAIN, Way.SENT_AGAIN, Way.PLAIN),
    Stage.S_13A: (Way.PLAIN, Way.SIGNED, Way.LEAVING),
    Stage.S_13: (Way.PLAIN, Way.AFTER_ALTA, Way.PLAIN),
    Stage.S_14: (
        *(Way.PLAIN, Way.FINISHED, Way.BAJA_TO_SEND, Way.BAJA_SENT),
        *(Way.TRANSFERRED, Way.BAJA_APPLIED, Way.KNOWN_NSS),
    ),
}
"""In turn within each stage; ASKS writes a report that leaves the stage as it is."""

BY_EVERY_WAY = (Stage.S_08, Stage.S_10, Stage.S_12, Stage.S_13A, Stage.S_13, Stage.S_14)
"""Stages so rare that a small demo would lack some of their ways."""

ACTED_OUT, MOST_ACTED_OUT = (Stage.S_10, Stage.S_11, Stage.S_12), 500
"""Stages that each student reaches by verbs of the portal, one by one: in a larger demo so many stand in each."""

LOTS = {
    Stage.S_07: Lot.SENT,
    Stage.S_08: Lot.SECOND,
    Stage.S_09: Lot.FIRST,
    Stage.S_10: Lot.FIRST,
    Stage.S_11: Lot.FIRST,
    Stage.S_12: Lot.FIRST,
}
LOTS_BY_WAY = {
    Way.DISCARDED: Lot.DISCARDED,
    Way.RESENT: Lot.FIRST,
    Way.REJECTED: Lot.SECOND,
    Way.CORRECTED: Lot.SECOND,
    Way.IN_DRAFT: Lot.DRAFT,
    Way.LEAVING: Lot.DRAFT,
    Way.AFTER_ALTA: Lot.FIRST,
    Way.BAJA_TO_SEND: Lot.FIRST,
    Way.BAJA_SENT: Lot.FIRST,
    Way.BAJA_APPLIED: Lot.FIRST,
    Way.TRANSFERRED: Lot.FIRST,
}
"""The first batch that takes a student along: by the way, else by the stage."""


@dataclass(frozen=True, slots=True)
class Case:
    """One student to be invented. `turn` counts within the stage; the first of each can be signed in as."""

    number: int
    plantel: int
    stage: Stage
    way: Way
    turn: int
    group: str
    shift: str
    semester: str
    matricula: str
    is_drawn: bool
    """Whether the files are the student's own; in a large demo most are shared samples."""

    @property
    def lot(self) -> Lot | None:
        """The first batch of altas that the student is in; None for who was in none."""
        return LOTS_BY_WAY.get(self.way) or LOTS.get(self.stage)

    @property
    def is_first(self) -> bool:
        """Whether nothing special may stand between the visitor and this student's account."""
        return self.turn == 0


def cases(count: int, *, seed: int, year: int) -> list[Case]:
    """Return `count` students over all stages, in the order of plantel and matrícula.

    Raises ValueError below FEWEST.
    """
    if count < FEWEST:
        raise ValueError(f"a demo needs at least {FEWEST} students")
    chance = random.Random(f"{seed}-plan")  # noqa: S311 -- repeatable, not secret
    planteles = planteles_in_turn(count_sites(count))
    drawn = [
        (planteles[turn % len(planteles)], stage, way, turn)
        for stage, size in _sizes(count).items()
        for turn, way in enumerate(islice(cycle(WAYS[stage]), size))
    ]
    chance.shuffle(drawn)
    drawn.sort(key=lambda one: one[0])
    return _numbered(drawn, year=year)


def planteles_in_turn(count: int) -> list[int]:
    """Return to which of so many planteles the students of a stage go, one after the other.

    The length shares no factor with the ways in any stage, so that every plantel sees every way.
    """
    turns = [*PLANTELES_IN_TURN, *range(5, count)]
    while any(gcd(len(turns), len(ways)) > 1 for ways in WAYS.values()):
        turns.append(len(turns) % count)
    return turns


def _numbered(drawn: Sequence[tuple[int, Stage, Way, int]], *, year: int) -> list[Case]:
    """Give each its group and a matrícula: year, plantel, running number."""
    size = Counter(one[0] for one in drawn)
    digits = max(4, len(str(max(size.values()))))
    own_files = _sizes(len(drawn) if len(drawn) <= DRAWN else DRAWN_OF_MANY)
    found, within = [], dict.fromkeys(size, 0)
    for number, (plantel, stage, way, turn) in enumerate(drawn):
        place = within[plantel]
        within[plantel] += 1
        group, shift, semester = _group(place // GROUP_SIZE)
        matricula = f"{year % 100:02d}{plantel + 1:02d}{place + 1:0{digits}d}"
        is_drawn = turn < own_files[stage]
        found.append(
            Case(number, plantel, stage, way, turn, group, shift, semester, matricula, is_drawn)
        )
    return found


def _group(index: int) -> tuple[str, str, str]:
    """Return name, shift and semester: two groups in three are new, every second in the afternoon."""
    semester = "3" if index % 3 == 2 else "1"
    name = f"{semester}{index + 1:02d}"
    return name, "vespertino" if index % 2 else "matutino", semester


def _sizes(count: int) -> dict[Stage, int]:
    """Return how many students stand in each stage: the shares, at least one, the rest accepted."""
    sizes = {stage: max(_fewest(stage), count * share // 100) for stage, share in SHARES.items()}
    sizes |= {stage: min(sizes[stage], MOST_ACTED_OUT) for stage in ACTED_OUT}
    sizes[Stage.S_06] += count - sum(sizes.values())
    return sizes


def _fewest(stage: Stage) -> int:
    return len(set(WAYS[stage])) if stage in BY_EVERY_WAY else 1
