"""The sweeps of rosters, documents and slips."""

from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from celery import shared_task
from django.utils import timezone

from common.joining import join_pdfs
from common.leases import claim, give_back
from common.transitions import TransitionNotAllowed
from common.uploads import Limits, NoSlot, Refusal, run_child
from papers.actions import fail_printing, finish_printing, report_progress, start_printing
from papers.models import PrintJob
from papers.queries import jobs_due
from papers.states import PaperKind
from school.access import Ability, may
from students.actions.access_codes import issue_codes
from students.actions.access_log import BATCH, seal_looks
from students.actions.files import absolute, prepare_file
from students.actions.files import refuse_file as refuse_document
from students.actions.orphans import delete_orphans
from students.actions.roster import (
    WEB_ROWS,
    import_roster,
    keep_check,
    keep_columns,
    refuse_file,
)
from students.models import RosterImport, StoredFile
from students.queries.access_codes import stays_of_slips
from students.queries.files import files_to_prepare
from students.queries.roster_imports import rosters_due
from students.render import draw_sheets, sheets_of_slips
from students.roster_file import JOB, Table
from students.states import CodeChannel, FileKind, ImportState

LEASE = timedelta(seconds=90)  # longer than a task may run
READING = Limits(memory_mb=512, cpu_seconds=20, wall_seconds=40)
MAX_ATTEMPTS = 3
SHEETS_A_CHUNK = 20
SEALING_SECONDS = 30
GAVE_UP = "No se pudo imprimir después de varios intentos. Pedirlo otra vez: las hojas anteriores ya no sirven"

NOT_ANY_MORE = "Quien lo pidió ya no puede imprimir códigos en este plantel"


@shared_task
def read_rosters() -> int:
    """Read, check or import the roster that waits longest; returns how many were handled."""
    now = timezone.now()
    keys = claim(rosters_due(now), now=now, lease=LEASE, limit=1)
    for pk in keys:
        read_roster(pk, held_until=now + LEASE)
    return len(keys)


def read_roster(pk: int, *, held_until: datetime) -> None:
    """Take one import a step further; one that killed its worker three times ends there."""
    roster_import = RosterImport.objects.select_related("plantel", "file").get(pk=pk)
    if roster_import.attempts > MAX_ATTEMPTS:
        refuse_file(roster_import, _why_given_up(roster_import), {})
        return
    try:
        table = _read_table(roster_import)
    except NoSlot:
        give_back(RosterImport, pk, held_until=held_until)
        return
    if table is not None:
        _go_on(roster_import, table)


def _why_given_up(roster_import: RosterImport) -> Refusal:
    """A file that was read and checked is not to blame for what happens while its rows are written."""
    is_checked = roster_import.state == ImportState.CONFIRMED
    return Refusal.NOT_WRITTEN if is_checked else Refusal.ARCHIVE_DAMAGED


def _read_table(roster_import: RosterImport) -> Table | None:
    path = absolute(roster_import.file.path)
    result = run_child(JOB, path, limits=READING, arguments={"max_rows": WEB_ROWS})
    if result.refused is not None:
        refuse_file(roster_import, result.refused.code, result.refused.details)
        return None
    if not result.is_done:
        refuse_file(roster_import, Refusal.ARCHIVE_DAMAGED, {})
        return None
    return Table.from_json(result.value)


def _go_on(roster_import: RosterImport, table: Table) -> None:
    now = timezone.now()
    if roster_import.state == ImportState.UPLOADED:
        keep_columns(roster_import, table)
    elif roster_import.state == ImportState.MATCHED:
        today = timezone.localdate(now, roster_import.plantel.zone)
        keep_check(roster_import, table, today=today)
    else:
        import_roster(roster_import, table, now=now)


@shared_task
def prepare_files() -> int:
    """Draw the document that waits longest for its safe pictures; returns how many were handled."""
    now = timezone.now()
    keys = claim(files_to_prepare(now), now=now, lease=LEASE, limit=1)
    for pk in keys:
        prepare_claimed(pk, held_until=now + LEASE)
    return len(keys)


def prepare_claimed(pk: int, *, held_until: datetime) -> None:
    """Draw one document; one that killed its worker three times is called damaged."""
    file = StoredFile.objects.get(pk=pk)
    with suppress(TransitionNotAllowed):  # its own app was faster
        if file.attempts > MAX_ATTEMPTS:
            refuse_document(file, _damaged(file))
            return
        try:
            prepare_file(file)
        except NoSlot:
            give_back(StoredFile, pk, held_until=held_until)


def _damaged(file: StoredFile) -> Refusal:
    return Refusal.PDF_DAMAGED if file.kind == FileKind.PDF else Refusal.IMAGE_DAMAGED


@shared_task
def delete_orphan_files() -> int:
    """Delete this hour's share of the files that no row names; returns how many."""
    return delete_orphans(now=timezone.now())


@shared_task
def print_slips() -> int:
    """Draw the slips that wait longest and return how many jobs were handled."""
    now = timezone.now()
    keys = claim(jobs_due(PaperKind.SLIPS, now), now=now, lease=LEASE, limit=1)
    for pk in keys:
        draw_slips(pk)
    return len(keys)


def draw_slips(pk: int) -> None:
    """Make the codes of one job and draw them, 20 sheets at a time.

    Taken over from a worker that died, it makes new codes: the first ones were seen by nobody. Whoever may not
    print codes any more gets none, and the students keep theirs (security T23).
    """
    try:
        job = start_printing(PrintJob.objects.get(pk=pk))
        if job.attempts > MAX_ATTEMPTS:
            fail_printing(job, GAVE_UP)
            return
        if not may(job.created_by, Ability.PRINT_CODES, job.plantel):
            fail_printing(job, NOT_ANY_MORE)
            return
        finish_printing(job, _draw(job), now=timezone.now())
    except TransitionNotAllowed:
        return  # cancelled while it was drawn


def _draw(job: PrintJob) -> bytes:
    stays = list(stays_of_slips(job.parameters["enrollments"]))
    now = timezone.now()
    codes = issue_codes(stays, CodeChannel.SLIP, by=job.created_by, now=now)
    sheets = sheets_of_slips(stays, codes)
    parts: list[bytes] = []
    for at in range(0, len(sheets), SHEETS_A_CHUNK):
        chunk = sheets[at : at + SHEETS_A_CHUNK]
        parts.append(draw_sheets(chunk, job, printed_on=timezone.localdate(now, job.plantel.zone)))
        report_progress(job, at + len(chunk))
    return join_pdfs(parts)


@shared_task
def seal_access_log() -> int:
    """Seal the looks that wait, for half a minute at most; returns how many batches."""
    batches, stop_at = 0, monotonic() + SEALING_SECONDS
    while monotonic() < stop_at and (seal := seal_looks(now=timezone.now())):
        batches += 1
        if len(seal.rows) < BATCH:
            break
    return batches
