"""The sweeps that read acuses and draw their receipts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from common.leases import claim, give_back
from common.uploads import NoSlot
from nss.actions.reading import read_acuse
from nss.models import Acuse
from nss.queries.reading import acuses_to_read
from nss.render import draw_receipt
from papers.actions import draw_due_job
from papers.states import PaperKind

LEASE = timedelta(seconds=90)  # longer than a task may run
BATCH = 1
GAVE_UP = "No pudimos preparar tu comprobante. Pídelo otra vez"


@shared_task
def read_acuses() -> int:
    """Read what waits longest and return how many acuses were taken up.

    One at a time: a child may take 20 seconds and the task has 60; the next tick is two seconds away.
    """
    now = timezone.now()
    keys = claim(acuses_to_read(), now=now, lease=LEASE, limit=BATCH)
    for acuse in Acuse.objects.filter(pk__in=keys).select_related("file"):
        try:
            read_acuse(acuse, now=now)
        except NoSlot:
            give_back(Acuse, acuse.pk, held_until=now + LEASE)
    return len(keys)


@shared_task
def print_receipts() -> bool:
    """Draw the receipt of whoever waits longest; returns whether there was one."""
    return draw_due_job(PaperKind.COMPROBANTE, draw_receipt, gave_up=GAVE_UP, now=timezone.now())
