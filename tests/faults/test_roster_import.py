"""R14: an import that is killed leaves all or nothing; twice is once; two at once queue up.

`FAULT_KILLS=30` runs the promise in full; without it a few kills, spread over the same way.
"""

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
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
from students.roster_file.table import Table, read_table
from students.states import ImportState
from tests.conftest import ROOT, database_url
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.faults.processes import wait_until
from tests.students.roster_files import HEADERS, csv_bytes

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("FAULT_KILLS", "4"))
NEW, KNOWN = 400, 100
STATEMENTS = 34
"""So many statements import them: the kills are spread over these."""
WITHIN = 0.002
"""Every other kill comes so many seconds after its statement began."""

COLUMNS = {
    name: at
    for at, name in enumerate(
        ("matricula", "given_names", "first_surname", "second_surname", "group", "curp")
    )
}


@pytest.fixture
def file(own_folders: Path) -> Path:
    rows = [
        [f"26050{n:04d}", "Ana", "Gómez", "Martínez", "102", curp(n)] for n in range(NEW + KNOWN)
    ]
    path = own_folders / "lista.csv"
    path.write_bytes(csv_bytes([HEADERS, *rows]))
    return path


@pytest.fixture
def table(file: Path) -> Table:
    return read_table(file.read_bytes(), max_rows=5_000)


@pytest.fixture
def confirmed(file: Path, table: Table) -> RosterImport:
    """An import that adds NEW students and moves KNOWN ones to another group."""
    plantel, cycle = PlantelFactory(), SchoolCycleFactory()
    for n in range(KNOWN):
        EnrollmentFactory(
            plantel=plantel,
            cycle=cycle,
            matricula=f"26050{n:04d}",
            group="101",
            student__curp=curp(n),
        )
    upload = SimpleUploadedFile("lista.csv", file.read_bytes())
    by = staff(Role.RESPONSABLE, plantel)
    roster = upload_roster(plantel, upload, by=by, now=timezone.now())
    keep_columns(roster, table)
    match_columns(roster, COLUMNS)
    keep_check(roster, table, today=date.today())  # noqa: DTZ011 -- any day will do
    confirm_import(roster)
    return roster


def run(roster: RosterImport, file: Path, *, statement: int = 0, seconds: float = 0) -> str:
    """Import in a process of its own; return what it printed, or «» when it was killed."""
    environment = os.environ | {
        "SECRET_KEY": portal_settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(file.parent),
        "ROSTER": str(file),
    }
    arguments = [roster.public_id, str(statement), str(seconds)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.import_one_roster", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.strip()


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


def nobody_else_is_connected() -> bool:
    """Whether this is the only session left: the server still ends what a killed process had asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone() == (0,)


def test_import_killed_is_all_or_nothing(confirmed, file) -> None:
    before = world()
    after = (
        NEW + KNOWN,
        NEW + KNOWN,
        before[2] + NEW,
        NEW + KNOWN,
        NEW + KNOWN,
        1,
        1,
    )

    for kill in range(KILLS):
        statement = 1 + kill * STATEMENTS // KILLS
        printed = run(confirmed, file, statement=statement, seconds=WITHIN * (kill % 2))
        wait_until(nobody_else_is_connected, "the session of a killed import")
        found = world()
        assert found in ((after,) if printed else (before, after))
        if found == after:  # Killed within the last statements, it may have come to its end before.
            break
    else:
        assert run(confirmed, file) == str(STATEMENTS)

    assert statement > STATEMENTS / 2
    assert world() == after


def test_import_of_the_same_file_again_is_refused_and_changes_nothing(confirmed, file) -> None:
    run(confirmed, file)
    once = world()

    with pytest.raises(AssertionError, match="TransitionNotAllowed"):
        run(confirmed, file)

    assert world() == once


def test_imports_at_once_queue_up(confirmed, file) -> None:
    results: list[str] = []

    def load() -> None:
        try:
            results.append(run(confirmed, file))
        except AssertionError as error:
            results.append("refused" if "TransitionNotAllowed" in str(error) else str(error))

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(result == "refused" for result in results) == [False, True]
    assert Enrollment.objects.count() == NEW + KNOWN
    assert TimelineEntry.objects.count() == NEW + KNOWN
