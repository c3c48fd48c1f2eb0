"""Claims on waiting rows: of two workers one gets the row, and a worker that dies gives it up.

For any model with `lease_until` (nullable datetime) and `attempts`. PostgreSQL skips the rows
another transaction holds; SQLite has no row locks and serialises the IMMEDIATE transactions.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Greatest


def claim(due: QuerySet[Any], *, now: datetime, lease: timedelta, limit: int) -> list[int]:
    """Take up to `limit` rows of `due` nobody holds until `now + lease`; return their ids in order.

    Each claim counts one attempt, so a row that kills its worker can be told from a new one. The
    claim is committed on return: the work runs outside, and finding nothing costs one read. Raises
    RuntimeError inside another transaction, which would hide the claim from the other workers.
    """
    free = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=now))
    if not free.exists():
        return []
    with transaction.atomic(durable=True):
        locked = free.select_for_update(skip_locked=True, of=("self",)).select_related(None)
        ids = [row.pk for row in locked.only("pk")[:limit]]
        due.model._default_manager.filter(pk__in=ids).update(
            lease_until=now + lease, attempts=F("attempts") + 1
        )
    return ids


def give_back(model: type[Model], pk: int, *, held_until: datetime) -> bool:
    """Free a row whose work was not begun, and uncount the attempt; False when the lease was lost.

    `held_until` is the end of the lease that the caller was given: `now + lease` of its claim.
    """
    held = model._default_manager.filter(pk=pk, lease_until=held_until)
    return held.update(lease_until=None, attempts=Greatest(F("attempts") - 1, 0)) == 1
