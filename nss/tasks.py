"""The sweep that reads acuses."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from common.leases import claim, give_back
from common.uploads import NoSlot
from nss.actions.reading import read_acuse
from nss.models import Acuse
from nss.queries.reading import acuses_to_read

LEASE = timedelta(seconds=90)  # longer than a task may run
BATCH = 1


@shared_task
def read_acuses() -> int:
    """This will read what waits longest and return how many acuses were taken up.

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
