"""Jobs that one worker draws whole; lots are drawn in parts (lots.py)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.conf import settings

from common.leases import claim
from common.transitions import TransitionNotAllowed
from papers.actions.jobs import fail_printing, finish_printing, start_printing
from papers.models import PrintJob
from papers.queries import jobs_due
from papers.states import PaperKind

MAX_ATTEMPTS = 3


class NotDrawn(Exception):
    """What was ordered is not true any more; `sentence` is what the person reads."""

    sentence = ""


def draw_due_job(
    kind: PaperKind, draw: Callable[[PrintJob], bytes], *, gave_up: str, now: datetime
) -> bool:
    """Draw the job of that kind that waits longest; returns whether there was one.

    For the sweep of the app that owns the paper. One that killed its worker three times fails, saying `gave_up`;
    one that `draw` refuses by NotDrawn fails at once.
    """
    keys = claim(jobs_due(kind, now), now=now, lease=settings.PRINT_LEASE, limit=1)
    for pk in keys:
        with suppress(TransitionNotAllowed):  # another worker was faster
            job = start_printing(PrintJob.objects.select_related("plantel").get(pk=pk))
            if job.attempts > MAX_ATTEMPTS:
                fail_printing(job, gave_up)
            else:
                _draw(job, draw, now=now)
    return bool(keys)


def _draw(job: PrintJob, draw: Callable[[PrintJob], bytes], *, now: datetime) -> None:
    try:
        pdf = draw(job)
    except NotDrawn as refusal:
        fail_printing(job, refusal.sentence)
    else:
        finish_printing(job, pdf, now=now)
