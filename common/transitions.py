"""The one mechanism behind every state: a table of moves, looked up while the row is locked."""

from collections.abc import Collection, Mapping
from typing import Any


class TransitionNotAllowed(Exception):
    """The row is no longer in a state that allows the move, most often because somebody was faster."""

    sentence = "Otra persona ya lo atendió. Vuelve a abrirlo para ver cómo quedó"

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(self.sentence)
        self.current = current
        self.wanted = wanted


def check(moves: Mapping[Any, Collection[str]], current: str, wanted: str) -> None:
    """Let the move through, or raise TransitionNotAllowed when the table does not list it."""
    if wanted not in moves.get(current, ()):
        raise TransitionNotAllowed(current, wanted)
