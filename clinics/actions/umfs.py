"""The catalogue of clinics of a plantel: written by hand, imported from a list, and an unused one taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clinics.actions.errors import NoUMFRead, UMFGone, UMFInUse
from clinics.models import UMF
from clinics.umf_file import UMFRow, WrongRow, read_umfs
from school.models import Plantel
from students.actions.tables import read_table_of

MOST_ROWS = 1_000


@dataclass(frozen=True)
class ImportedUMFs:
    """What a list did: how many clinics are new, how many it changed, and the rows that say none."""

    new: int
    changed: int
    wrong: list[WrongRow] = field(default_factory=list)


@transaction.atomic
def save_umf(plantel: Plantel, row: UMFRow) -> UMF:
    """Put a clinic into the catalogue of the plantel, or change the name and address of the one there."""
    umf, _ = UMF.objects.update_or_create(
        plantel=plantel,
        number=row.number,
        defaults={"name": row.name, "address": row.address},
    )
    return umf


@transaction.atomic
def delete_umf(umf: UMF) -> None:
    """Take out of the catalogue a clinic in which nobody is registered. Raises UMFInUse, UMFGone."""
    locked = UMF.objects.select_for_update(of=("self",)).filter(pk=umf.pk).first()
    if locked is None:
        raise UMFGone
    if locked.registrations.exists():
        raise UMFInUse
    locked.delete()


def import_umfs(plantel: Plantel, upload: UploadedFile) -> ImportedUMFs:
    """Read a list (XLSX or CSV) in a limited child and put its clinics into the catalogue.

    What the list leaves empty stays as it is; the file itself is not kept. Raises UploadRefused, NoSlot when the
    machine is busy, NoUMFRead for a list without one number.
    """
    table = read_table_of(upload, max_rows=MOST_ROWS)
    rows, wrong = read_umfs(table.headers, table.lines, table.rows)
    if not rows:
        raise NoUMFRead
    return _write(plantel, rows, wrong)


@transaction.atomic
def _write(plantel: Plantel, rows: Sequence[UMFRow], wrong: list[WrongRow]) -> ImportedUMFs:
    known = {
        umf.number: umf
        for umf in UMF.objects.select_for_update(of=("self",)).filter(plantel=plantel)
    }
    changed = []
    for row in rows:
        umf = known.get(row.number)
        if umf is None:
            continue
        name, address = row.name or umf.name, row.address or umf.address
        if (name, address) != (umf.name, umf.address):
            umf.name, umf.address = name, address
            changed.append(umf)
    UMF.objects.bulk_update(changed, ["name", "address"])
    new = UMF.objects.bulk_create(
        [
            UMF(plantel=plantel, number=row.number, name=row.name, address=row.address)
            for row in rows
            if row.number not in known
        ],
        ignore_conflicts=True,
    )
    return ImportedUMFs(len(new), len(changed), wrong)
