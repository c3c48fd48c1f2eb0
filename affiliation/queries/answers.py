"""What a set of answers would do to a batch, and what stands in its way."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from affiliation.models import AnswerList, Batch
from affiliation.relation import Answer, Finding, settle
from affiliation.states import MovementState
from school.models import User

STRANGER = "No es una referencia de este lote. Subir la lista de este lote"
OTHER_ANSWER = "Ya tiene otra respuesta. Deshacer primero esa"


@dataclass(frozen=True)
class Reply:
    """The answers that are new and can be so, those that were registered before, and what is to be said of others."""

    new: dict[str, Answer]
    known: int
    findings: list[Finding]
    is_clean: bool

    @property
    def applied(self) -> int:
        """How many of the new ones say that IMSS applied the movement."""
        return sum(1 for answer in self.new.values() if answer.is_applied)

    @property
    def rejections(self) -> list[Answer]:
        """The new ones that say that it did not."""
        return [answer for answer in self.new.values() if not answer.is_applied]

    @property
    def seen(self) -> str:
        """What tells these new ones from any others: what is registered is what a person has looked at."""
        told = [[one.reference, one.is_applied, one.reason] for one in self.new.values()]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def list_of(batch: Batch, user: User) -> AnswerList | None:
    """Return the list that the person had read and has not registered yet."""
    return AnswerList.objects.filter(batch=batch, read_by=user).first()


def answers_of(answer_list: AnswerList) -> list[Answer]:
    """Return what a list that was read says."""
    return [Answer(*row) for row in answer_list.answers]


def reply_to(batch: Batch, answers: Iterable[Answer]) -> Reply:
    """Sort answers by what they would do; one that differs from another, or from what is known, does nothing.

    `is_clean` tells that every reference says one thing that can be so.
    """
    settled, findings = settle(answers)
    is_clean = all(finding.reference in settled for finding in findings)
    states = dict(batch.movements.values_list("reference", "state"))
    reasons = dict(batch.movements.exclude(rejection="").values_list("reference", "rejection"))
    new, known = {}, 0
    for reference, answer in settled.items():
        state = states.get(reference)
        if state == MovementState.IN_BATCH:
            new[reference] = answer
        elif state is None:
            findings.append(Finding(reference, STRANGER))
            is_clean = False
        elif _says(answer) == (state, reasons.get(reference, "")):
            known += 1
        else:
            findings.append(Finding(reference, OTHER_ANSWER))
            is_clean = False
    return Reply(new, known, findings, is_clean)


def _says(answer: Answer) -> tuple[str, str]:
    if answer.is_applied:
        return MovementState.APPLIED, ""
    return MovementState.REJECTED, answer.reason
