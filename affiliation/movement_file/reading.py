"""The bytes of a file in, its movements out, or the first place that is not of the structure."""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from affiliation.movement_file.parts import (
    ALTA,
    BAJA,
    CODECS,
    LENGTH,
    LINE_ENDINGS,
    Malformed,
    Profile,
    Record,
)

_CONTROL: Final = "CONTROL"


class _Field(NamedTuple):
    """A stretch of a line: its name in a Record (none for filler), length, shape, and what is expected there."""

    name: str
    length: int
    shape: str
    expected: str


_WHO: Final = (
    _Field(
        "registro_patronal", 11, "[A-Z0-9]{10}[0-9]", "el registro patronal, 11 letras y números"
    ),
    _Field("nss", 11, "(?!0{11})[0-9]{11}", "el NSS, 11 números"),
    _Field("first_surname", 27, "(?! ).{27}", "el primer apellido"),
    _Field("second_surname", 27, "(?! ).{27}| {27}", "el segundo apellido, o espacios"),
    _Field("given_names", 27, "(?! ).{27}", "el nombre"),
)
_DAY: Final = _Field("date", 8, "[0-9]{8}", "la fecha, DDMMAAAA")
_GUIA: Final = _Field("guia", 5, "[0-9]{5}", "la guía, 5 números")
_KEY: Final = _Field(
    "worker_key", 10, "(?! )[A-Z0-9 ]{10}| {10}", "la clave del trabajador, o espacios"
)
_END: Final = _Field("", 1, "9", "el número 9")
_KIND: Final = slice(131, 133)
_FIELDS: Final = {
    ALTA: (
        *_WHO,
        _Field("salario", 6, "[0-9]{6}", "el salario, 6 números"),
        _Field("", 6, " {6}|0{6}", "el relleno, 6 espacios o 6 ceros"),
        _Field("tipo_trabajador", 1, "[1-9]", "el tipo de trabajador, de 1 a 9"),
        _Field("tipo_salario", 1, "[0-3]", "el tipo de salario, de 0 a 3"),
        _Field("jornada", 1, "[0-6]", "la semana o jornada, de 0 a 6"),
        _DAY,
        _Field("umf", 3, "[0-9]{3}", "la UMF, 3 números"),
        _Field("", 2, " {2}", "el relleno, 2 espacios"),
        _Field("kind", 2, ALTA, f"el movimiento {ALTA}"),
        _GUIA,
        _KEY,
        _Field("", 1, " ", "el relleno, un espacio"),
        _Field("curp", 18, "[A-Z]{4}[0-9]{6}[A-Z]{6}[0-9A-Z][0-9]", "la CURP, 18 letras y números"),
        _END,
    ),
    BAJA: (
        *_WHO,
        _Field("", 15, "0{15}", "el relleno, 15 ceros"),
        _DAY,
        _Field("", 5, " {5}", "el relleno, 5 espacios"),
        _Field("kind", 2, BAJA, f"el movimiento {BAJA}"),
        _GUIA,
        _KEY,
        _Field("causa", 1, "[1-9A]", "la causa de baja, de 1 a 9 o A"),
        _Field("", 18, " {18}", "el relleno, 18 espacios"),
        _END,
    ),
    _CONTROL: (
        _Field("", 13, r"\*{13}", "la marca de las cifras de control, 13 asteriscos"),
        _Field("", 43, " {43}", "el relleno, 43 espacios"),
        _Field("count", 6, "[0-9]{6}", "el total de movimientos, 6 números"),
        _Field("", 71, " {71}", "el relleno, 71 espacios"),
        _GUIA,
        _Field("", 29, " {29}", "el relleno, 29 espacios"),
        _END,
    ),
}
_SHAPES: Final = {
    kind: re.compile(
        "".join(
            f"(?P<{field.name}>{field.shape})" if field.name else f"(?:{field.shape})"
            for field in fields
        )
    )
    for kind, fields in _FIELDS.items()
}

_PLACES: Final = {
    kind: list(zip(accumulate((field.length for field in fields), initial=0), fields, strict=False))
    for kind, fields in _FIELDS.items()
}
"""Each field after how many positions it begins."""


def read(data: bytes, profile: Profile) -> list[Record]:
    """Return the movements of a file, known by the profile's encoding, line ending and control record.

    Raises Malformed at the first place that is not of the structure, or where the control record does not say what
    stands before it.
    """
    lines = _lines(_text(data, CODECS[profile.encoding]), LINE_ENDINGS[profile.line_ending])
    control = lines.pop() if profile.control_record and lines else ""
    if not lines:
        raise Malformed(1, 1, "se espera un movimiento y no hay ninguno")
    kind = lines[0][_KIND]
    records = [_record(line, number, kind) for number, line in enumerate(lines, start=1)]
    if profile.control_record:
        _check_control(control, records)
    return records


def _text(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        position = error.start - data.rfind(b"\n", 0, error.start)
        raise Malformed(line + 1, position, "hay un carácter de otra codificación") from None


def _lines(text: str, end: str) -> list[str]:
    *lines, rest = text.split("\n")
    if rest:
        raise Malformed(len(lines) + 1, len(rest) + 1, "se espera el fin de línea")
    for number, line in enumerate(lines, start=1):
        body, after = line[:LENGTH].rstrip("\r"), line[LENGTH:]
        if not body.isprintable():
            at = next(at for at, char in enumerate(body) if not char.isprintable())
            raise Malformed(number, at + 1, "hay un carácter de control")
        if len(body) < LENGTH:
            raise Malformed(number, len(body) + 1, f"la línea acaba antes de {LENGTH} posiciones")
        if f"{after}\n" != end:
            raise Malformed(number, LENGTH + 1, "se espera el fin de línea del perfil")
    return [line[:LENGTH] for line in lines]


def _record(line: str, number: int, kind: str) -> Record:
    if line[_KIND] not in (ALTA, BAJA):
        raise Malformed(number, _KIND.start + 1, f"se espera el movimiento {ALTA} o {BAJA}")
    if line[_KIND] != kind:
        raise Malformed(
            number, _KIND.start + 1, f"se espera el movimiento {kind}, como en la línea 1"
        )
    stands = _stands(line, number, kind)
    day = stands.pop("date")
    try:
        date = dt.date(int(day[4:]), int(day[2:4]), int(day[:2]))
    except ValueError:
        raise Malformed(number, _start_of("date", kind), "la fecha no existe") from None
    salario = int(stands.pop("salario")) if kind == ALTA else None
    return Record(**stands, date=date, salario=salario)


def _check_control(control: str, records: Sequence[Record]) -> None:
    number = len(records) + 1
    stands = _stands(control, number, _CONTROL)
    if int(stands["count"]) != len(records):
        reason = f"dice {int(stands['count'])} movimientos y hay {len(records)}"
        raise Malformed(number, _start_of("count", _CONTROL), reason)
    if any(record.guia != stands["guia"] for record in records):
        raise Malformed(number, _start_of("guia", _CONTROL), "no es la guía de los movimientos")


def _stands(line: str, number: int, kind: str) -> dict[str, str]:
    """Return what stands in the named stretches of a line, without the spaces that fill it up."""
    match = _SHAPES[kind].fullmatch(line)
    if match is None:
        raise Malformed(number, *_first_misfit(line, kind))
    return {name: text.rstrip() for name, text in match.groupdict().items()}


def _first_misfit(line: str, kind: str) -> tuple[int, str]:
    return next(
        (start + 1, f"se espera {field.expected}")
        for start, field in _PLACES[kind]
        if not re.fullmatch(field.shape, line[start : start + field.length])
    )


def _start_of(name: str, kind: str) -> int:
    return next(start + 1 for start, field in _PLACES[kind] if field.name == name)
