"""Tables that people send: read in a limited child, nothing of them is kept."""

from django.core.files.uploadedfile import UploadedFile

from common.uploads import ROSTER, Limits, Refusal, Refused, run_child
from students.actions.files import UploadRefused, absolute, checked_upload
from students.roster_file import JOB, Table

READING = Limits(memory_mb=512, cpu_seconds=10, wall_seconds=20)


def read_table_of(upload: UploadedFile, *, max_rows: int) -> Table:
    """Return the cells of an XLSX or CSV.

    Raises UploadRefused for a file that is no table of so many rows, NoSlot when the machine is busy.
    """
    with checked_upload(upload, ROSTER) as checked:
        result = run_child(
            JOB, absolute(checked.path), limits=READING, arguments={"max_rows": max_rows}
        )
    if not result.is_done:
        refused = result.refused or Refused(Refusal.ARCHIVE_DAMAGED)
        raise UploadRefused(refused, is_table=True)
    return Table.from_json(result.value)
