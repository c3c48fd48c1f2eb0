"""The tables of moves are complete, and docs/states.md says the same."""

from importlib import import_module

import pytest

from followup.stages import STAGES
from followup.states import Ball, Stage
from tests.project.source import ROOT, STREET
from tests.project.states_doc import COLOURS, PATH, WAY, document

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


def test_diagrams_have_a_node_for_every_state_and_an_arrow_for_every_move():
    written = document()

    for table in TABLES:
        (moves,) = table.values
        for state, targets in moves.items():
            assert f'state "{state.value}: {state.label}" as {state.value}' in written
            assert all(f"    {state.value} --> {target.value}\n" in written for target in targets)


def test_way_reaches_every_stage_from_the_first():
    reached, ahead = set(), [Stage.S_00]
    while ahead:
        stage = ahead.pop()
        if stage not in reached:
            reached.add(stage)
            ahead += WAY[stage]

    assert reached == set(WAY) == set(Stage) == set(STAGES)
    assert set(COLOURS) == {text.ball for text in STAGES.values()} == set(Ball)
