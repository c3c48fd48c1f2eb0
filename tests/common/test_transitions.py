"""common.transitions: a move is listed or refused."""

import pytest

from common.transitions import TransitionNotAllowed, check

MOVES = {"OPEN": {"PROVEN", "AT_SUBDELEGACION"}, "PROVEN": {"OPEN"}}


@pytest.mark.parametrize(
    ("current", "wanted"), [("OPEN", "PROVEN"), ("OPEN", "AT_SUBDELEGACION"), ("PROVEN", "OPEN")]
)
def test_check_lets_a_listed_move_through(current: str, wanted: str) -> None:
    check(MOVES, current, wanted)


@pytest.mark.parametrize(
    ("current", "wanted"),
    [("PROVEN", "PROVEN"), ("PROVEN", "AT_SUBDELEGACION"), ("CLOSED", "OPEN"), ("", "OPEN")],
)
def test_check_refuses_any_other_move_with_the_sentence_for_the_screen(
    current: str, wanted: str
) -> None:
    with pytest.raises(TransitionNotAllowed) as raised:
        check(MOVES, current, wanted)

    assert (raised.value.current, raised.value.wanted) == (current, wanted)
    assert str(raised.value) == ("Otra persona ya lo atendió. Vuelve a abrirlo para ver cómo quedó")
