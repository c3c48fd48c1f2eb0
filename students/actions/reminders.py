"""That the reminders look at a stay again: its deadline, or whose turn it is, has changed."""

from collections.abc import Iterable
from datetime import UTC, datetime

from students.models import Enrollment

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment that has passed on every clock: the next tick works out the real one."""


def look_again(enrollments: Iterable[int]) -> None:
    """This will have the next tick ask what these students are to be told, and when; given by id."""
    Enrollment.objects.filter(pk__in=list(enrollments)).update(next_step_at=AT_ONCE)
