"""What every bench has in common: its last line is one line of JSON, and it never passes unmeasured.

from bench.harness import Goal, report

report(
    "reading",
    figures={"acuse_ms": 41.7, "page_ms": 20.1},
    ratios={"acuse_to_page": 2.07},
    goals=[Goal("acuse_ms", at_most=2000)],
)
"""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HELD, NOT_HELD, NOT_MEASURED = 0, 1, 2


@dataclass(frozen=True)
class Goal:
    """A limit for one figure or ratio; give one bound or both."""

    name: str
    at_most: float | None = None
    at_least: float | None = None

    def is_held(self, value: float) -> bool:
        """Say whether the value lies inside the bounds, bounds included."""
        return (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )

    def bounds(self) -> dict[str, float]:
        """Give the bounds that were set, by name."""
        bounds = {"at_most": self.at_most, "at_least": self.at_least}
        return {name: bound for name, bound in bounds.items() if bound is not None}


class NotMeasured(Exception):
    """A figure is missing, or is no number."""


def summary(
    bench: str,
    *,
    figures: Mapping[str, float],
    ratios: Mapping[str, float] | None = None,
    goals: Sequence[Goal] = (),
) -> dict[str, object]:
    """Gather what was measured and whether every goal was held.

    Raises NotMeasured if there is no figure, a value is not finite, or a goal names or bounds nothing.
    """
    measured = {**figures, **(ratios or {})}
    if not figures:
        raise NotMeasured(f"{bench}: no figure")
    for name, value in measured.items():
        if not math.isfinite(value):
            raise NotMeasured(f"{bench}: {name} is {value}")
    for goal in goals:
        if goal.name not in measured or not goal.bounds():
            raise NotMeasured(f"{bench}: the goal «{goal.name}» has no figure or no bound")
    return {
        "bench": bench,
        "figures": dict(figures),
        "ratios": dict(ratios or {}),
        "goals": {goal.name: goal.bounds() for goal in goals},
        "held": all(goal.is_held(measured[goal.name]) for goal in goals),
    }


def report(
    bench: str,
    *,
    figures: Mapping[str, float],
    ratios: Mapping[str, float] | None = None,
    goals: Sequence[Goal] = (),
) -> None:
    """Print the line of JSON and end the program: 0 held, 1 not held, 2 not measured."""
    try:
        line = summary(bench, figures=figures, ratios=ratios, goals=goals)
    except NotMeasured as error:
        print(f"not measured: {error}", file=sys.stderr)
        sys.exit(NOT_MEASURED)
    print(json.dumps(line, ensure_ascii=False))
    sys.exit(HELD if line["held"] else NOT_HELD)
