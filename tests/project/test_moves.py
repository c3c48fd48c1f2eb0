"""T16, the short walk: whoever posts whatever in any order, only listed moves happen."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from clinics.states import RegistrationState, VigenciaResult
from followup.states import EscalationState
from nss.states import AcuseState, RequestState
from renuncias.states import PageOutcome, RenunciaState
from tests.project.moves import Moves

OF_SHEETS = {
    f"renuncias:{verb}"
    for verb in ("file_page", "discard_page", "restore_page", "receive_many", "undo")
}
OF_OFICIOS = {
    f"followup:{verb}"
    for verb in (
        "make_oficio",
        "deliver_oficio",
        "cancel_oficio",
        "register_answers",
    )
}
OF_BATCHES = {f"affiliation:{verb}" for verb in ("make_batch", "send_batch", "answer_movements")}
OF_CLINICS = {
    f"clinics:{verb}" for verb in ("open_clinics", "own_clinic", "own_vigencia", "repair_vigencia")
}
EXAMPLES, STEPS, SEED = 10, 25, 20270205


@pytest.mark.django_db
def test_only_listed_moves_happen_each_with_one_line_of_history():
    Moves.steps = Moves.moved = 0
    Moves.reached, Moves.pages_reached, Moves.done = set(), set(), set()
    Moves.cases_reached, Moves.clinics_reached = set(), set()

    run_state_machine_as_test(
        seed(SEED)(
            Moves
        ),  # one of its own: `derandomize` changes the walks with every line of the file
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a walk can be read as it is; to shrink it takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert Moves.steps > EXAMPLES * STEPS / 3
    assert {AcuseState.RECEIVED, AcuseState.ACCEPTED} <= Moves.reached
    assert RequestState.PROVEN in Moves.reached
    assert {RenunciaState.SIGNED, RenunciaState.ACCEPTED} <= Moves.reached
    assert Moves.pages_reached == {
        PageOutcome.NO_QR,
        PageOutcome.BY_HAND,
        PageOutcome.SET_ASIDE,
    }
    assert {EscalationState.IN_OFICIO, EscalationState.DELIVERED} <= Moves.cases_reached
    assert set(RegistrationState) | {VigenciaResult.NONE, VigenciaResult.BY_SCHOOL} <= (
        Moves.clinics_reached
    )
    assert Moves.done >= OF_SHEETS | OF_OFICIOS | OF_BATCHES | OF_CLINICS
