"""P25: what a bad line, a bad disk or a fuzzer makes of a file; the same file for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial

NUMBERS = (b"0", b"-1", b"7", b"65536", b"2147483648", b"99999999999999999999")


def _flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 16)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, chance: random.Random) -> None:
    at, length = _stretch(content, chance)
    content[at : at + length] = chance.randbytes(length)


def _leave_out(content: bytearray, chance: random.Random) -> None:
    at, length = _stretch(content, chance)
    del content[at : at + length]


def _repeat(content: bytearray, chance: random.Random) -> None:
    at, length = _stretch(content, chance)
    content[at:at] = content[at : at + length] * chance.randint(1, 9)


def _other_number(content: bytearray, chance: random.Random) -> None:
    if found := list(re.finditer(rb"\d+", content)):
        start, end = chance.choice(found).span()
        content[start:end] = chance.choice(NUMBERS)


def _stretch(content: bytearray, chance: random.Random) -> tuple[int, int]:
    return chance.randrange(len(content)), chance.randint(1, max(1, len(content) // 20))


WAYS = (_flip, _overwrite, _leave_out, _repeat, _other_number)


def mutated(make: Callable[[], bytes], seed: int) -> bytes:
    """Return the file with a few changes behind its first bytes, which say what it is."""
    chance, made = random.Random(seed), make()
    content = bytearray(made[16:])
    for _ in range(chance.randint(1, 4)):
        chance.choice(WAYS)(content, chance)
    return made[:16] + bytes(content)


def mutations(count: int, *makes: Callable[[], bytes]) -> list[Callable[[], bytes]]:
    """Return so many makers for each file, each of another mutation."""
    return [partial(mutated, make, seed) for make in makes for seed in range(count)]
