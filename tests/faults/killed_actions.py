"""R16: random actions by anybody whose process dies within them; history and log stay as true as the states."""

import json
import random
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from students.models import AccessEntry
from students.queries.access_log import verify_access_log
from students.tasks import seal_access_log
from tests.conftest import ROOT, database_url
from tests.factories.students import EnrollmentFactory
from tests.faults.processes import DIES_WITH_US, Portal
from tests.faults.walker import A_WALK, LOOK, Plan
from tests.project.moves import everybody

MOST_WRITES = 5
"""Death comes after so many writes at most: an acceptance makes five."""


def killed_actions(folder: Path, *, actions: int, kills: int, seed: int) -> dict[str, float]:
    """Have so many actions done by one process after the other, each but the last killed within one."""
    chance, journal = random.Random(seed), folder / "journal"
    journal.touch()
    plan = Plan(str(journal), _casts(-(-actions // A_WALK)), actions, seed)
    deaths = 0
    for dies_at in sorted(chance.sample(range(actions // 20, actions * 9 // 10), kills)):
        plan.dies_at, plan.writes = dies_at, chance.randint(0, MOST_WRITES)
        deaths += _walk(folder, plan) == -signal.SIGKILL
    plan.dies_at = None
    _walk(folder, plan)
    return {"kills": deaths, "kills_missing": kills - deaths} | _count(journal)


def _casts(number: int) -> list[dict]:
    """Each walk has a student of its own; the staff are the same."""
    stay, people = everybody()
    casts = []
    for _ in range(number):
        casts.append({"stay": stay.pk, "people": {name: user.pk for name, user in people.items()}})
        today = timezone.localdate()
        stay = EnrollmentFactory(confirmed=True, plantel=stay.plantel, enrolled_on=today)
        people = people | {"student": stay.student.user}
    return casts


def _walk(folder: Path, plan: Plan) -> int:
    """Run one process to its end, and give how it ended; raises ChildProcessError for a broken rule."""
    file = folder / "plan.json"
    file.write_text(json.dumps(asdict(plan)))
    variables = {"DATABASE_URL": database_url(), "ACCESS_LOG_KEY": settings.ACCESS_LOG_KEY}
    ended = subprocess.run(
        [*DIES_WITH_US, sys.executable, "-m", "tests.faults.walk", str(file)],
        env=Portal(folder, **variables).environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in {0, -signal.SIGKILL}:
        raise ChildProcessError(ended.stderr[-5000:])
    return ended.returncode


def _count(journal: Path) -> dict[str, float]:
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    done = [line for line in lines if "after" in line]
    looks = sum(line["verb"] == LOOK and line["after"] == 200 for line in done)
    seal_access_log()
    verdict = verify_access_log()
    return {
        "actions": len(done),
        "changes": sum(line["changes"] for line in done),
        "entries": sum(line["lines"] for line in done),
        "unequal": sum(line["lines"] != line["changes"] for line in done),
        "looks": looks,
        "looks_missing": max(0, looks - AccessEntry.objects.count()),
        "seals": verdict.seals,
        "chain_broken": int(bool(verdict.broken)) + verdict.waiting,
    }
