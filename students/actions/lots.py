"""Lots of papers drawn, and the mail that says that one is ready: `papers` and `notices` do not know each other."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic

from notices.actions import Recipient, queue
from papers.actions import Draw, draw_due_part
from papers.actions.lots import A_PART
from papers.models import PrintJob
from papers.states import PaperKind

PRINTING_SECONDS = 3
"""Acuses are read by the same worker, and somebody waits for each: a long lot goes on at the next tick."""


def print_lots(kind: PaperKind, draw: Draw, *, clock: Callable[[], datetime]) -> int:
    """Draw the parts of lots that wait longest, one at least, for a few seconds; returns how many."""
    parts, stop_at = 0, monotonic() + PRINTING_SECONDS
    while _draw_part(kind, draw, now=clock()):
        parts += 1
        if monotonic() >= stop_at:
            break
    return parts


def _draw_part(kind: PaperKind, draw: Draw, *, now: datetime) -> bool:
    return draw_due_part(kind, draw, now=now, on_ready=partial(tell_lot_is_ready, now=now))


def tell_lot_is_ready(job: PrintJob, *, now: datetime) -> None:
    """Write M-24 to who ordered a lot that took more than one part; nobody waits for a smaller one."""
    if job.sheets_total <= A_PART:
        return
    queue(
        f"lot:{job.pk}:ready",
        "M-24",
        to=Recipient(job.created_by.email, job.created_by.name),
        plantel=job.plantel,
        about="",
        context={"folio": job.folio, "sheets": job.sheets_total, "job": job.public_id},
        now=now,
    )
