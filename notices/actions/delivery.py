"""The steps of one delivery: SENDING is committed before the relay is spoken to, SENT after it answered.

SMTP alone cannot promise exactly once (RFC 1047): a row whose sender died between the relay's 250 and our
commit stays SENDING, in doubt. Where the relay can be asked, it is sent again only if the relay has not got it;
elsewhere it goes again with the same Message-ID, so that mail programs can tell. A mail that carries a secret
gets a new one, which voids the old.
"""

import hashlib
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from common.transitions import TransitionNotAllowed, check
from notices.actions.queue import NothingToTell
from notices.messages import MESSAGES
from notices.models import Notice
from notices.render import Mail, render_mail
from notices.states import NOTICE_MOVES, NoticeState

GIVE_UP_AFTER = timedelta(hours=48)
MOST_CLAIMS = 20
"""A notice claimed so often and never handed over is one that cannot be written: it must not stop the rest."""

Minter = Callable[..., Mapping[str, str]]


@transaction.atomic
def start_sending(pk: int, *, now: datetime) -> tuple[Notice, Mail] | None:
    """This will move a claimed notice to SENDING, mint its secret and return the mail to hand to the relay.

    Returns None when there is nothing to send any more: somebody cancelled it, its time has passed or its
    secret is no longer wanted (both cancel it), or MOST_CLAIMS tries could not write it (which fails it).
    """
    notice = _lock(pk)
    if notice.state not in {NoticeState.QUEUED, NoticeState.RETRY, NoticeState.SENDING}:
        return None
    if notice.expires_at and notice.expires_at <= now:
        _leave(notice, NoticeState.CANCELLED, error="")
        return None
    if notice.state != NoticeState.SENDING:
        check(NOTICE_MOVES, notice.state, NoticeState.SENDING)
    if notice.attempts > MOST_CLAIMS and not notice.error:
        _leave(notice, NoticeState.FAILED, error="El portal no pudo escribir este aviso")
        return None
    try:
        mail = render_mail(notice, _mint(notice, now=now))
    except NothingToTell:
        _leave(notice, NoticeState.CANCELLED, error="")
        return None
    notice.state = NoticeState.SENDING
    notice.lease_until = now + settings.NOTICE_LEASE
    notice.message_id = notice.message_id or _message_id(notice.key)
    notice.subject, notice.body = mail.subject, mail.kept_body
    notice.save(update_fields=["state", "lease_until", "message_id", "subject", "body"])
    return notice, mail


@transaction.atomic
def mark_sent(pk: int, *, now: datetime) -> None:
    """This will write down that the relay took the mail; a second sender of the same mail changes nothing."""
    notice = _lock(pk)
    if notice.state == NoticeState.SENT:
        return
    check(NOTICE_MOVES, notice.state, NoticeState.SENT)
    notice.state, notice.sent_at, notice.lease_until, notice.error = NoticeState.SENT, now, None, ""
    notice.save(update_fields=["state", "sent_at", "lease_until", "error"])


@transaction.atomic
def retry_later(pk: int, *, error: str, now: datetime) -> None:
    """This will put the mail back with a longer wait, or give it up after 48 hours."""
    notice = _lock(pk)
    if now - notice.created_at >= GIVE_UP_AFTER:
        _leave(notice, NoticeState.FAILED, error=error)
        return
    notice.not_before = _next_try(notice, now=now)
    _leave(notice, NoticeState.RETRY, error=error)


@transaction.atomic
def leave_in_doubt(pk: int, *, error: str, now: datetime) -> None:
    """This will keep a mail whose answer was lost SENDING until its next try, or give it up after 48 hours."""
    notice = _lock(pk)
    if now - notice.created_at >= GIVE_UP_AFTER:
        _leave(notice, NoticeState.FAILED, error=error)
        return
    notice.lease_until, notice.error = _next_try(notice, now=now), error[:300]
    notice.save(update_fields=["lease_until", "error"])


@transaction.atomic
def fail_notice(pk: int, *, error: str) -> None:
    """This will give the mail up: the relay refused the mailbox for good."""
    _leave(_lock(pk), NoticeState.FAILED, error=error)


@transaction.atomic
def send_again(notice: Notice, *, now: datetime) -> Notice:
    """This will queue a copy of a notice that failed, for when the mailbox works again.

    Raises TransitionNotAllowed unless it failed. Pressed twice, it is one copy.
    """
    failed = _lock(notice.pk)
    if failed.state != NoticeState.FAILED:
        raise TransitionNotAllowed(failed.state, NoticeState.QUEUED)
    copy, _ = Notice.objects.get_or_create(
        key=f"{failed.key}:again",
        defaults={
            "message": failed.message,
            "to_email": failed.to_email,
            "to_name": failed.to_name,
            "plantel": failed.plantel,
            "about": failed.about,
            "context": failed.context,
            "created_at": now,
            "not_before": now,
        },
    )
    return copy


def _lock(pk: int) -> Notice:
    return Notice.objects.select_for_update(of=("self",)).select_related("plantel").get(pk=pk)


def _next_try(notice: Notice, *, now: datetime) -> datetime:
    """Twice as long each time, with jitter, so that a thousand mails do not come back in one second."""
    first, longest = settings.NOTICE_WAITS
    wait = min(first * 2 ** min(notice.attempts, 10), longest)
    return now + wait * random.uniform(0.75, 1)  # noqa: S311 -- jitter, not a secret


def _leave(notice: Notice, state: NoticeState, *, error: str) -> None:
    check(NOTICE_MOVES, notice.state, state)
    notice.state, notice.lease_until, notice.error = state, None, error[:300]
    notice.save(update_fields=["state", "lease_until", "error", "not_before"])


def _mint(notice: Notice, *, now: datetime) -> Mapping[str, str]:
    secret = MESSAGES[notice.message].secret
    if not secret:
        return {}
    mint: Minter = import_string(settings.NOTICE_SECRETS[secret])
    return mint(notice, now=now)


def _message_id(key: str) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
