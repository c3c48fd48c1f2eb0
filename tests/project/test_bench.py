"""The benches' harness never passes what it did not measure."""

import json

import pytest

from bench.harness import HELD, NOT_HELD, NOT_MEASURED, Goal, report


def outcome(capsys, **measured) -> tuple[int, str]:
    """Report, and give the exit status and the last line."""
    with pytest.raises(SystemExit) as ending:
        report("x", **measured)
    lines = capsys.readouterr().out.splitlines()
    assert isinstance(ending.value.code, int)
    return ending.value.code, lines[-1] if lines else ""


def test_report_says_what_was_held(capsys):
    status, line = outcome(
        capsys, figures={"ms": 41.0}, ratios={"times": 2.0}, goals=[Goal("ms", at_most=50)]
    )

    assert status == HELD
    assert json.loads(line) == {
        "bench": "x",
        "figures": {"ms": 41.0},
        "ratios": {"times": 2.0},
        "goals": {"ms": {"at_most": 50}},
        "held": True,
    }


@pytest.mark.parametrize("goal", [Goal("ms", at_most=40), Goal("ms", at_least=42)])
def test_report_fails_when_a_goal_is_missed(capsys, goal):
    status, line = outcome(capsys, figures={"ms": 41.0}, goals=[goal])

    assert status == NOT_HELD
    assert json.loads(line)["held"] is False


@pytest.mark.parametrize(
    "measured",
    [
        {"figures": {}},
        {"figures": {"ms": float("nan")}},
        {"figures": {"ms": 1.0}, "ratios": {"times": float("inf")}},
        {"figures": {"ms": 1.0}, "goals": [Goal("seconds", at_most=1)]},
        {"figures": {"ms": 1.0}, "goals": [Goal("ms")]},
    ],
)
def test_report_fails_when_it_could_not_measure(capsys, measured):
    status, line = outcome(capsys, **measured)

    assert status == NOT_MEASURED
    assert line == ""
