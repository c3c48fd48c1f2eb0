"""docs/states.md, generated from the tables of moves.

.venv/bin/python -m tests.project.states_doc > docs/states.md
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.db.models import TextChoices

from tests.project.source import ROOT, STREET

HEAD = """# States

Generated from `*/states.py` by `.venv/bin/python -m tests.project.states_doc > docs/states.md`; a test compares.
Every move is made by an action, which locks the row and asks `common.transitions.check`. «No row» is the
waiting state and stands in no table.
"""


def document() -> str:
    """This will write the whole document."""
    sections = [section for app in reversed(STREET) for section in _sections(app)]
    return "\n".join([HEAD, *sections])


def _sections(app: str) -> Iterator[str]:
    if not (ROOT / app / "states.py").exists():
        return
    module = import_module(f"{app}.states")
    for name, moves in _tables(module):
        yield _section(app, name, moves)


def _tables(module: ModuleType) -> Iterator[tuple[str, Mapping[TextChoices, set[TextChoices]]]]:
    for name, value in vars(module).items():
        if name.endswith("_MOVES"):
            yield name, value


def _section(app: str, name: str, moves: Mapping[TextChoices, set[TextChoices]]) -> str:
    choices = type(next(iter(moves)))
    lines = [
        f"## {choices.__name__} (`{app}.states.{name}`)\n",
        "| State | Shown as | May become |",
        "|---|---|---|",
    ]
    for state in choices:
        targets = [target.value for target in choices if target in moves[state]]
        lines.append(f"| {state.value} | {state.label} | {', '.join(targets) or 'final'} |")
    return "\n".join(lines) + "\n"


PATH: Path = ROOT / "docs" / "states.md"

if __name__ == "__main__":
    sys.stdout.write(document())
