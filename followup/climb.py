"""How a case that nobody moves climbs: how many working days, and who is told then. No database, no clock."""

from collections.abc import Collection
from dataclasses import dataclass

RESPONSABLE, SUBSTITUTE, ADMIN, DIRECTION = "RESPONSABLE", "SUPLENTE", "ADMIN", "DIRECCION"


@dataclass(frozen=True)
class Step:
    """One rung: after `days` working days without movement `name` is told."""

    name: str
    days: int


STEPS = (Step(RESPONSABLE, 3), Step(SUBSTITUTE, 5), Step(ADMIN, 8), Step(DIRECTION, 12))
"""In their order: the responsable, who stands in for that person, the subsystem's administration, dirección."""


def steps_reached(days: int, noted: Collection[str]) -> tuple[Step | None, list[Step]]:
    """Return the step to tell now, and the ones that were passed over while nobody looked.

    After an outage only the latest is told. `noted` are the steps of this round that stand in the ledger.
    """
    reached = [step for step in STEPS if step.days <= days]
    if not reached or reached[-1].name in noted:
        return None, []
    return reached[-1], [step for step in reached[:-1] if step.name not in noted]
