"""The verbs of the roster wizard (C-10): upload, match columns, apply fixes, import, cancel, send codes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from common.transitions import check
from common.uploads import ROSTER
from papers.actions import take_folio
from school.models import Plantel, SchoolCycle, User
from school.queries.planteles import cycle_on
from students.actions.files import checked_upload, keep_file
from students.actions.import_rows import Imported, import_rows
from students.models import RosterImport
from students.queries.roster import Change, plan_import
from students.queries.roster_imports import UNDO_FOR, leaving_stays, remembered_match
from students.roster_file import (
    REQUIRED,
    Checked,
    Finding,
    RosterRow,
    Table,
    check_rows,
    count_bad,
    guess_columns,
    matching_notes,
)
from students.states import IMPORT_MOVES, ImportState

WEB_ROWS = 5_000
COMMAND_ROWS = 100_000
SERIES = "P"


class NoCycle(Exception):
    """A roster belongs to a ciclo, and there is none yet."""

    sentence = "Todavía no hay ningún ciclo escolar. Pedir a administración que lo registre"


class NothingToImport(Exception):
    """No row can be imported."""

    sentence = "Ninguna fila se puede importar. Corregir la lista y subirla otra vez"


def _locked(roster_import: RosterImport) -> RosterImport:
    return (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("plantel", "cycle", "created_by", "file")
        .get(pk=roster_import.pk)
    )


def _move(roster_import: RosterImport, state: ImportState, *fields: str) -> None:
    check(IMPORT_MOVES, roster_import.state, state)
    roster_import.state = state
    roster_import.lease_until = None
    roster_import.attempts = 0
    roster_import.save(update_fields=["state", "lease_until", "attempts", *fields])


def upload_roster(
    plantel: Plantel, upload: UploadedFile, *, by: User, now: datetime
) -> RosterImport:
    """Store a roster in quarantine and put it in line to be read by the worker.

    Raises NoCycle, and what checked_upload raises for a file over the limits or of another kind.
    """
    cycle = cycle_on(timezone.localdate(now, plantel.zone))
    if cycle is None:
        raise NoCycle
    with checked_upload(upload, ROSTER) as checked, transaction.atomic():
        file = keep_file(checked, plantel=plantel, by=by, now=now)
        return RosterImport.objects.create(
            plantel=plantel, cycle=cycle, file=file, created_at=now, created_by=by
        )


@transaction.atomic
def keep_columns(roster_import: RosterImport, table: Table) -> None:
    """Keep what a read file looks like: its columns with guesses and samples, not its rows."""
    roster_import = _locked(roster_import)
    remembered = remembered_match(roster_import.plantel)
    columns = guess_columns(table.headers, table.rows, remembered=remembered)
    roster_import.columns = [asdict(column) for column in columns]
    roster_import.report = {
        "sheet": table.sheet,
        "rows": len(table.rows),
        "notes": [*table.notes, *matching_notes(columns)],
    }
    _move(roster_import, ImportState.READ, "columns", "report")


@transaction.atomic
def refuse_file(roster_import: RosterImport, code: str, details: Mapping[str, Any]) -> None:
    """End an import whose file cannot be read; `details` are what its sentence names."""
    roster_import = _locked(roster_import)
    roster_import.failure = code
    roster_import.report = {**roster_import.report, "details": dict(details)}
    _move(roster_import, ImportState.FAILED, "failure", "report")


@transaction.atomic
def match_columns(roster_import: RosterImport, columns: Mapping[str, int]) -> None:
    """Fix which column is which field and send the rows to be checked.

    Raises TransitionNotAllowed once the import is over, ValueError unless the obligatory fields are matched.
    """
    roster_import = _locked(roster_import)
    if set(REQUIRED) - columns.keys():
        raise ValueError("obligatory fields without a column")
    roster_import.matching = {"columns": dict(columns), "fixes": {}}
    _move(roster_import, ImportState.MATCHED, "matching")


@transaction.atomic
def apply_fixes(roster_import: RosterImport, places: Sequence[str]) -> None:
    """Take the proposed value in these «line:field» places and have the rows checked again."""
    roster_import = _locked(roster_import)
    proposed = {
        f"{finding['line']}:{finding['field']}": finding["fix"]
        for finding in roster_import.report.get("findings", [])
        if finding["fix"]
    }
    fixes = {place: proposed[place] for place in places if place in proposed}
    roster_import.matching = {
        **roster_import.matching,
        "fixes": {**roster_import.matching.get("fixes", {}), **fixes},
    }
    _move(roster_import, ImportState.MATCHED, "matching")


def check_table(table: Table, matching: Mapping[str, Any], *, today: date) -> Checked:
    """Check a table's rows as they were matched and fixed."""
    return check_rows(
        table.lines, table.rows, matching["columns"], today=today, fixes=matching.get("fixes")
    )


@transaction.atomic
def keep_check(roster_import: RosterImport, table: Table, *, today: date) -> None:
    """Keep what importing the file would do, row by row; nothing is written to students."""
    roster_import = _locked(roster_import)
    checked = check_table(table, roster_import.matching, today=today)
    plan = plan_import(roster_import.plantel, roster_import.cycle, checked.rows)
    leaving = leaving_stays(roster_import.plantel, roster_import.cycle, checked)
    findings = _in_order([*checked.findings, *plan.findings, *leaving.findings])
    roster_import.report = {
        **_file_of(roster_import),
        **_found(findings, table),
        "counts": {
            "new": len(plan.new),
            "changed": len(plan.changes),
            "same": plan.same,
            "bad": count_bad(findings),
            "missing": len(leaving.missing),
            "marked": len(leaving.marked),
        },
        "changes": [_change(change) for change in plan.changes],
    }
    _move(roster_import, ImportState.CHECKED, "report")


def _file_of(roster_import: RosterImport) -> dict[str, Any]:
    return {key: roster_import.report.get(key) for key in ("sheet", "rows", "notes")}


def _found(findings: Sequence[Finding], table: Table) -> dict[str, Any]:
    """Keep what was found, and the wrong rows as they stood: they are handed out to be corrected."""
    bad = {finding.line for finding in findings if finding.blocks}
    rows = zip(table.lines, table.rows, strict=True)
    return {
        "findings": [asdict(finding) for finding in findings],
        "bad_rows": [[line, cells] for line, cells in rows if line in bad],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "line": change.row.line,
        "name": change.person.list_name,
        "matricula": change.row.matricula,
        "differences": [[item.label, item.before, item.after] for item in change.differences],
    }


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (not finding.blocks, finding.line))


@transaction.atomic
def confirm_import(roster_import: RosterImport) -> None:
    """Order the import of the correct rows. Raises NothingToImport, TransitionNotAllowed."""
    roster_import = _locked(roster_import)
    counts = roster_import.report.get("counts", {})
    if not any(counts.get(key) for key in ("new", "changed", "missing")):
        raise NothingToImport
    _move(roster_import, ImportState.CONFIRMED)


@transaction.atomic
def cancel_import(roster_import: RosterImport) -> None:
    """Drop an import before anything was written. Raises TransitionNotAllowed."""
    roster_import = _locked(roster_import)
    roster_import.report = {"counts": roster_import.report.get("counts", {})}
    _move(roster_import, ImportState.CANCELLED, "report")


@transaction.atomic
def import_file(
    plantel: Plantel,
    cycle: SchoolCycle,
    rows: list[RosterRow],
    *,
    by: User | None = None,
    now: datetime,
    today: date,
) -> tuple[str, Imported]:
    """Import clean rows under a new folio; the way of the wizard and of the command."""
    folio = take_folio(SERIES, plantel, year=today.year)
    return folio, import_rows(plantel, cycle, rows, by=by, folio=folio, now=now, today=today)


@transaction.atomic
def import_roster(roster_import: RosterImport, table: Table, *, now: datetime) -> Imported:
    """Import the correct rows of a confirmed file and give it its folio."""
    roster_import = _locked(roster_import)
    check(IMPORT_MOVES, roster_import.state, ImportState.IMPORTED)
    today = timezone.localdate(now, roster_import.plantel.zone)
    checked = check_table(table, roster_import.matching, today=today)
    roster_import.folio, imported = import_file(
        roster_import.plantel,
        roster_import.cycle,
        checked.rows,
        by=roster_import.created_by,
        now=now,
        today=today,
    )
    leaving = leaving_stays(roster_import.plantel, roster_import.cycle, checked)
    findings = _in_order([*checked.findings, *imported.findings, *leaving.findings])
    roster_import.imported_at = now
    roster_import.report = {
        **_file_of(roster_import),
        **_found(findings, table),
        "counts": {
            "new": len(imported.created),
            "changed": imported.changed,
            "same": imported.same,
            "bad": count_bad(findings),
            "missing": len(leaving.missing),
            "marked": len(leaving.marked),
        },
        "created": imported.created,
        "persons": imported.persons,
        "former": imported.former,
        "readdressed": imported.readdressed,
        "missing": leaving.missing,
        "marked": leaving.marked,
    }
    _move(roster_import, ImportState.IMPORTED, "folio", "imported_at", "report")
    _forget_former(roster_import.plantel, now=now)
    return imported


def _forget_former(plantel: Plantel, *, now: datetime) -> None:
    """Drop the former values of imports that can no longer be undone: nobody needs that copy.

    One on which somebody decides at this moment keeps them until the next import.
    """
    past = RosterImport.objects.select_for_update(of=("self",), skip_locked=True).filter(
        plantel=plantel, imported_at__lt=now - UNDO_FOR, report__has_key="former"
    )
    for roster_import in past:
        del roster_import.report["former"]
        roster_import.save(update_fields=["report"])
