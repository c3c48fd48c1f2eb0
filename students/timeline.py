"""The student's history: one line per verb of a person, written inside that verb's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from school.models import User
from students.models import Enrollment, TimelineEntry
from students.states import Event


def record(
    enrollment: Enrollment,
    event: Event,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Add one line to the student's history.

    `data` says what changed, before and after; it holds no CURP and no full NSS. `by` is None for the system.
    """
    return TimelineEntry.objects.create(
        enrollment=enrollment, event=event, by=by, at=at, data=data or {}
    )


def record_many(entries: Iterable[TimelineEntry]) -> None:
    """Add many lines at once, for actions that write a whole roster; same rules as `record`."""
    TimelineEntry.objects.bulk_create(entries, batch_size=5_000)
