"""An independent reader of the movement file of 168 positions, written from the layout alone.

It shares no line with the product, so that both must be wrong in the same way to agree on a wrong file.
"""

import re
from datetime import datetime

ALTA, BAJA = "08", "02"
LENGTH = 168
MARK = "*" * 13

# From position, to position (both counted from 1 and included), name, kind.
# Kinds: N digits; A capitals and spaces; AN capitals, digits and spaces; a constant is written as it stands.
Field = tuple[int, int, str, str]

PERSON: tuple[Field, ...] = (
    (1, 10, "registro_patronal", "AN"),
    (11, 11, "digito_registro_patronal", "N"),
    (12, 21, "nss", "N"),
    (22, 22, "digito_nss", "N"),
    (23, 49, "primer_apellido", "A"),
    (50, 76, "segundo_apellido", "A"),
    (77, 103, "nombres", "A"),
)
ENVELOPE: tuple[Field, ...] = (
    (132, 133, "tipo_movimiento", "N"),
    (134, 138, "guia", "N"),
    (139, 148, "clave_trabajador", "AN"),
)
ALTA_FIELDS: tuple[Field, ...] = (
    *PERSON,
    (104, 109, "salario_base", "N"),
    (110, 115, "filler_110", "spaces"),
    (116, 116, "tipo_trabajador", "N"),
    (117, 117, "tipo_salario", "N"),
    (118, 118, "jornada", "N"),
    (119, 126, "fecha_movimiento", "N"),
    (127, 129, "umf", "N"),
    (130, 131, "filler_130", "spaces"),
    *ENVELOPE,
    (149, 149, "filler_149", "spaces"),
    (150, 167, "curp", "AN"),
    (168, 168, "identificador", "N"),
)
BAJA_FIELDS: tuple[Field, ...] = (
    *PERSON,
    (104, 118, "zeros_104", "zeros"),
    (119, 126, "fecha_movimiento", "N"),
    (127, 131, "filler_127", "spaces"),
    *ENVELOPE,
    (149, 149, "causa_baja", "AN"),
    (150, 167, "filler_150", "spaces"),
    (168, 168, "identificador", "N"),
)
CONTROL_FIELDS: tuple[Field, ...] = (
    (1, 13, "mark", "asterisks"),
    (14, 56, "filler_14", "spaces"),
    (57, 62, "registros", "N"),
    (63, 133, "filler_63", "spaces"),
    (134, 138, "guia", "N"),
    (139, 167, "filler_139", "spaces"),
    (168, 168, "identificador", "N"),
)
FIELDS = {ALTA: ALTA_FIELDS, BAJA: BAJA_FIELDS}

CAPITALS = {"ascii": "A-Z", "cp1252": "A-ZÀ-ÖØ-ÞŠŒŽŸ"}
CLASSES = {
    encoding: {
        "N": re.compile("[0-9]*"),
        "A": re.compile(f"[{capitals} ]*"),
        "AN": re.compile("[A-Z0-9 ]*"),
    }
    for encoding, capitals in CAPITALS.items()
}
CONSTANTS = {"spaces": " ", "zeros": "0", "asterisks": "*"}
CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f]")
MAY_BE_BLANK = {"segundo_apellido"}
CURP = re.compile(r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[A-Z0-9][0-9]")
CURP_ALPHABET = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


def read_altas(data: bytes) -> list[dict[str, str]]:
    """Return the fields of each alta by name, without the spaces that fill them up."""
    return _read(data, ALTA_FIELDS)


def read_bajas(data: bytes) -> list[dict[str, str]]:
    """Return the fields of each baja by name, without the spaces that fill them up."""
    return _read(data, BAJA_FIELDS)


def _read(data: bytes, fields: tuple[Field, ...]) -> list[dict[str, str]]:
    lines = (line.rstrip("\r\n") for line in _lines(data))
    return [
        {name: value.rstrip(" ") for name, value in _cut(line, fields)}
        for line in lines
        if not line.startswith(MARK)
    ]


def faults(
    data: bytes, *, kind: str, rp: str, guia: str, control: bool, encoding: str = "ascii"
) -> list[str]:
    """Return what is wrong in a file of one kind, line by line and from left to right; [] if nothing.

    `rp` has 11 characters, `guia` 5. With `control` the last line must be the control record, without it
    there must be none. `encoding` is ascii, or cp1252 where Ñ and accents are kept.
    """
    lines = _lines(data)
    last = len(lines) if control and lines and lines[-1].startswith(MARK) else 0
    movements = len(lines) - bool(last)
    found = [] if movements else ["the file holds no movement"]
    for number, line in enumerate(lines, start=1):
        if number == last:
            must = {"registros": f"{movements:06}", "guia": guia, "identificador": "9"}
            reasons = _line_faults(line, CONTROL_FIELDS, must, encoding)
        elif line.startswith(MARK):
            reasons = ["a control record that should not be here"]
        else:
            must = {
                "registro_patronal": rp[:10],
                "digito_registro_patronal": rp[10:],
                "tipo_movimiento": kind,
                "guia": guia,
                "identificador": "9",
            }
            reasons = _line_faults(line, FIELDS[kind], must, encoding)
        found += [f"line {number}: {reason}" for reason in reasons]
    if control and not last:
        found.append("the control record is missing")
    return found


def _lines(data: bytes) -> list[str]:
    """Return the lines with their endings; one character is one byte of the file."""
    return [line.decode("cp1252", errors="replace") for line in data.splitlines(keepends=True)]


def _cut(line: str, fields: tuple[Field, ...]) -> list[tuple[str, str]]:
    return [(name, line[start - 1 : end]) for start, end, name, _ in fields]


def _line_faults(
    line: str, fields: tuple[Field, ...], must: dict[str, str], encoding: str
) -> list[str]:
    body = line.rstrip("\r\n")
    ending = line[len(body) :]
    found = []
    if len(body) != LENGTH:
        found.append(f"{len(body)} positions, not {LENGTH}")  # every position after it would lie
    else:
        row = dict(_cut(body, fields))
        for start, end, name, kind in fields:
            reason = _kind_fault(row[name], kind, encoding) or _value_fault(name, row, must)
            if reason:
                found.append(f"{start}–{end} {name}: {row[name]!r} {reason}")
    if ending != "\r\n":
        found.append(f"ends with {ending!r}, not CRLF")
    return found


def _kind_fault(value: str, kind: str, encoding: str) -> str | None:
    """Return why a value cannot stand in a field of its kind, whatever the field means."""
    if CONTROL_CHARACTER.search(value):
        return "holds a control character"
    if kind in CONSTANTS:
        return None if value == CONSTANTS[kind] * len(value) else f"must be {len(value)} {kind}"
    if encoding == "ascii" and not value.isascii():
        return "is not ASCII"
    if not CLASSES[encoding][kind].fullmatch(value):
        return f"is not {kind}"
    if value.startswith(" ") and value.strip(" "):
        return "is not left-justified"
    return None


def _value_fault(name: str, row: dict[str, str], must: dict[str, str]) -> str | None:
    """Return why a value of the right kind is still wrong in this field."""
    value = row[name]
    if name in must:
        return None if value == must[name] else f"must be {must[name]!r}"
    if name.startswith(("filler_", "zeros_", "mark")) or name in MAY_BE_BLANK:
        return None
    if not value.strip(" "):
        return "is blank"
    check = VALUES.get(name)
    return check(value, row) if check else None


def _nss_fault(value: str, row: dict[str, str]) -> str | None:
    return "is no number of a person" if value == "0" * 10 else None


def _nss_digit_fault(value: str, row: dict[str, str]) -> str | None:
    if not re.fullmatch("[0-9]{10}", row["nss"]):
        return None  # told of the number itself
    total = 0
    for place, digit in enumerate(row["nss"]):
        product = int(digit) * (2 if place % 2 else 1)
        total += product // 10 + product % 10
    right = str((10 - total % 10) % 10)
    return None if value == right else f"must be {right!r} by Luhn"


def _date_fault(value: str, row: dict[str, str]) -> str | None:
    try:
        day = datetime.strptime(value, "%d%m%Y").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return "is no day"
    return None if 1900 <= day.year < 2100 else "is no day of our time"


def _curp_fault(value: str, row: dict[str, str]) -> str | None:
    if not CURP.fullmatch(value):
        return "has not the shape of a CURP"
    total = sum(CURP_ALPHABET.index(sign) * (18 - place) for place, sign in enumerate(value[:17]))
    right = str((10 - total % 10) % 10)
    return None if value[17] == right else f"must end in {right!r}"


def _one_of(signs: str):
    return lambda value, row: None if value in signs else f"must be one of {signs}"


VALUES = {
    "nss": _nss_fault,
    "digito_nss": _nss_digit_fault,
    "tipo_trabajador": _one_of("123456789"),
    "tipo_salario": _one_of("0123"),
    "jornada": _one_of("0123456"),
    "fecha_movimiento": _date_fault,
    "causa_baja": _one_of("123456789A"),
    "curp": _curp_fault,
}
