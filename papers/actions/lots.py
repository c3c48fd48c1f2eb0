"""Lots: papers printed together, drawn in parts that several workers share, joined into one PDF."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max

from common.joining import join_pdfs
from common.leases import claim
from common.transitions import TransitionNotAllowed
from papers.actions.drawing import MAX_ATTEMPTS
from papers.actions.folios import take_folio
from papers.actions.jobs import count_reprints, fail_printing, finish_printing, keep_pdf, locked_job
from papers.models import LotPaper, Paper, PrintJob, PrintPart
from papers.queries import papers_in, parts_due
from papers.states import CALLED_OFF, WAITING, PaperKind, PaperState, PrintState
from school.models import Plantel, User

A_PART, MOST_SHEETS = 50, 1_000
A_DRAWN_PART = 25
"""Sheets of the kinds that are drawn whole: a page takes a megabyte until the part is written."""
STAMPED = {PaperKind.RENUNCIA, PaperKind.GROUP_LIST}
"""The kinds whose sheets are stamped into a form (common.stamping)."""
GAVE_UP = "No se pudo imprimir después de varios intentos. Pedir el lote otra vez"
GAVE_UP_OWN = "No pudimos preparar tu PDF. Pídelo otra vez"

Draw = Callable[[PrintJob, Sequence[LotPaper]], bytes]
"""Draws the sheets of these papers, one each; for none of them the cover, or no bytes where a lot has no cover."""


class LotRefused(Exception):
    """These papers make no lot; `sentence` says why and what to do."""

    sentence = ""


class NothingToPrint(LotRefused):
    """No paper was chosen."""

    sentence = "No hay nada que imprimir. Elegir al menos un papel"


class TooManySheets(LotRefused):
    """One PDF would be heavier than a worker may become while it joins it."""

    sentence = f"Son más de {MOST_SHEETS:,} hojas. Imprimirlas por partes: elegir menos grupos"


class NoLongerValid(LotRefused):
    """A paper of the choice was replaced or revoked, or is of another plantel or kind."""

    sentence = "Alguno de estos papeles ya se canceló o se reemplazó. Volver a elegir qué imprimir"


@transaction.atomic
def queue_lot(
    plantel: Plantel,
    kind: PaperKind,
    papers: Sequence[Paper],
    *,
    title: str,
    by: User,
    now: datetime,
    is_own: bool = False,
) -> PrintJob:
    """Put papers in line for the workers, in this order, as a lot with a folio such as «IM26-05-0004».

    A paper that was printed before keeps its folio and says «Reimpresión n». Ordering again what already waits
    returns that lot: two presses are one. `is_own` is a person's own paper, in which nobody else of the plantel is
    interested. Raises NothingToPrint, TooManySheets and NoLongerValid.
    """
    if not papers:
        raise NothingToPrint
    if len(papers) > MOST_SHEETS:
        raise TooManySheets
    Plantel.objects.select_for_update(of=("self",), no_key=True).get(pk=plantel.pk)
    ids = [paper.pk for paper in papers]
    parameters = {"papers": hashlib.sha256(repr(ids).encode()).hexdigest(), "is_own": is_own}
    twins = PrintJob.objects.filter(plantel=plantel, kind=kind, parameters=parameters)
    twin = twins.filter(state__in=WAITING).first()
    if twin is not None:
        return twin
    job = PrintJob.objects.create(
        plantel=plantel,
        kind=kind,
        folio=take_folio("IM", plantel, year=now.astimezone(plantel.zone).year),
        title=title[:120],
        parameters=parameters,
        sheets_total=len(ids),
        created_by=by,
        created_at=now,
    )
    _place(job, ids)
    PrintPart.objects.bulk_create(_parts(job))
    return job


def _place(job: PrintJob, ids: Sequence[int]) -> None:
    valid = Paper.objects.filter(
        pk__in=ids, plantel=job.plantel, kind=job.kind, state=PaperState.VALID
    )
    locked = valid.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    if set(locked) != set(ids):
        raise NoLongerValid
    earlier = LotPaper.objects.filter(paper__in=ids).exclude(job__state__in=CALLED_OFF)
    last = dict(earlier.order_by().values_list("paper").annotate(Max("reprint")))
    LotPaper.objects.bulk_create(
        LotPaper(job=job, paper_id=pk, position=position, reprint=last.get(pk, -1) + 1)
        for position, pk in enumerate(ids)
    )
    count_reprints(job)


def _parts(job: PrintJob) -> list[PrintPart]:
    total = job.sheets_total
    size = A_PART if job.kind in STAMPED else A_DRAWN_PART
    shares = [(start, min(start + size, total)) for start in range(0, total, size)]
    return [
        PrintPart(job=job, number=number, start=start, stop=stop)
        for number, (start, stop) in enumerate([(0, 0), *shares, (total, total)])
    ]


def draw_due_part(
    kind: PaperKind,
    draw: Draw,
    *,
    now: datetime,
    on_ready: Callable[[PrintJob], None] | None = None,
) -> bool:
    """Draw the part of a lot that waits longest; returns whether there was one.

    For the sweep of the app that owns the paper. A lot that was cancelled meanwhile ends there, one whose part
    killed its worker three times fails. `on_ready` runs in the transaction in which the lot becomes READY.
    """
    keys = claim(parts_due(kind, now), now=now, lease=settings.PRINT_LEASE, limit=1)
    for pk in keys:
        with suppress(TransitionNotAllowed):  # cancelled meanwhile, or another worker was faster
            _draw_part(pk, draw, now=now, on_ready=on_ready)
    return bool(keys)


def _draw_part(
    pk: int,
    draw: Draw,
    *,
    now: datetime,
    on_ready: Callable[[PrintJob], None] | None,
) -> None:
    part = _take_in_hand(pk)
    job = part.job
    if part.attempts > MAX_ATTEMPTS:
        fail_printing(job, GAVE_UP_OWN if job.parameters["is_own"] else GAVE_UP)
    elif part.start == job.sheets_total:
        _finish_lot(job, _joined(job), now=now, on_ready=on_ready)
    else:
        papers = papers_in(job).filter(position__gte=part.start, position__lt=part.stop)
        _keep_part(part, draw(job, list(papers)), now=now)


def _take_in_hand(pk: int) -> PrintPart:
    part = PrintPart.objects.select_related("job__plantel").get(pk=pk)
    PrintJob.objects.filter(pk=part.job_id, state=PrintState.QUEUED).update(
        state=PrintState.PRINTING
    )
    return part


@transaction.atomic
def _keep_part(part: PrintPart, pdf: bytes, *, now: datetime) -> None:
    job = locked_job(part.job)
    mine = PrintPart.objects.filter(pk=part.pk, drawn_at=None)
    if job.state != PrintState.PRINTING or not mine.exists():
        raise TransitionNotAllowed(job.state, PrintState.PRINTING)
    mine.update(path=keep_pdf(pdf) if pdf else "", drawn_at=now, lease_until=None)
    sheets = part.stop - part.start
    PrintJob.objects.filter(pk=job.pk).update(sheets_done=F("sheets_done") + sheets)


def _joined(job: PrintJob) -> bytes:
    drawn = job.parts.exclude(path="").order_by("number").values_list("path", flat=True)
    return join_pdfs([Path(default_storage.path(path)) for path in drawn])


@transaction.atomic
def _finish_lot(
    job: PrintJob,
    pdf: bytes,
    *,
    now: datetime,
    on_ready: Callable[[PrintJob], None] | None,
) -> None:
    job = finish_printing(job, pdf, now=now)
    job.parts.filter(drawn_at=None).update(drawn_at=now, lease_until=None)
    if on_ready is not None:
        on_ready(job)
