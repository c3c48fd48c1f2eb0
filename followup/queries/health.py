"""Whether the background work is alive; the broker is never asked (docs/adr/0001)."""

from datetime import datetime

from django.conf import settings

from followup.models import Heartbeat
from followup.states import WorkQueue


def heartbeats() -> dict[str, datetime]:
    """This will return when a worker of each queue was last heard; a queue that never was is not in it."""
    return dict(Heartbeat.objects.values_list("queue", "at"))


def silent_queues(heard: dict[str, datetime], *, now: datetime) -> list[WorkQueue]:
    """This will return the queues of which nothing was heard for longer than SILENT_AFTER."""
    since = now - settings.SILENT_AFTER
    return [one for one in WorkQueue if one not in heard or heard[one] < since]


def is_alive(*, now: datetime) -> bool:
    """This will tell whether a worker of each queue was heard lately: one query over two rows."""
    return not silent_queues(heartbeats(), now=now)
