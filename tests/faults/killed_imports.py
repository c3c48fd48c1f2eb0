"""R14: an import that is killed leaves all or nothing; twice is once; two at once queue up."""

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from papers.models import FolioCounter
from school.models import User
from school.states import Role
from students.actions.roster import (
    confirm_import,
    keep_check,
    keep_columns,
    match_columns,
    upload_roster,
)
from students.models import Enrollment, RosterImport, Student, TimelineEntry
from students.roster_file.table import read_table
from students.states import ImportState
from tests.conftest import ROOT, database_url
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.faults.processes import wait_until
from tests.students.roster_files import HEADERS, csv_bytes

NEW, KNOWN = 400, 100
STATEMENTS = 34
"""So many statements import them: the kills are spread over these."""
WITHIN = 0.002
"""Every other kill comes up to so many seconds after its statement began."""
REFUSED = "TransitionNotAllowed"
COLUMNS = {
    name: at
    for at, name in enumerate(
        ("matricula", "given_names", "first_surname", "second_surname", "group", "curp")
    )
}


@dataclass(frozen=True)
class Import:
    """A confirmed import of a list that adds NEW students and moves KNOWN ones to another group."""

    roster: RosterImport
    file: Path

    def run(self, *, statement: int = 0, seconds: float = 0) -> str:
        """Import in a process of its own; gives what it printed, «» when it was killed."""
        environment = os.environ | {
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "VAR_DIR": str(self.file.parent),
            "ROSTER": str(self.file),
        }
        arguments = [self.roster.public_id, str(statement), str(seconds)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.import_one_roster", *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode not in (0, -signal.SIGKILL):
            return REFUSED if REFUSED in done.stderr else done.stderr
        return done.stdout.strip()


def confirmed_import(folder: Path, *, first: int = 0) -> Import:
    """Upload, match and confirm a list whose people are numbered from `first`."""
    numbers = range(first, first + NEW + KNOWN)
    plantel, cycle = PlantelFactory(), SchoolCycleFactory()
    for n in numbers[:KNOWN]:
        known = {"matricula": f"26050{n:04d}", "student__curp": curp(n)}
        EnrollmentFactory(plantel=plantel, cycle=cycle, group="101", **known)
    rows = [[f"26050{n:04d}", "Ana", "Gómez", "Martínez", "102", curp(n)] for n in numbers]
    content = csv_bytes([HEADERS, *rows])
    file = folder / f"lista-{first}.csv"
    file.write_bytes(content)
    table = read_table(content, max_rows=5_000)
    by = staff(Role.RESPONSABLE, plantel)
    upload = SimpleUploadedFile(file.name, content)
    roster = upload_roster(plantel, upload, by=by, now=timezone.now())
    keep_columns(roster, table)
    match_columns(roster, COLUMNS)
    keep_check(roster, table, today=timezone.localdate())
    confirm_import(roster)
    return Import(roster, file)


def world() -> tuple[int, ...]:
    """Count everything that an import writes."""
    counters = FolioCounter.objects.values_list("last", flat=True)
    return (
        Enrollment.objects.count(),
        Student.objects.count(),
        User.objects.count(),
        TimelineEntry.objects.count(),
        Enrollment.objects.filter(group="102").count(),
        RosterImport.objects.filter(state=ImportState.IMPORTED).count(),
        sum(counters),
    )


def imported(before: tuple[int, ...]) -> tuple[int, ...]:
    """Say what is there once one import more is done."""
    added = (NEW, NEW, NEW, NEW + KNOWN, NEW + KNOWN, 1, 1)
    return tuple(count + more for count, more in zip(before, added, strict=True))


def sessions() -> set[int]:
    """Return who is connected; the server still ends what a killed process had asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def killed_imports(folder: Path, *, kills: int, seed: int) -> dict[str, float]:
    """Kill an import at points all over it, let it end, run it again, and run another twice at once."""
    figures = _killed(confirmed_import(folder), kills, random.Random(seed))
    return figures | _at_once(confirmed_import(folder, first=NEW + KNOWN))


def _killed(one: Import, kills: int, chance: random.Random) -> dict[str, float]:
    before, deaths, torn, ours = world(), 0, 0, sessions()
    after = imported(before)
    for kill in range(kills):
        statement = 1 + kill * STATEMENTS // kills
        said = one.run(statement=statement, seconds=chance.uniform(0, WITHIN) * (kill % 2))
        wait_until(lambda: sessions() <= ours, "the session of a killed import")
        deaths += not said
        torn += world() not in ((after,) if said else (before, after))
        if world() == after:  # killed within the last statements, it had come to its end before
            break
    ended = one.run()
    once = world()
    again = one.run()
    return {
        "kills": deaths,
        "torn": torn,
        "missing": int(once != after),
        "not_refused": (ended not in {str(STATEMENTS), REFUSED}) + (again != REFUSED),
        "changed_again": int(world() != once),
    }


def _at_once(one: Import) -> dict[str, float]:
    after = imported(world())
    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(lambda _: one.run(), range(2)))
    return {
        "not_queued": int(said != sorted([str(STATEMENTS), REFUSED])),
        "double": int(world() != after),
    }
