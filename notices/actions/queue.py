"""Writes to the outbox."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When

from common.bulk import Among
from notices.messages import MESSAGES
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel

WAITING = (NoticeState.QUEUED, NoticeState.RETRY, NoticeState.PAUSED)
_CHECKED = tuple(name for name, message in MESSAGES.items() if message.check)


@dataclass(frozen=True)
class Recipient:
    """Who gets a notice."""

    email: str
    name: str


@dataclass(frozen=True)
class Draft:
    """One notice of many; the fields mean what they mean in `queue`."""

    key: str
    message: str
    to: Recipient
    plantel: Plantel | None
    about: str
    context: dict[str, Any]
    not_before: datetime | None = None
    expires_at: datetime | None = None


class NothingToTell(Exception):
    """What the notice says is no longer wanted or no longer true, so it is cancelled at delivery."""


class NotYet(Exception):
    """The notice is true, but nobody is to be disturbed before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


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
    """Write one notice into the outbox, in the caller's transaction.

    `key` names the event (for example "acuse:12:accepted:1"): queueing it again returns the first row.
    `about` is what the notice speaks of ("enrollment:123"), so that leaving a state can cancel it. `context`
    holds what the message needs, never a CURP, an NSS or a secret. `not_before` is the undo window. Returns
    None when the person has no mailbox. Raises KeyError for an unknown message, ValueError when the context
    lacks what the message needs.
    """
    draft = Draft(key, message, to, plantel, about, context, not_before, expires_at)
    _check_context(draft)
    if not to.email:
        return None
    notice, _ = Notice.objects.get_or_create(key=key, defaults=_fields(draft, now=now))
    return notice


@transaction.atomic
def queue_many(drafts: Iterable[Draft], *, now: datetime) -> int:
    """Write many notices in a fixed number of statements; returns how many persons have a mailbox.

    A key that is queued already stays as it is. Raises what `queue` raises.
    """
    reachable = [draft for draft in drafts if draft.to.email]
    for draft in reachable:
        _check_context(draft)
    Notice.objects.bulk_create(
        [Notice(key=draft.key, **_fields(draft, now=now)) for draft in reachable],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(reachable)


def _check_context(draft: Draft) -> None:
    missing = MESSAGES[draft.message].needs - draft.context.keys()
    if missing:
        raise ValueError(f"{draft.message} needs {', '.join(sorted(missing))}")


def _fields(draft: Draft, *, now: datetime) -> dict[str, Any]:
    return {
        "message": draft.message,
        "to_email": draft.to.email,
        "to_name": draft.to.name,
        "plantel": draft.plantel,
        "about": draft.about,
        "context": draft.context,
        "created_at": now,
        "not_before": draft.not_before or now,
        "expires_at": draft.expires_at,
    }


def cancel(about: str, *, messages: Collection[str]) -> int:
    """Cancel the waiting notices of these messages about that thing; returns how many."""
    waiting = Notice.objects.filter(about=about, message__in=messages, state__in=WAITING)
    return waiting.update(state=NoticeState.CANCELLED)


def cancel_many(abouts: Collection[str], *, messages: Collection[str]) -> int:
    """Do the same about many things, in one statement."""
    waiting = Notice.objects.filter(Among("about", abouts), message__in=messages, state__in=WAITING)
    return waiting.update(state=NoticeState.CANCELLED)


@transaction.atomic
def readdress(moves: Mapping[str, tuple[str, str]], *, but: Collection[str]) -> int:
    """Send what waits about these things to another mailbox, and what failed if it is sent again.

    All but these messages, which are for the former one; returns how many. `moves` goes from what a notice is about
    to the former address and the new one. Two statements.
    """
    notices = Notice.objects.filter(Among("about", moves), state__in=[*WAITING, NoticeState.FAILED])
    held = notices.exclude(message__in=but).select_for_update(of=("self",)).order_by("pk")
    found = [notice for notice in held if _is_moved(notice, *moves[notice.about])]
    return Notice.objects.bulk_update(found, ["to_email", "corrected_email"], batch_size=1000)


def _is_moved(notice: Notice, former: str, email: str) -> bool:
    """Note the new address on a notice for the former one, and say whether it is."""
    if notice.state == NoticeState.FAILED:
        is_moved = former in {notice.to_email, notice.corrected_email}
        notice.corrected_email = email if is_moved else notice.corrected_email
    else:
        is_moved = former == notice.to_email
        notice.to_email = email if is_moved else notice.to_email
    return is_moved


def set_aside(about: str, *, but: Collection[str]) -> int:
    """Stop the waiting notices about that thing, all but these messages; returns how many.

    What is asked before it leaves whether it is still true is paused until `resume`; the rest is cancelled.
    """
    waiting = Notice.objects.filter(about=about, state__in=WAITING).exclude(message__in=but)
    paused = When(message__in=_CHECKED, then=Value(NoticeState.PAUSED))
    return waiting.update(state=Case(paused, default=Value(NoticeState.CANCELLED)))


def resume(about: str) -> int:
    """Let the paused notices about that thing wait for their moment again; returns how many."""
    paused = Notice.objects.filter(about=about, state=NoticeState.PAUSED)
    return paused.update(state=NoticeState.QUEUED, tried_since=None)
