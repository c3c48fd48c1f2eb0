"""The frozen files of a batch: the plain relation twice, and the movement file where a profile says how."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import replace

from affiliation import movement_file
from affiliation.models import Batch, BatchFile, Profile
from affiliation.queries.check import Ready
from affiliation.queries.frozen import lines_of
from affiliation.queries.profiles import file_profile
from affiliation.relation import relation_csv, relation_xlsx
from affiliation.states import BatchFileKind


def write_files(
    batch: Batch, ready: Sequence[Ready], references: Sequence[str], profile: Profile | None
) -> list[BatchFile]:
    """Write and keep the files of a batch; without a profile there is no movement file.

    Raises movement_file.CannotWrite for what the revisión previa did not let through.
    """
    movements = [
        replace(one.movement, reference=reference)
        for one, reference in zip(ready, references, strict=True)
    ]
    lines = lines_of(
        batch, ((one.student, movement) for one, movement in zip(ready, movements, strict=True))
    )
    files = [
        _file(batch, BatchFileKind.XLSX, f"{batch.folio}.xlsx", relation_xlsx(batch.folio, lines)),
        _file(batch, BatchFileKind.CSV, f"{batch.folio}.csv", relation_csv(lines)),
    ]
    if profile is not None:
        how = file_profile(profile.registro_patronal, profile.settings)
        content = movement_file.write(movements, how, batch.kind)
        files.append(_file(batch, BatchFileKind.MOVEMENTS, f"{batch.folio}.txt", content))
    return BatchFile.objects.bulk_create(files)


def _file(batch: Batch, kind: BatchFileKind, name: str, content: bytes) -> BatchFile:
    return BatchFile(
        batch=batch,
        kind=kind,
        name=name,
        content=zlib.compress(content, level=1),  # an XLSX grows no smaller by more
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
