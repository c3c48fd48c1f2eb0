"""What a constancia de vigencia says: its texts in, the right to service, the clinic and the day out.

The label that decides is «Con derecho al servicio médico: SI / NO»; the rest of the sheet is not known
word by word, so a value that does not stand beside its label, or stands there twice with different values, is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from students.identity import same_curp

Value = TypeVar("Value")

_RIGHT = re.compile(
    r"\bC\w{1,2}[:.,]? DERECHO AL? SERVICIOS? MEDICOS?\s*[:.\-]?\s*(S[I1L]|N[O0])\b"
)
"""OCR reads «CON» as «CAN» or «CON:» and «SI» as «Sl»; «SIN» is never meant."""
_UMF = re.compile(
    r"(?:\bU\.?\s?M\.?\s?F\.?|UNIDAD DE MEDICINA FAMILIAR|CLINICA)\s*(?:NO?\.?|NUM\.?|NUMERO)?\s*[:.\-]?\s*(\d{1,3})\b"
)
_DAY = re.compile(
    r"\b(\d{1,2})\s*(?:/|-|\bDE\b)\s*(\d{1,2}|[A-Z]{4,10})\s*(?:/|-|\bDEL?\b)\s*(20\d\d)\b"
)
_CURP = re.compile(r"\b(?=[A-Z0-9]*\d)[A-Z0-9]{18}\b")
_MONTHS = (
    *("ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO"),
    *("JULIO", "AGOSTO", "SEPTIEMBRE", "OCTUBRE", "NOVIEMBRE", "DICIEMBRE"),
)


@dataclass(frozen=True, slots=True)
class Constancia:
    """What was read; None is what could not be read for certain.

    `has_right` is the answer of IMSS, `umf` the number of the clinic, `issued_on` the day of the consulta, `curps`
    whatever may be a CURP on the sheet.
    """

    has_right: bool | None = None
    umf: int | None = None
    issued_on: date | None = None
    curps: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return JSON-ready values; `from_json` gives the same back."""
        day = self.issued_on
        return asdict(self) | {"issued_on": day.isoformat() if day else None}

    def names(self, curp: str | None) -> bool | None:
        """Return whether the sheet names that person; None where it names nobody."""
        if not self.curps or not curp:
            return None
        return any(same_curp(seen, curp) for seen in self.curps)


def from_json(values: dict[str, Any]) -> Constancia:
    """Return the reading that `as_json` wrote down."""
    day = values["issued_on"]
    return Constancia(
        values["has_right"],
        values["umf"],
        date.fromisoformat(day) if day else None,
        tuple(values["curps"]),
    )


def read_constancia(texts: Sequence[str]) -> Constancia:
    """Return what is certain after several looks at one sheet; each text is in capitals without accents."""
    whole = "\n".join(texts)
    days = {day for found in _DAY.findall(whole) if (day := _day(*found))}
    return Constancia(
        has_right=_only(found[0] == "S" for found in _RIGHT.findall(whole)),
        umf=_only(int(found) for found in _UMF.findall(whole)),
        issued_on=max(days, default=None),
        curps=tuple(dict.fromkeys(_CURP.findall(whole))),
    )


def _only(values: Iterable[Value]) -> Value | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _day(day: str, month: str, year: str) -> date | None:
    try:
        number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
        return date(int(year), number, int(day))
    except ValueError:
        return None
