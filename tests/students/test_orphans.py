"""R6: no file without a row after a day; a file with a row is never touched."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from papers.models import PrintJob, PrintPart
from papers.states import PaperKind
from students.actions.files import absolute
from students.actions.orphans import delete_orphans
from students.tasks import delete_orphan_files
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory

pytestmark = pytest.mark.django_db
NAME = "0123456789abcdef0123456789abcd"
MIDNIGHT = NOW.replace(hour=0)


def put(path: str, *, hours: int) -> Path:
    """Leave a file that was written so many hours before."""
    file = absolute(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF-")
    written = (MIDNIGHT - timedelta(hours=hours)).timestamp()
    os.utime(file, (written, written))
    return file


@pytest.mark.parametrize("tail", ["", "-01", ".part", "-01.part"])
def test_delete_orphans_without_a_row(tail):
    file = put(f"00/00{NAME}{tail}", hours=25)

    assert delete_orphans(now=MIDNIGHT) == 1
    assert not file.exists()
    assert delete_orphans(now=MIDNIGHT) == 0


def test_delete_orphans_leaves_what_a_row_names():
    upload = StoredFileFactory(path=f"00/00{NAME}")
    files = [put(upload.path, hours=99), put(f"{upload.path}-01", hours=99)]
    stay = EnrollmentFactory()
    sheet, part = f"00/11{NAME}", f"00/22{NAME}"
    job = PrintJob.objects.create(
        plantel=stay.plantel,
        kind=PaperKind.SLIPS,
        title="Códigos",
        path=sheet,
        created_at=NOW,
        created_by=stay.student.user,
    )
    PrintPart.objects.create(job=job, number=1, start=0, stop=50, path=part)
    files += [put(sheet, hours=99), put(part, hours=99)]

    assert delete_orphans(now=MIDNIGHT) == 0
    assert all(file.exists() for file in files)


def test_delete_orphans_leaves_an_upload_of_today():
    assert put(f"00/00{NAME}", hours=23).exists()

    assert delete_orphans(now=MIDNIGHT) == 0


def test_delete_orphans_goes_through_all_folders_in_a_day():
    for number in range(256):
        put(f"{number:02x}/{number:02x}{NAME}", hours=99)

    deleted = [delete_orphans(now=MIDNIGHT + timedelta(hours=hour)) for hour in range(24)]

    assert sum(deleted) == 256
    assert max(deleted) == 11


def test_delete_orphan_files_runs_on_an_empty_store():
    assert (delete_orphan_files(), delete_orphan_files()) == (0, 0)
