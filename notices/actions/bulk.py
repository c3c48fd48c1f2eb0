"""Many notices at once, made by the database from a query."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from common.bulk import RandomId, insert_from_query
from notices.models import Notice


def queue_from_query(source: QuerySet[Any], columns: Mapping[str, Any], *, now: datetime) -> int:
    """Write one notice for each row of the source, in one statement; returns how many are new.

    `columns` gives an expression for each field that `queue` asks for: key, message, about, plantel_id, to_email,
    to_name, context; not_before and expires_at where they differ from now and never. Who has no mailbox must not
    be in the source, and the context must hold what each message needs: the database asks neither.
    """
    given = {"public_id": RandomId(), "created_at": now, "not_before": now, **columns}
    return insert_from_query(Notice, source, given)
