"""What an action about a batch raises when it cannot be done: `sentence` is what the screen says."""

from collections.abc import Sequence

from affiliation.relation import Finding
from common.transitions import TransitionNotAllowed


class BatchRefused(Exception):
    """The batch cannot be made, sent, answered or undone so; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class AnswersRefused(BatchRefused):
    """Some of the answers cannot be so, and none was registered; `findings` says which and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        super().__init__(
            f"No se registró ninguna respuesta. {first.reference}: {first.sentence[0].lower()}{first.sentence[1:]}"
        )


REFUSALS = (BatchRefused, TransitionNotAllowed)
"""Everything whose `sentence` a view shows instead of failing."""
