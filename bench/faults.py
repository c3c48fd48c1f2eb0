"""The promises R1 to R18 of docs/architecture.md in full: what is killed, stopped and frozen, and what is lost by it.

  script/bench faults                 all of them; takes an hour
  script/bench faults R3 R5           some of them
  script/bench faults --short R1      with small numbers, to see that it runs

Everything random comes from --seed. The goals are the promises; the other figures say how much was tried.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.harness import Goal, report

SEED = 20270201
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Promise:
    """What is done, with which numbers in full and in short, and what must come out as zero or stay below."""

    name: str
    """Of the function, and of its module in tests/faults/."""
    full: dict[str, Any]
    short: dict[str, Any]
    zero: tuple[str, ...]
    at_most: Mapping[str, float]

    @property
    def run(self) -> Callable[..., Figures]:
        """What is done."""
        run: Callable[..., Figures] = getattr(import_module(f"tests.faults.{self.name}"), self.name)
        return run


PROMISES = {
    "R1": Promise(
        "lost_workers",
        full={"due": 5000, "kills": 50},
        short={"due": 150, "kills": 3},
        zero=("ledger_missing", "missing", "double"),
        at_most={},
    ),
    "R2": Promise(
        "lost_broker",
        full={"flushes": 10, "seconds": 600, "looks": 100},
        short={"flushes": 1, "seconds": 1, "looks": 50},
        zero=("pages_failed", "signed_out", "missing", "double"),
        at_most={"seconds_late": 120, "times_slower": 1.2},
    ),
    "R3": Promise(
        "bad_relay",
        full={"notices": 5000, "rounds": 10},
        short={"notices": 100, "rounds": 1},
        zero=("missing", "double", "expired_delivered", "wrongly_told"),
        at_most={"seconds_after_return": 900},
    ),
    "R4": Promise(
        "pressed_buttons",
        full={"posts": 100},
        short={"posts": 8},
        zero=("errors", "undone", "done_again", "other_pages"),
        at_most={},
    ),
    "R5": Promise(
        "lost_database",
        full={"kills": 10},
        short={"kills": 2},
        zero=("missing", "double"),
        at_most={"recovery_seconds": 15},
    ),
    "R6": Promise(
        "lost_web",
        full={"kills": 50},
        short={"kills": 2},
        zero=(
            *("uploads_missing", "decisions_missing", "half_decided"),
            *("rows_without_file", "left_by_janitor"),
        ),
        at_most={},
    ),
    "R8": Promise(
        "odd_clocks",
        full={"restarts": 20},
        short={"restarts": 2},
        zero=("missing", "double", "mails_wrong", "steps_wrong"),
        at_most={},
    ),
    "R9": Promise(
        "clock_changes",
        full={"minutes": 1},
        short={"minutes": 30},
        zero=(
            *("runs_missing", "runs_wrong", "steps_missing", "steps_wrong"),
            *("reminders_missing", "reminders_wrong", "ends_wrong"),
        ),
        at_most={},
    ),
    "R14": Promise(
        "killed_imports",
        full={"kills": 30},
        short={"kills": 4},
        zero=("torn", "missing", "not_refused", "changed_again", "not_queued", "double"),
        at_most={},
    ),
    "R15": Promise(
        "lost_printers",
        full={"sheets": 3000, "kills": 20, "lease": 20},
        short={"sheets": 200, "kills": 2, "lease": 5},
        zero=(
            *("failed", "missing", "double", "second_folios", "second_places"),
            *("other_words", "other_digests", "parts_left"),
        ),
        at_most={},
    ),
    "R16": Promise(
        "killed_actions",
        full={"actions": 10_000, "kills": 50},
        short={"actions": 100, "kills": 2},
        zero=("kills_missing", "unequal", "looks_missing", "chain_broken"),
        at_most={},
    ),
    "R18": Promise(
        "degraded",
        full={"rounds": 5},
        short={"rounds": 1},
        zero=(
            *("banners_missing", "banners_left", "sign_ins_failed", "pages_failed"),
            *("students_alarmed", "uploads_lost", "uploads_unread", "mails_waiting"),
            *("uploads_unscanned", "mails_double"),
        ),
        at_most={},
    ),
}
"""As docs/architecture.md names them."""


def keep(name: str, promise: Promise, *, is_short: bool, seed: int) -> Figures:
    """Put one promise to the test, on an empty database and in a folder of its own."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    numbers = promise.short if is_short else promise.full
    print(f"{name} {promise.name} {numbers}, seed {seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        figures = promise.run(Path(folder), **numbers, seed=seed)
        seconds = round(time.monotonic() - start)
    for figure, value in figures.items():
        print(f"    {figure} {value}", file=sys.stderr)
    return {**figures, "seconds": seconds}


def main() -> None:
    """Run what was asked for, and say what was held."""
    from django.core.management import call_command

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help=" ".join(PROMISES), metavar="R…")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    if unknown := set(asked.names) - PROMISES.keys():
        parser.error(f"there is no promise {', '.join(sorted(unknown))}")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    figures: dict[str, float] = {"seed": asked.seed}
    goals = []
    for name in asked.names or PROMISES:
        promise = PROMISES[name]
        found = keep(name, promise, is_short=asked.short, seed=asked.seed)
        figures |= {f"{name}_{figure}": value for figure, value in found.items()}
        goals += [Goal(f"{name}_{figure}", at_most=0) for figure in promise.zero]
        goals += [
            Goal(f"{name}_{figure}", at_most=most) for figure, most in promise.at_most.items()
        ]
    report("faults", figures=figures, goals=goals)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
