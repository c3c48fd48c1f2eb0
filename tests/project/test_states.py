"""The tables of moves are complete, and docs/states.md says the same."""

from importlib import import_module

import pytest

from tests.project.source import ROOT, STREET
from tests.project.states_doc import PATH, document

TABLES = [
    pytest.param(moves, id=f"{app}.{name}")
    for app in STREET
    if (ROOT / app / "states.py").exists()
    for name, moves in vars(import_module(f"{app}.states")).items()
    if name.endswith("_MOVES")
]


@pytest.mark.parametrize("moves", TABLES)
def test_every_state_has_its_moves(moves):
    choices = type(next(iter(moves)))

    assert set(moves) == set(choices)
    assert {target for targets in moves.values() for target in targets} <= set(choices)


def test_document_equals_the_tables():
    assert PATH.read_text() == document()
