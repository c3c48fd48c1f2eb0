"""R16: posts anything as anybody, looks and seals, until it dies within an action (tests/faults/walk.py).

Who comes next finds in the journal what was begun, and holds it to the same rules as any other action.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from nss.states import ReturnReason
from renuncias.models import PilePage
from school.models import User
from students.models import Enrollment
from students.tasks import seal_access_log
from tests.factories.students import nss
from tests.project.insured import CLINICS, VIGENCIAS
from tests.project.moves import NOBODYS, PEOPLE, WHY, Moves, Standing
from tests.project.verbs import ANSWERS, BATCHES, CASES, ERRANDS, MOVES, RENUNCIAS, VERBS

A_WALK = 50
"""So many actions with one student, then another one."""

LOOK, SEAL = "look", "seal"
OURS = ("nss_", "renuncias_", "students_", "followup_", "affiliation_", "clinics_", "notices_")
"""The tables whose writes are counted; those of the sign-in come before every action."""


@dataclass
class Plan:
    """Who walks, how far, and where death waits: after the `writes`-th write of an action, 0 for after its end."""

    journal: str
    casts: list[dict[str, Any]]
    actions: int
    seed: int
    dies_at: int | None = None
    writes: int = 0


@dataclass
class Journal:
    """A line before each action and a line after it."""

    path: Path
    last: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    """How many actions came to their end."""

    def __post_init__(self) -> None:
        for line in self.path.read_text().splitlines():
            self._note(json.loads(line))
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND)

    def write(self, **line: Any) -> None:
        """Add a line, and keep it whatever happens next."""
        self._note(line)
        os.write(self._file, f"{json.dumps(line)}\n".encode())

    def _note(self, line: dict[str, Any]) -> None:
        self.last = line
        self.done += "after" in line


class Walker(Moves):
    """The machine of T16 without its undoing: what is done stays, and who does it may die."""

    def __init__(self, plan: Plan) -> None:
        RuleBasedStateMachine.__init__(self)
        self.plan, self.journal = plan, Journal(Path(plan.journal))
        at = self.journal.last.get("at", _now())
        self.stack = ExitStack()
        self.clock = self.stack.enter_context(
            time_machine.travel(datetime.fromisoformat(at), tick=False)
        )
        self.written = 0

    def walk(self) -> None:
        """Settle what was begun, and go on until all actions are done."""
        chance, last = Random(f"{self.plan.seed}:{self.journal.done}"), self.journal.last
        self._meet()
        if "before" in last:
            self._settle(last["who"], last["verb"], 0, _as_it_was(Standing(**last["before"])))
        while self.journal.done < self.plan.actions:
            self._meet()
            self._act(chance)

    def _meet(self) -> None:
        """Whose turn it is follows from how much was done."""
        cast = self.plan.casts[self.journal.done // A_WALK % len(self.plan.casts)]
        self.stay = Enrollment.objects.get(pk=cast["stay"])
        users = User.objects.in_bulk(cast["people"].values())
        self.people = {name: users[pk] for name, pk in cast["people"].items()}
        self.number = nss(self.stay.pk % 10_000)
        self.page = PilePage()

    def _act(self, chance: Random) -> None:
        turn = chance.random()
        if turn < 0.4:
            who = chance.choice(["responsable", "revisor"])
            self.the_ordinary_way(decides=who, accepts=chance.random() < 0.6)
        elif turn < 0.5:
            self.the_way_out(at_once=chance.random() < 0.5)
        elif turn < 0.6:
            self.time_passes(seconds=chance.choice([1, 9, 11, 120]))
        elif turn < 0.7:
            self.post("responsable", LOOK, "", "")
        elif turn < 0.75:
            self.post("responsable", SEAL, "", "")
        elif turn < 0.8:
            self.the_batch(applies=chance.random() < 0.5)
        elif turn < 0.9:
            does = self.the_clinic if turn < 0.84 else self.the_errand
            does(answer=chance.choice(sorted(ANSWERS)), goes_on=chance.random() < 0.8)
        else:
            verb, reason = chance.choice(sorted(VERBS)), chance.choice([*ReturnReason.values, WHY])
            answer = chance.choice(["SAME", "DIFFERENT", "UNKNOWN"])
            self.post(chance.choice(PEOPLE), verb, answer, reason)

    def a_file_is_drawn(self, is_good: bool) -> None:
        with transaction.atomic():
            super().a_file_is_drawn(is_good)

    def post(self, who: str, verb: str, answer: str, reason: str) -> None:
        """Do one thing, between its two lines of the journal."""
        before = self.standing()
        self.journal.write(at=_now(), who=who, verb=verb, before=asdict(before))
        with self._in_danger():
            status = self.send(who, verb, answer, reason)
        self._settle(who, verb, status, before)

    def ids_of(self, kind: str) -> list[str | int]:
        return [NOBODYS, 1] if kind == "page" else super().ids_of(kind)

    def send(self, who: str, verb: str, answer: str, reason: str) -> int:
        if verb == SEAL:
            seal_access_log()
            return 200
        if verb == LOOK:
            client = Client()
            client.force_login(self.people[who])
            return client.post(reverse("followup:full_nss", args=[self.stay.public_id])).status_code
        return super().send(who, verb, answer, reason)

    def _settle(self, who: str, verb: str, status: int, before: Standing) -> None:
        """What must hold after any action holds after one that was cut off."""
        after = self.standing()
        if verb in {LOOK, SEAL}:
            assert after == before, verb
        else:
            self.check(who, verb, status, before, after)
        self.journal.write(
            at=_now(),
            after=status,
            verb=verb,
            changes=_changes(before, after),
            lines=_lines(before, after),
        )

    @contextmanager
    def _in_danger(self) -> Iterator[None]:
        if self.plan.dies_at is None or self.journal.done < self.plan.dies_at:
            yield
            return
        self.written = 0
        with connection.execute_wrapper(self._die_after_writes):
            yield
        if not self.plan.writes:
            os.kill(os.getpid(), signal.SIGKILL)

    def _die_after_writes(self, execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        verb, _, table = sql.replace("INTO ", "").replace("FROM ", "").partition(" ")
        if verb in {"INSERT", "UPDATE", "DELETE"} and table.lstrip('"').startswith(OURS):
            self.written += 1
            if self.written == self.plan.writes:
                os.kill(os.getpid(), signal.SIGKILL)
        return result


def _changes(before: Standing, after: Standing) -> int:
    """How many things changed: the way to the NSS, the renuncia, the case, the batch.

    A new request waits, as before.
    """
    is_moved = any(after.acuses[pk] != state for pk, state in before.acuses.items())
    is_other = after.request not in {before.request, "OPEN"} or (
        after.request != before.request and bool(before.request)
    )
    is_way = is_moved or is_other
    return is_way + _changes_beside(before, after)


def _changes_beside(before: Standing, after: Standing) -> int:
    is_renuncia = after.renuncias != before.renuncias
    # Made again, a batch is discarded and another is there.
    batches = len(dict(after.batches.items() - before.batches.items()))
    is_answer = not batches and after.movements != before.movements
    is_clinic = (before.clinic, before.opens_on) != (after.clinic, after.opens_on)
    is_vigencia = before.checks != after.checks
    beside = is_renuncia + batches + is_answer + is_clinic + is_vigencia
    return beside + _is_case_moved(before, after)


def _is_case_moved(before: Standing, after: Standing) -> bool:
    """A case that was just reported has not moved: its line is the report's."""
    return any(after.cases[pk] != place for pk, place in before.cases.items())


def _lines(before: Standing, after: Standing) -> int:
    """How many of the new lines of the history tell of such a change."""
    written = after.events[len(before.events) :]
    moves = [one for one in written if one in MOVES]
    is_moved = _changes(before, after) > _changes_beside(before, after)
    cases = [one for one in written if one in CASES] if is_moved and not moves else []
    errands = [one for one in written if one in ERRANDS] if _is_case_moved(before, after) else []
    beside = [one for one in written if one in RENUNCIAS | BATCHES | CLINICS]
    said = [one for one in written if one in VIGENCIAS] if before.checks != after.checks else []
    return len([*moves, *cases, *errands, *beside, *said])


def _as_it_was(read: Standing) -> Standing:
    """JSON knows neither numbers as keys nor tuples."""
    acuses = {int(pk): state for pk, state in read.acuses.items()}
    cases = {int(pk): (state, turn) for pk, (state, turn) in read.cases.items()}
    renuncias = {int(pk): state for pk, state in read.renuncias.items()}
    movements = {
        int(pk): (state, is_corrected) for pk, (state, is_corrected) in read.movements.items()
    }
    values = {
        **asdict(read),
        "acuses": acuses,
        "cases": cases,
        "asked": tuple(read.asked),
        "renuncias": renuncias,
        "pages": {int(pk): outcome for pk, outcome in read.pages.items()},
        "batches": {int(pk): state for pk, state in read.batches.items()},
        "movements": movements,
        "checks": {int(pk): (result, counts) for pk, (result, counts) in read.checks.items()},
        "events": tuple(read.events),
    }
    return Standing(**values)


def _now() -> str:
    return timezone.now().isoformat()
