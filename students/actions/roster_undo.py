"""«Deshacer esta importación»: within 24 hours, and only while nothing happened with its students."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from common.texts import counted
from common.transitions import check
from school.models import User
from students import timeline
from students.actions.mailboxes import follow_roster
from students.actions.reminders import hold_stays
from students.actions.roster_copy import tables
from students.models import Enrollment, RosterImport, Student, TimelineEntry
from students.queries.roster_imports import later_import, may_be_undone, touched_stays
from students.states import IMPORT_MOVES, Event, ImportState

Former = Mapping[int, Mapping[str, Mapping[str, list[Any]]]]


class TooLateToUndo(Exception):
    """The 24 hours are over."""

    sentence = (
        "Pasaron más de 24 horas y ya no se puede deshacer. Corregir la lista y subirla otra vez"
    )


class ImportedSince(Exception):
    """Another list was imported on top of this one."""

    def __init__(self, folio: str) -> None:
        self.sentence = f"Después se importó otra lista, {folio}. Deshacer primero esa"
        super().__init__(self.sentence)


class StudentsActed(Exception):
    """Something happened with students of the import, so undoing it would lose somebody's work."""

    def __init__(self, count: int) -> None:
        self.sentence = (
            f"Con {counted(count, 'estudiante')} de esta lista ya se hizo algo después: entrar, recibir código "
            "o aviso, o cambiar un dato. Ya no se puede deshacer; corregir la lista y subirla otra vez"
        )
        super().__init__(self.sentence)


class ValuesTaken(Exception):
    """Somebody else was given a matrícula or a CURP that the import had changed."""

    sentence = (
        "Otra persona usa ya una matrícula o CURP de antes: no se puede deshacer. "
        "Corregir la lista y subirla otra vez"
    )


@transaction.atomic
def undo_import(roster_import: RosterImport, *, by: User, now: datetime) -> None:
    """Take back an import: who came with it goes, who changed is as before. All or nothing.

    Raises TransitionNotAllowed unless it is imported, TooLateToUndo, ImportedSince, StudentsActed,
    ValuesTaken.
    """
    tables().queue_on([roster_import.plantel])
    roster_import = RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)
    check(IMPORT_MOVES, roster_import.state, ImportState.UNDONE)
    if not may_be_undone(roster_import, now):
        raise TooLateToUndo
    if later := later_import(roster_import):
        raise ImportedSince(later.folio or "")
    report = roster_import.report
    created: list[int] = report.get("created", [])
    former: Former = {int(pk): parts for pk, parts in report.get("former", {}).items()}
    hold_stays([*created, *former])
    owners = _lock([*created, *former])
    touched = touched_stays(roster_import, created, former) | _differing(former, owners)
    if touched:
        raise StudentsActed(len(touched))
    _delete(created, report.get("persons", []))
    if emails := _former_emails(former):
        follow_roster(emails, now=now)
    _restore(former, owners)
    timeline.record_many(
        TimelineEntry(
            enrollment_id=pk,
            event=Event.ROSTER_UNDONE,
            at=now,
            by=by,
            data={"folio": roster_import.folio},
        )
        for pk in former
    )
    roster_import.state = ImportState.UNDONE
    roster_import.undone_at, roster_import.undone_by = now, by
    kept = ("sheet", "rows", "notes", "counts", "withdrawn")
    roster_import.report = {key: report[key] for key in kept if key in report}
    roster_import.save(update_fields=["state", "undone_at", "undone_by", "report"])


def _former_emails(former: Former) -> dict[int, str]:
    stays = {pk: parts["stay"] for pk, parts in former.items()}
    return {pk: stay["roster_email"][0] for pk, stay in stays.items() if "roster_email" in stay}


def _lock(stays: list[int]) -> dict[int, int]:
    """Hold the stays and then their persons, as an import does; gives each stay's person."""
    locked = Enrollment.objects.select_for_update(of=("self",)).filter(pk__in=stays)
    owners = dict(locked.order_by("pk").values_list("pk", "student_id"))
    persons = Student.objects.select_for_update(of=("self",)).filter(pk__in=owners.values())
    list(persons.order_by("pk").values_list("pk"))
    return owners


def _differing(former: Former, owners: Mapping[int, int]) -> set[int]:
    """Return the changed stays that no longer hold what the import wrote."""
    found: set[int] = set()
    for model, part, ids in _parts(former, owners):
        names = sorted({name for pk in former for name in former[pk][part]})
        rows = model._base_manager.filter(pk__in=ids.values()).values("pk", *names)
        current = {row["pk"]: row for row in rows}
        found |= {
            pk
            for pk in former
            for name, (_, after) in former[pk][part].items()
            if _as_json(current[ids[pk]][name]) != after
        }
    return found


def _parts(
    former: Former, owners: Mapping[int, int]
) -> list[tuple[type[models.Model], str, Mapping[int, int]]]:
    """Pair each table with its part of the former values and with the row of each stay in it."""
    return [
        (Enrollment, "stay", {pk: pk for pk in former}),
        (Student, "person", {pk: owners[pk] for pk in former}),
    ]


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _restore(former: Former, owners: Mapping[int, int]) -> None:
    """The constraints decide: what the list had changed was free for anybody since."""
    for model, part, ids in _parts(former, owners):
        columns: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        for pk in former:
            for name, (before, _) in former[pk][part].items():
                columns[name][ids[pk]] = before
        for name, values in columns.items():
            try:
                tables().update_rows(model, list(values), {name: list(values.values())})
            except IntegrityError:
                raise ValuesTaken from None


def _delete(created: list[int], persons: list[int]) -> None:
    """Delete new stays, their first line of history, and the persons nobody knew before.

    Every key to them is PROTECT: what hangs on one of them stops the whole.
    """
    TimelineEntry.objects.filter(enrollment__in=created).delete()
    Enrollment.objects.filter(pk__in=created).delete()
    students = Student.objects.filter(pk__in=persons)
    users = list(students.values_list("user", flat=True))
    students.delete()
    User.objects.filter(pk__in=users).delete()
