"""Writes to the texts that the institution edits."""

from datetime import datetime

from django.db import transaction

from school.models import TextVersion
from school.queries.texts import current_text, packaged_fields
from school.states import TextKind


@transaction.atomic
def keep_text_in_use(kind: TextKind, *, now: datetime) -> TextVersion:
    """This will return the current text as a row, so that what was declared on it can point at it.

    A packaged text becomes version 0 when it is first used.
    """
    current = current_text(kind)
    if current.pk:
        return current
    row, _ = TextVersion.objects.get_or_create(
        kind=kind, version=0, defaults={"fields": packaged_fields(kind), "created_at": now}
    )
    return row
