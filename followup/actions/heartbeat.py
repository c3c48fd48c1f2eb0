"""The sign of life of the background work."""

from datetime import datetime

from followup.models import Heartbeat
from followup.states import WorkQueue


def note_heartbeat(queue: WorkQueue, *, now: datetime) -> None:
    """Write down that a worker of the queue is alive.

    One statement, which is its own transaction: the second tick of a minute changes the moment alone.
    """
    Heartbeat.objects.bulk_create(
        [Heartbeat(queue=queue, at=now)],
        update_conflicts=True,
        unique_fields=["queue"],
        update_fields=["at"],
    )
