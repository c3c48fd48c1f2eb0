"""That the reminders look at a stay again: its deadline, or whose turn it is, has changed."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import F

from common.bulk import Among, insert_from_query
from students.models import Enrollment, NextLook

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment that has passed on every clock: the next tick works out the real one."""


def look_again(enrollments: Iterable[int]) -> None:
    """Have the next tick ask what these students are to be told, and when; given by id.

    Who locks the stay too does this first: with one order for all, no two actions wait for each other in a ring.
    """
    stays = Enrollment.objects.filter(Among("pk", list(enrollments))).order_by("pk")
    insert_from_query(NextLook, stays, {"enrollment_id": F("pk"), "at": AT_ONCE}, renewed="at")


def hold_stays(enrollments: Iterable[int]) -> None:
    """Wait until nobody else changes or tells these students anything, and keep others off until the commit.

    What is read after this is what the others left. In the order of all: the looks, then the stays, by their id.
    """
    keys = sorted(enrollments)
    look_again(keys)
    rows = Enrollment.objects.select_for_update(of=("self",), no_key=True).filter(Among("pk", keys))
    list(rows.order_by("pk").values_list("pk"))
