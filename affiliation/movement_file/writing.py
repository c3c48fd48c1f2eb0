"""Movements in, the bytes of the file out."""

import datetime as dt
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from affiliation.movement_file.checks import problems, profile_problems
from affiliation.movement_file.names import spelling
from affiliation.movement_file.parts import (
    ALTA,
    BAJA,
    CODECS,
    FILLERS,
    LINE_ENDINGS,
    CannotWrite,
    Movement,
    Problem,
    Profile,
)

_MOVEMENTS: Final = range(1, 1_000_000)
"""As many as the six digits of the control record count."""
_COUNT: Final = Problem(
    "movements",
    "COUNT",
    "En un archivo caben de 1 a 999,999 movimientos. Repartirlos en varios lotes",
)
_OTHER_KIND: Final = Problem(
    "kind",
    "OTHER",
    "Las altas y las bajas van en archivos separados. Sacar este movimiento del archivo",
)
_TWICE: Final = Problem(
    "nss",
    "TWICE",
    "Otro movimiento de este archivo lleva el mismo NSS. Dejar uno, con el acuse a la vista",
)


def write(movements: Sequence[Movement], profile: Profile, kind: str) -> bytes:
    """Return the file of these movements, all of this kind, in their order.

    Raises CannotWrite with every problem of the profile and of each movement.
    """
    if len(movements) not in _MOVEMENTS:
        raise CannotWrite([_COUNT])
    found = profile_problems(profile, kind)
    if any(one.code == "UNKNOWN" for one in found):
        raise CannotWrite(found)  # how the movements would be written cannot be told
    line_of = _LINES[kind]
    lines: list[str] = []
    numbers: set[str] = set()
    for movement in movements:
        found += _misplaced(movement, kind, numbers)
        found += problems(movement, profile)
        numbers.add(movement.nss)
        if not found:
            lines.append(line_of(movement, profile))
    if found:
        raise CannotWrite(found)
    if profile.control_record:
        lines.append(_control_record(len(lines), profile.guia))
    end = LINE_ENDINGS[profile.line_ending]
    return f"{end.join(lines)}{end}".encode(CODECS[profile.encoding])


def _misplaced(movement: Movement, kind: str, numbers: Container[str]) -> Iterator[Problem]:
    """Why it cannot stand in this file, after movements with these NSS."""
    if movement.kind != kind:
        yield replace(_OTHER_KIND, reference=movement.reference)
    if movement.nss in numbers:
        yield replace(_TWICE, reference=movement.reference)


def _alta(one: Movement, profile: Profile) -> str:
    return (
        f"{_who(one, profile)}{profile.salario:06}{FILLERS[profile.filler]}"
        f"{profile.tipo_trabajador}{profile.tipo_salario}{profile.jornada}"
        f"{_day(one.date)}{one.umf or profile.umf_desconocida}  "
        f"{ALTA}{profile.guia}{one.worker_key.upper():<10} {one.curp}9"
    )


def _baja(one: Movement, profile: Profile) -> str:
    return (
        f"{_who(one, profile)}000000000000000{_day(one.date)}     "
        f"{BAJA}{profile.guia}{one.worker_key.upper():<10}{profile.causas[one.baja_kind or '']}"
        f"{'':18}9"
    )


_LINES: Final = {ALTA: _alta, BAJA: _baja}


def _who(one: Movement, profile: Profile) -> str:
    """Positions 1 to 103."""
    first = spelling(one.first_surname, profile).text
    second = spelling(one.second_surname, profile).text
    given = spelling(one.given_names, profile).text
    return f"{profile.registro_patronal}{one.nss}{first:<27}{second:<27}{given:<27}"


@lru_cache(maxsize=512)
def _day(date: dt.date) -> str:
    return f"{date.day:02}{date.month:02}{date.year:04}"


def _control_record(count: int, guia: str) -> str:
    """Cifras de control: three of the five sources write them."""
    return f"{'*' * 13}{' ' * 43}{count:06}{' ' * 71}{guia}{' ' * 29}9"
