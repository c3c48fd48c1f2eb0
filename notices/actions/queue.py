"""Writes to the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from notices.messages import MESSAGES
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel


@dataclass(frozen=True)
class Recipient:
    """Who gets a notice."""

    email: str
    name: str


@transaction.atomic
def queue(
    key: str,
    message: str,
    *,
    to: Recipient,
    plantel: Plantel | None,
    about: str,
    context: dict[str, Any],
    now: datetime,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> Notice | None:
    """This will write one notice into the outbox, in the caller's transaction.

    `key` names the event (for example "acuse:12:accepted:1"): queueing it again returns the first row.
    `about` is what the notice speaks of ("enrollment:123"), so that leaving a state can cancel it. `context`
    holds what the message needs, never a CURP, an NSS or a secret. `not_before` is the undo window. Returns
    None when the person has no mailbox. Raises KeyError for an unknown message, ValueError when the context
    lacks what the message needs.
    """
    missing = MESSAGES[message].needs - context.keys()
    if missing:
        raise ValueError(f"{message} needs {', '.join(sorted(missing))}")
    if not to.email:
        return None
    notice, _ = Notice.objects.get_or_create(
        key=key,
        defaults={
            "message": message,
            "to_email": to.email,
            "to_name": to.name,
            "plantel": plantel,
            "about": about,
            "context": context,
            "created_at": now,
            "not_before": not_before or now,
            "expires_at": expires_at,
        },
    )
    return notice


def cancel(about: str, *, messages: Collection[str]) -> int:
    """This will cancel the waiting notices of these messages about that thing; returns how many."""
    return Notice.objects.filter(
        about=about,
        message__in=messages,
        state__in=[NoticeState.QUEUED, NoticeState.RETRY],
    ).update(state=NoticeState.CANCELLED)
