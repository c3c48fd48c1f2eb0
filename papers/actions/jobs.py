"""Print jobs: ordered, taken in hand, drawn, downloaded, gone."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from common.transitions import TransitionNotAllowed, check
from papers.models import LotDownload, LotPaper, Paper, PrintJob
from papers.queries import expired_jobs
from papers.states import CALLED_OFF, PRINT_MOVES, WAITING, PaperKind, PrintState
from school.models import Plantel, User

KEPT = timedelta(hours=1)
LOT_KEPT = timedelta(days=7)


class SheetsGone(Exception):
    """The PDF was downloaded already, or its time is over."""

    sentence = "Estas hojas ya se descargaron o pasó su hora, y se borraron. Imprimirlas otra vez"


class LotGone(SheetsGone):
    """The PDF of a lot is not there yet, or its week is over."""

    sentence = (
        "El PDF de este lote se guarda 7 días y ya no está. Pedir la reimpresión de sus hojas"
    )


class AlreadyPrinted(Exception):
    """Somebody said already that the sheets came out of the printer."""

    sentence = "Estas hojas ya estaban marcadas como impresas"


@transaction.atomic
def queue_print_job(
    plantel: Plantel,
    kind: PaperKind,
    *,
    title: str,
    parameters: dict[str, Any],
    sheets: int,
    by: User,
    now: datetime,
) -> PrintJob:
    """Put one PDF in line for the worker; `parameters` hold ids, never a name or a secret.

    Ordering again what the same person already waits for returns that job: two presses are one.
    """
    Plantel.objects.select_for_update(of=("self",), no_key=True).get(pk=plantel.pk)
    twin = PrintJob.objects.filter(
        plantel=plantel,
        kind=kind,
        parameters=parameters,
        created_by=by,
        state__in=WAITING,
    ).first()
    if twin is not None:
        return twin
    return PrintJob.objects.create(
        plantel=plantel,
        kind=kind,
        title=title[:120],
        parameters=parameters,
        sheets_total=sheets,
        created_by=by,
        created_at=now,
    )


def locked_job(job: PrintJob) -> PrintJob:
    """Return the job's row, locked until the transaction ends."""
    return PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)


@transaction.atomic
def start_printing(job: PrintJob) -> PrintJob:
    """Take a claimed job in hand, or take it over from a worker that died.

    Raises TransitionNotAllowed when it was cancelled in the meantime.
    """
    job = locked_job(job)
    if job.state != PrintState.PRINTING:
        check(PRINT_MOVES, job.state, PrintState.PRINTING)
    job.state, job.sheets_done = PrintState.PRINTING, 0
    job.save(update_fields=["state", "sheets_done"])
    return job


@transaction.atomic
def report_progress(job: PrintJob, sheets_done: int) -> None:
    """Say how far a job has come. Raises TransitionNotAllowed when it was cancelled."""
    job = locked_job(job)
    if job.state != PrintState.PRINTING:
        raise TransitionNotAllowed(job.state, PrintState.PRINTING)
    job.sheets_done = sheets_done
    job.save(update_fields=["sheets_done"])


@transaction.atomic
def finish_printing(job: PrintJob, pdf: bytes, *, now: datetime) -> PrintJob:
    """Keep the drawn PDF: for an hour, that of a lot of the plantel's for seven days.

    Raises TransitionNotAllowed when it was cancelled.
    """
    job = locked_job(job)
    check(PRINT_MOVES, job.state, PrintState.READY)
    _forget_parts(job)
    job.path = keep_pdf(pdf)
    job.state, job.ready_at = PrintState.READY, now
    is_shared = job.is_lot and not job.parameters["is_own"]
    job.expires_at = now + (LOT_KEPT if is_shared else KEPT)
    job.sheets_done, job.lease_until = job.sheets_total, None
    job.save(
        update_fields=["path", "state", "ready_at", "expires_at", "sheets_done", "lease_until"]
    )
    return job


@transaction.atomic
def fail_printing(job: PrintJob, error: str) -> None:
    """Give a job up; `error` is what the person reads."""
    job = locked_job(job)
    check(PRINT_MOVES, job.state, PrintState.FAILED)
    job.state, job.error, job.lease_until = PrintState.FAILED, error, None
    job.save(update_fields=["state", "error", "lease_until"])
    _undo_lot(job)


@transaction.atomic
def cancel_print_job(job: PrintJob) -> None:
    """Call off a job that still waits, or a lot that is not ready yet.

    Raises TransitionNotAllowed for anything else. Sheets with codes cannot be called off once the worker has them:
    by then the new codes exist and the old sheets are worth nothing, so somebody must get the new ones.
    """
    job = locked_job(job)
    check(PRINT_MOVES, job.state, PrintState.CANCELLED)
    if job.state == PrintState.PRINTING and not job.is_lot:
        raise TransitionNotAllowed(job.state, PrintState.CANCELLED)
    job.state = PrintState.CANCELLED
    job.save(update_fields=["state"])
    _undo_lot(job)


@transaction.atomic
def take_download(job: PrintJob, *, now: datetime) -> bytes:
    """Hand out the PDF once and delete it. Raises SheetsGone the second time and after an hour."""
    job = locked_job(job)
    if _is_gone(job, now):
        raise SheetsGone
    with default_storage.open(job.path) as file:
        pdf: bytes = file.read()
    _forget(job)
    job.downloaded_at = now
    job.save(update_fields=["path", "downloaded_at"])
    return pdf


@transaction.atomic
def download_lot(job: PrintJob, *, by: User, now: datetime) -> bytes:
    """Hand out the PDF of a lot, as often as asked, and write down to whom. Raises LotGone."""
    job = locked_job(job)
    if _is_gone(job, now):
        raise LotGone
    LotDownload.objects.create(job=job, by=by, at=now)
    job.downloaded_at = now
    job.save(update_fields=["downloaded_at"])
    with default_storage.open(job.path) as file:
        pdf: bytes = file.read()
    return pdf


@transaction.atomic
def mark_printed(job: PrintJob, *, by: User, now: datetime) -> None:
    """Note that the sheets of a lot came out of the printer.

    Raises AlreadyPrinted the second time, TransitionNotAllowed for what is no lot or not ready.
    """
    job = locked_job(job)
    if not job.is_lot or job.state != PrintState.READY:
        raise TransitionNotAllowed(job.state, PrintState.READY)
    if job.printed_at is not None:
        raise AlreadyPrinted
    job.printed_at, job.printed_by = now, by
    job.save(update_fields=["printed_at", "printed_by"])


@transaction.atomic
def delete_expired_sheets(*, now: datetime) -> int:
    """Delete the PDFs whose time is over; returns how many."""
    jobs = list(expired_jobs(now).select_for_update(skip_locked=True, of=("self",)))
    for job in jobs:
        _forget(job)
        job.save(update_fields=["path"])
    return len(jobs)


def _is_gone(job: PrintJob, now: datetime) -> bool:
    is_over = job.expires_at is not None and job.expires_at <= now
    return job.state != PrintState.READY or not job.path or is_over


def _forget(job: PrintJob) -> None:
    # The file goes when the row's change is sure: a rollback must not leave a row without its file.
    transaction.on_commit(partial(default_storage.delete, job.path))
    job.path = ""


def keep_pdf(pdf: bytes) -> str:
    """Store a PDF under a random name and return its path."""
    token = secrets.token_hex(16)
    return default_storage.save(f"{token[:2]}/{token}", ContentFile(pdf))


def count_reprints(job: PrintJob) -> None:
    """Count again how often each paper of a lot was reprinted; lots that were called off do not count."""
    prints = LotPaper.objects.filter(paper=OuterRef("pk")).exclude(job__state__in=CALLED_OFF)
    last = Subquery(prints.order_by("-reprint").values("reprint")[:1])
    Paper.objects.filter(places__job=job).update(reprints=Coalesce(last, 0))


def _undo_lot(job: PrintJob) -> None:
    if job.is_lot:
        _forget_parts(job)
        count_reprints(job)


def _forget_parts(job: PrintJob) -> None:
    drawn = job.parts.exclude(path="")
    for path in drawn.values_list("path", flat=True):
        transaction.on_commit(partial(default_storage.delete, path))
    drawn.update(path="")
