"""Whether any order of requests by anybody makes a move that is not listed (security T16): ten thousand steps.

The machine of tests/project/moves.py posts anything as anybody and looks after each step what became of it. The
seed is fixed; a step that breaks a rule ends the bench with the walk that led there.
"""

import os
import sys
import time

from bench.harness import Goal, report

STEPS = 10_000
A_WALK = 50
SEED = 20270201


def walk(chance: int) -> None:
    """Take some walks by that seed."""
    from hypothesis import HealthCheck, Phase, seed, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.project.moves import Moves

    rules = settings(
        max_examples=20,
        stateful_step_count=A_WALK,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(chance)(Moves), settings=rules)


def main() -> None:
    """Walk until the steps are done, and report how far the walks came."""
    from django.core.management import call_command

    from followup.states import EscalationState
    from nss.states import AcuseState, RequestState
    from tests.project.moves import Moves

    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    start, walks = time.monotonic(), 0
    while Moves.steps < wanted:
        walk(SEED + walks)
        walks += 1
        print(f"{Moves.steps} steps, {Moves.moved} moves", file=sys.stderr)
    report(
        "moves",
        figures={
            "steps": Moves.steps,
            "moves": Moves.moved,
            "states_reached": len(Moves.reached - {""}),
            "case_states_reached": len(Moves.cases_reached),
            "seconds": round(time.monotonic() - start, 1),
        },
        goals=[
            Goal("steps", at_least=wanted),
            Goal("moves", at_least=wanted / 100),
            Goal("states_reached", at_least=len(AcuseState) + len(RequestState) - 1),
            Goal("case_states_reached", at_least=len(EscalationState)),
        ],
    )


if __name__ == "__main__":
    import django
    from django.conf import settings
    from django.test.utils import setup_test_environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    setup_test_environment()
    settings.WHITENOISE_AUTOREFRESH = True  # else every new client reads all static files
    main()
