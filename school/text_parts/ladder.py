"""The reminders of the deadline: which step is said on which day, counted from the deadline."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from school.text_parts.shapes import Group, Part, a_choice

FIRST, LAST = -5, 20
"""Counted days before and after the deadline, between which a step may stand."""
MOST_STEPS = 8
BLANK = {"key": "", "offset": "", "message": "", "guardian": "", "since": ""}
_BEFORE, _ON_THE_DAY, _AFTER = "M-03", "M-04", "M-05"
_MESSAGES = {
    _BEFORE: "M-03: mañana (o el lunes) vence tu plazo",
    _ON_THE_DAY: "M-04: hoy es el último día",
    _AFTER: "M-05: todavía puedes subir tu acuse",
}


def step_day(offset: int) -> str:
    """Say on which day a step is said: «2 días antes», «el día del plazo»."""
    if offset == 0:
        return "el día del plazo"
    count = "un día" if abs(offset) == 1 else f"{abs(offset)} días"
    return f"{count} {'antes' if offset < 0 else 'después'}"


_NONE = ("", "No se usa")
_DAYS = (_NONE, *((str(n), step_day(n).capitalize()) for n in range(FIRST, LAST + 1)))
_COPIES = (("", "No"), ("1", "Sí"))


def ladder_groups(fields: Mapping[str, Any]) -> list[Group]:
    """Return the steps in their order, and one more that is empty."""
    count = min(len(fields["steps"]) + 1, MOST_STEPS)
    return [Group(f"Paso {at + 1}", _step(at)) for at in range(count)]


def _step(at: int) -> tuple[Part, ...]:
    path = ("steps", at)
    return (
        a_choice(*path, "offset", label="Qué día", choices=_DAYS),
        a_choice(*path, "message", label="Qué mensaje", choices=(_NONE, *_MESSAGES.items())),
        a_choice(*path, "guardian", label="Con copia a mamá, papá o tutor", choices=_COPIES),
    )


def faults_of_ladder(fields: Mapping[str, Any]) -> dict[str, str]:
    """Say what no table of steps may be, by the name of the part."""
    steps = [(at, one) for at, one in enumerate(fields["steps"]) if one["offset"]]
    found: dict[str, str] = {}
    days = Counter(one["offset"] for _, one in steps)
    for at, one in steps:
        if not FIRST <= int(one["offset"]) <= LAST:
            found[f"steps__{at}__offset"] = (
                f"Elegir un día entre {step_day(FIRST)} y {step_day(LAST)}"
            )
        elif days[one["offset"]] > 1:
            found[f"steps__{at}__offset"] = "Dejar un solo paso en cada día"
        elif one["message"] != (fits := _fitting(int(one["offset"]))):
            found[f"steps__{at}__message"] = f"Elegir {fits}: es el que dice la verdad ese día"
    copied = [at for at, one in steps if one["guardian"]]
    if len(copied) > 1:
        found[f"steps__{copied[1]}__guardian"] = "Dejar una sola copia: va una vez en cada plazo"
    elif copied and int(fields["steps"][copied[0]]["offset"]) > 0:
        found[f"steps__{copied[0]}__guardian"] = "Quitar la copia: después del plazo no es cierta"
    if "0" not in days:
        found["steps__0__offset"] = "Conservar el aviso del día del plazo"
    return found


def _fitting(offset: int) -> str:
    if offset == 0:
        return _ON_THE_DAY
    return _BEFORE if offset < 0 else _AFTER


def keyed(
    fields: Mapping[str, Any], current: Mapping[str, Any], *, version: int, now: datetime
) -> dict[str, Any]:
    """Return the steps by their day, each under the key that the ledger knows it by.

    A step that moves keeps its key: who was told is not told again. One that is new in this version says nothing
    of days that have passed.
    """
    since = {one["key"]: one["since"] for one in current["steps"]}
    steps = []
    for at, one in enumerate(fields["steps"]):
        key = one["key"] or f"V{version}-{at}"
        steps.append({**one, "key": key, "since": since.get(key, now.isoformat())})
    return {**fields, "steps": sorted(steps, key=lambda one: int(one["offset"]))}
