"""The frozen files of a batch, and whom they tell otherwise by now."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from affiliation import movement_file
from affiliation.models import Batch, BatchFile
from affiliation.queries.batches import still_right
from affiliation.queries.check import Candidate, candidates, movement_of, usable_profile
from affiliation.relation import Line, changed_columns
from affiliation.states import BatchFileKind
from students.models import Enrollment

THE_BAJA = "Baja"


@dataclass(frozen=True)
class Outdated:
    """A student whom the frozen files of a batch tell otherwise; `columns` name what."""

    student: Candidate
    columns: list[str]

    @property
    def told(self) -> str:
        """Who it is and what changed, for a sentence."""
        return f"{self.student.list_name} ({', '.join(self.columns)})"


def lines_of(
    batch: Batch, movements: Iterable[tuple[Candidate, movement_file.Movement]]
) -> list[Line]:
    """Return the plain relation of these movements."""
    what = f"{batch.kind} {batch.get_kind_display()}"
    return [
        Line(
            one.reference,
            one.nss,
            one.curp,
            one.first_surname,
            one.second_surname,
            one.given_names,
            f"{one.date:%d/%m/%Y}",
            what,
            batch.registro_patronal,
            student.matricula,
            student.group,
        )
        for student, one in movements
    ]


def content_of(file: BatchFile) -> bytes:
    """Return the bytes of a file as they were frozen."""
    return zlib.decompress(file.content)


def is_profile_outdated(batch: Batch) -> bool:
    """Whether a batch made now would carry another registro patronal, or other settings of the profile.

    A profile that lacks something for this kind writes no movement file and counts as none, as it did when the batch
    was made.
    """
    profile, _ = usable_profile(batch.plantel, batch.kind)
    now = (batch.plantel.registro_patronal, profile.settings if profile else {})
    return now != (batch.registro_patronal, batch.settings)


def outdated_in(batch: Batch) -> list[Outdated]:
    """Return whose data, of those who still go in a batch, changed since its files were written.

    Compared is what IMSS gets: a new group is no reason to make a batch again. A fixed number of queries for any
    number of students.
    """
    file = batch.files.filter(kind=BatchFileKind.CSV).first()
    if file is None:
        return []
    rows = batch.movements.values_list("enrollment", "reference", "baja")
    made = {stay: (reference, baja) for stay, reference, baja in rows}
    stays = Enrollment.objects.filter(movements__batch=batch, pk__in=still_right(batch))
    now = {made[one.pk][0]: one for one in candidates(stays, batch.kind)}
    changed = changed_columns(content_of(file), lines_of(batch, _movements(batch, now)))
    for reference, one in now.items():
        if one.baja != made[one.pk][1]:  # its cause may be another
            changed.setdefault(reference, []).append(THE_BAJA)
    return [
        Outdated(now[reference], changed[reference]) for reference in now if reference in changed
    ]


def _movements(
    batch: Batch, students: Mapping[str, Candidate]
) -> Iterator[tuple[Candidate, movement_file.Movement]]:
    for reference, one in students.items():
        movement = movement_of(one, batch.kind, batch.effective_on, batch.plantel)
        yield one, replace(movement, reference=reference)
