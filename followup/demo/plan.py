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

FEWEST = 60
"""Below it some stage would have too few to look at."""

DRAWN = 1_200
"""Up to so many students, each file is drawn for its student alone."""

DRAWN_OF_MANY = 300
"""In a larger demo only so many students, spread over the stages, have files of their own."""

SHARES = {
    Stage.S_00: 22,
    Stage.S_01: 12,
    Stage.S_01V: 8,
    Stage.S_02: 5,
    Stage.S_03: 3,
    Stage.S_04B: 3,
    Stage.S_04: 9,
    Stage.S_05: 5,
    Stage.S_06: 23,
    Stage.S_13A: 4,
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
        *(Way.PLAIN, Way.PLAIN, Way.WINDOW, Way.PLAIN, Way.SECOND_TRY, Way.PLAIN, Way.KNOWN_NSS),
        *(Way.PLAIN, Way.PLAIN, Way.UNREAD, Way.PLAIN, Way.PLAIN, Way.REPLACED),
    ),
    Stage.S_13A: (Way.PLAIN, Way.SIGNED, Way.PLAIN),
    Stage.S_13: (Way.PLAIN,),
    Stage.S_14: (Way.PLAIN, Way.FINISHED, Way.KNOWN_NSS),
}
"""In turn within each stage; ASKS writes a report that leaves the stage as it is."""


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
    sizes = {stage: max(1, count * share // 100) for stage, share in SHARES.items()}
    sizes[Stage.S_06] += count - sum(sizes.values())
    return sizes
