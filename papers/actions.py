"""Writes about papers: the folios they carry, and the jobs that print them."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from papers.folio import folio_text
from papers.models import FolioCounter, PrintJob
from papers.queries import expired_jobs
from papers.states import PRINT_MOVES, PaperKind, PrintState
from school.models import Plantel, User

KEPT = timedelta(hours=1)


class SheetsGone(Exception):
    """The PDF was downloaded already, or its hour is over."""

    sentence = "Estas hojas ya se descargaron o pasó su hora, y se borraron. Imprimirlas otra vez"


@transaction.atomic
def take_folio(series: str, plantel: Plantel, *, year: int) -> str:
    """This will take the next folio of a series, such as «A26-05-000148»: without gaps per plantel and year.

    Call it inside the transaction that uses the folio: if that one is rolled back, the number is free again.
    The counter stays locked until it ends, so folios are taken one after the other.
    """
    period = f"{year % 100:02d}"
    number = take_numbers(series, plantel, period=period, count=1)
    return folio_text(series, plantel.number, period=period, number=number)


@transaction.atomic
def take_numbers(series: str, plantel: Plantel, *, period: str, count: int) -> int:
    """This will take that many numbers of a series in a row and return the first of them."""
    FolioCounter.objects.get_or_create(plantel=plantel, series=series, period=period)
    counter = FolioCounter.objects.select_for_update().get(
        plantel=plantel, series=series, period=period
    )
    counter.last += count
    counter.save(update_fields=["last"])
    return counter.last - count + 1


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
    """This will put one PDF in line for the worker; `parameters` hold ids, never a name or a secret.

    Ordering again what the same person already waits for returns that job: two presses are one.
    """
    Plantel.objects.select_for_update(of=("self",)).get(pk=plantel.pk)
    twin = PrintJob.objects.filter(
        plantel=plantel,
        kind=kind,
        parameters=parameters,
        created_by=by,
        state__in=[PrintState.QUEUED, PrintState.PRINTING],
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


def _locked(job: PrintJob) -> PrintJob:
    return PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)


@transaction.atomic
def start_printing(job: PrintJob) -> PrintJob:
    """This will take a claimed job in hand, or take it over from a worker that died.

    Raises TransitionNotAllowed when it was cancelled in the meantime.
    """
    job = _locked(job)
    if job.state != PrintState.PRINTING:
        check(PRINT_MOVES, job.state, PrintState.PRINTING)
    job.state, job.sheets_done = PrintState.PRINTING, 0
    job.save(update_fields=["state", "sheets_done"])
    return job


@transaction.atomic
def report_progress(job: PrintJob, sheets_done: int) -> None:
    """This will say how far a job has come. Raises TransitionNotAllowed when it was cancelled."""
    job = _locked(job)
    if job.state != PrintState.PRINTING:
        raise TransitionNotAllowed(job.state, PrintState.PRINTING)
    job.sheets_done = sheets_done
    job.save(update_fields=["sheets_done"])


@transaction.atomic
def finish_printing(job: PrintJob, pdf: bytes, *, now: datetime) -> None:
    """This will keep the drawn PDF for an hour. Raises TransitionNotAllowed when it was cancelled."""
    job = _locked(job)
    check(PRINT_MOVES, job.state, PrintState.READY)
    token = secrets.token_hex(16)
    job.path = default_storage.save(f"{token[:2]}/{token}", ContentFile(pdf))
    job.state, job.ready_at, job.expires_at = PrintState.READY, now, now + KEPT
    job.sheets_done, job.lease_until = job.sheets_total, None
    job.save(
        update_fields=["path", "state", "ready_at", "expires_at", "sheets_done", "lease_until"]
    )


@transaction.atomic
def fail_printing(job: PrintJob, error: str) -> None:
    """This will give a job up; `error` is what the person reads."""
    job = _locked(job)
    check(PRINT_MOVES, job.state, PrintState.FAILED)
    job.state, job.error, job.lease_until = PrintState.FAILED, error, None
    job.save(update_fields=["state", "error", "lease_until"])


@transaction.atomic
def cancel_print_job(job: PrintJob) -> None:
    """This will call off a job that still waits. Raises TransitionNotAllowed once the worker has it.

    By then the new codes exist and the old sheets are worth nothing: somebody must get the new ones.
    """
    job = _locked(job)
    if job.state != PrintState.QUEUED:
        raise TransitionNotAllowed(job.state, PrintState.CANCELLED)
    job.state = PrintState.CANCELLED
    job.save(update_fields=["state"])


@transaction.atomic
def take_download(job: PrintJob, *, now: datetime) -> bytes:
    """This will hand out the PDF once and delete it. Raises SheetsGone the second time and after an hour."""
    job = _locked(job)
    if job.state != PrintState.READY or not job.path or _is_over(job, now):
        raise SheetsGone
    with default_storage.open(job.path) as file:
        pdf: bytes = file.read()
    _forget(job)
    job.downloaded_at = now
    job.save(update_fields=["path", "downloaded_at"])
    return pdf


@transaction.atomic
def delete_expired_sheets(*, now: datetime) -> int:
    """This will delete the PDFs whose hour is over; returns how many."""
    jobs = list(expired_jobs(now).select_for_update(skip_locked=True, of=("self",)))
    for job in jobs:
        _forget(job)
        job.save(update_fields=["path"])
    return len(jobs)


def _is_over(job: PrintJob, now: datetime) -> bool:
    return job.expires_at is not None and job.expires_at <= now


def _forget(job: PrintJob) -> None:
    # The file goes when the row's change is sure: a rollback must not leave a row without its file.
    transaction.on_commit(partial(default_storage.delete, job.path))
    job.path = ""
