"""R10: what docs/operations.md keeps of the database comes back whole, or not at all."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from students.actions.access_log import seal_looks
from students.actions.looks import record_look
from students.states import Look
from tests.conftest import ROOT
from tests.factories.nss import AcuseFactory
from tests.factories.school import UserFactory
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def documented(program: str, dump: Path, database: str) -> list[str]:
    """Give a command of the manual, with another file, another database and the role of the tests."""
    manual = (ROOT / "docs" / "operations.md").read_text()
    (line,) = re.findall(rf"^\$ ({program} .+)$", manual, re.MULTILINE)
    line = line.replace("/backup/portal.dump", str(dump)).replace("imss_afiliacion", database)
    return shlex.split(line.replace("role=app", f"role={os.environ['PGUSER']}"))


@pytest.fixture
def other() -> Iterator[str]:
    """An empty database beside the one of the tests."""
    name = f"{connection.settings_dict['NAME']}_restored"
    subprocess.run(["createdb", name], check=True)  # noqa: S607 -- on the PATH
    yield name
    subprocess.run(["dropdb", name], check=True)  # noqa: S607 -- on the PATH


@pytest.fixture
def dump(tmp_path) -> Path:
    """A backup of a little of everything."""
    acuses = AcuseFactory.create_batch(2)
    for acuse in acuses:
        record_look(acuse.request.enrollment, Look.FULL_NSS, by=UserFactory(), now=NOW)
    seal_looks(now=NOW)
    path = tmp_path / "portal.dump"
    subprocess.run(documented("pg_dump", path, connection.settings_dict["NAME"]), check=True)
    return path


def content(database: str) -> dict[str, object]:
    """Tell the rows of each table, and the next id of each sequence, from any others."""
    found: dict[str, object] = {}
    with psycopg2.connect(dbname=database) as known, known.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608 -- no input
            rows = cursor.fetchall()
            found[table] = len(rows), sha256(repr(rows).encode()).hexdigest()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
        found |= dict(cursor.fetchall())
    known.close()
    return found


def test_a_backup_comes_back_row_by_row(dump, other):
    subprocess.run(documented("pg_restore", dump, other), check=True)

    before = content(connection.settings_dict["NAME"])
    assert content(other) == before
    assert before["students_accessseal"][0] == 1
    assert before["nss_acuse"][0] == 2


def test_a_backup_that_was_cut_off_is_refused(dump, other):
    dump.write_bytes(dump.read_bytes()[:-2_000])

    done = subprocess.run(documented("pg_restore", dump, other), check=False, capture_output=True)

    assert done.returncode != 0
