import pytest

from followup.causes import ADVICE, STUDENT_WORDS, TO_DECIDE, TRY_AGAIN, is_case
from followup.states import EscalationCause


@pytest.mark.parametrize(
    "cause",
    [EscalationCause.CURP_UNKNOWN, EscalationCause.ATTEMPTS_USED, EscalationCause.PAGE_DOWN],
)
def test_is_case_says_no_where_the_subdelegacion_can_do_nothing(cause):
    assert not is_case(cause)
    assert ADVICE[cause]
    assert cause in TO_DECIDE


def test_is_case_says_yes_to_all_others():
    others = set(EscalationCause) - set(ADVICE)

    assert all(is_case(cause) for cause in others)
    assert len(others) == 7


def test_students_are_told_to_come_back_only_by_causes_that_they_can_choose():
    assert set(TRY_AGAIN) < set(STUDENT_WORDS)
