"""The steps of one delivery: SENDING is committed before the relay is spoken to, SENT after it answered.

SMTP alone cannot promise exactly once (RFC 1047): a row whose sender died between the relay's 250 and our
commit stays SENDING, in doubt. Where the relay can be asked, it is sent again only if the relay has not got it;
elsewhere it goes again with the same Message-ID, so that mail programs can tell. A mail that carries a secret
gets a new one, which voids the old.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Concat, Greatest
from django.utils.module_loading import import_string

from common.transitions import TransitionNotAllowed, check
from notices.actions.queue import NothingToTell, NotYet
from notices.messages import MESSAGES
from notices.models import Notice
from notices.render import (
    Mail,
    Words,
    preview_body,
    preview_subject,
    render_mail,
    words_for,
    words_said,
)
from notices.states import NOTICE_MOVES, NoticeState

GIVE_UP_AFTER = timedelta(hours=48)
MOST_CLAIMS = 20
"""A notice claimed so often and never handed over is one that cannot be written: it must not stop the rest."""

Minter = Callable[..., Mapping[str, str]]
Checker = Callable[..., Mapping[int, NothingToTell | NotYet]]


@transaction.atomic
def start_sending(keys: Collection[int], *, now: datetime) -> list[tuple[Notice, Mail]]:
    """Move claimed notices to SENDING, mint their secrets and return the mails to hand to the relay.

    Left out is what has nothing to send any more: somebody cancelled it, its time has passed, it is no longer
    true or its secret no longer wanted (these cancel it), or MOST_CLAIMS tries could not write it (which fails
    it); and what has to wait, for the morning or for who holds the stay whose secret is to be made.
    """
    started = []
    rows = [each for each in _locked(keys).order_by("pk") if _is_wanted(each, now=now)]
    wanted = _still_due(rows, now=now)
    words = words_for(wanted)
    for notice in wanted:
        mail = _write(notice, words, now=now)
        if mail is not None:
            notice.message_id = notice.message_id or _message_id(notice)
            notice.lease_until = now + settings.NOTICE_LEASE
            started.append((notice, mail))
    Notice.objects.filter(pk__in=[notice.pk for notice, _ in started]).update(
        state=NoticeState.SENDING,
        lease_until=now + settings.NOTICE_LEASE,
        message_id=_own_id(),
        text_version=_versions(words),
    )
    return started


def _is_wanted(notice: Notice, *, now: datetime) -> bool:
    if notice.state not in {NoticeState.QUEUED, NoticeState.RETRY, NoticeState.SENDING}:
        return False
    if notice.expires_at and notice.expires_at <= now:
        _leave(notice, NoticeState.CANCELLED, error="")
        return False
    if notice.state != NoticeState.SENDING:
        check(NOTICE_MOVES, notice.state, NoticeState.SENDING)
    if notice.attempts > MOST_CLAIMS and not notice.error:
        _leave(notice, NoticeState.FAILED, error="El portal no pudo escribir este aviso")
        return False
    return True


def _write(notice: Notice, words: Words, *, now: datetime) -> Mail | None:
    try:
        return render_mail(notice, _mint(notice, now=now), words)
    except (NothingToTell, NotYet) as why:
        _hold(notice, why)
        return None


def mark_sent(pk: int, mail: Mail, *, now: datetime) -> None:
    """Write down that the relay took this mail, its secrets blanked; a second sender changes nothing.

    One statement, which is its own transaction: it is what stands between a mail sent once and sent twice.
    """
    sending = Notice.objects.filter(pk=pk, state=NoticeState.SENDING)
    if not sending.update(subject=mail.subject, body=mail.kept_body, **_sent(now)):
        _check_sent(pk)


def mark_taken(pk: int, *, now: datetime) -> None:
    """Write down that the relay has the mail of a sender that died; its words are written again."""
    notice = Notice.objects.select_related("plantel").get(pk=pk)
    words = words_said(notice)
    said = {"subject": preview_subject(notice, words), "body": preview_body(notice, words)}
    sending = Notice.objects.filter(pk=pk, state=NoticeState.SENDING)
    if not sending.update(**said, **_sent(now)):
        _check_sent(pk)


def _sent(now: datetime) -> dict[str, Any]:
    return {"state": NoticeState.SENT, "sent_at": now, "lease_until": None, "error": ""}


def _check_sent(pk: int) -> None:
    state = Notice.objects.values_list("state", flat=True).get(pk=pk)
    if state != NoticeState.SENT:
        check(NOTICE_MOVES, state, NoticeState.SENT)


def put_back(keys: Collection[int]) -> None:
    """Free mails that were begun and not handed to the relay; they wait for the next tick."""
    Notice.objects.filter(pk__in=keys, state=NoticeState.SENDING).update(
        state=NoticeState.RETRY, lease_until=None, attempts=Greatest(F("attempts") - 1, 0)
    )


@transaction.atomic
def retry_later(pk: int, *, error: str, now: datetime, is_mailbox: bool = False) -> None:
    """Put the mail back with a longer wait, or give it up 48 hours after its first failure.

    `is_mailbox`: the mailbox does not take it, so that given up it is one that bounced.
    """
    notice = _lock(pk)
    if _has_failed_too_long(notice, now=now):
        notice.bounced_at = now if is_mailbox else None
        _leave(notice, NoticeState.FAILED, error=error)
        return
    notice.not_before = _next_try(notice, now=now)
    _leave(notice, NoticeState.RETRY, error=error)


@transaction.atomic
def leave_in_doubt(pk: int, *, error: str, now: datetime) -> None:
    """Keep a mail whose answer was lost SENDING until its next try, or give it up after 48 hours of that."""
    notice = _lock(pk)
    if _has_failed_too_long(notice, now=now):
        _leave(notice, NoticeState.FAILED, error=error)
        return
    notice.lease_until, notice.error = _next_try(notice, now=now), error[:300]
    notice.save(update_fields=["lease_until", "error", "tried_since"])


@transaction.atomic
def fail_notice(pk: int, *, error: str, now: datetime, is_mailbox: bool = False) -> None:
    """Give the mail up: the relay refused it for good, with `is_mailbox` because of the mailbox."""
    notice = _lock(pk)
    notice.bounced_at = now if is_mailbox else None
    _leave(notice, NoticeState.FAILED, error=error)


@transaction.atomic
def send_again(notice: Notice, *, now: datetime) -> Notice:
    """Queue a copy of a notice that failed, for when the mailbox works again or was corrected.

    Raises TransitionNotAllowed unless it failed. Pressed twice, it is one copy.
    """
    failed = _lock(notice.pk)
    if failed.state != NoticeState.FAILED:
        raise TransitionNotAllowed(failed.state, NoticeState.QUEUED)
    copy, _ = Notice.objects.get_or_create(
        key=f"{failed.key}:again",
        defaults={
            "message": failed.message,
            "to_email": failed.corrected_email or failed.to_email,
            "to_name": failed.to_name,
            "plantel": failed.plantel,
            "about": failed.about,
            "context": failed.context,
            "created_at": now,
            "not_before": now,
        },
    )
    return copy


def _has_failed_too_long(notice: Notice, *, now: datetime) -> bool:
    """A reminder waits for days before it is due: what counts is since when it fails."""
    notice.tried_since = notice.tried_since or now
    return now - notice.tried_since >= GIVE_UP_AFTER


def _lock(pk: int) -> Notice:
    return _locked([pk]).get()


def _locked(keys: Collection[int]) -> QuerySet[Notice]:
    rows = Notice.objects.filter(pk__in=keys).select_related("plantel")
    return rows.select_for_update(of=("self",))


def _next_try(notice: Notice, *, now: datetime) -> datetime:
    """Twice as long each time, with jitter, so that a thousand mails do not come back in one second."""
    first, longest = settings.NOTICE_WAITS
    wait = min(first * 2 ** min(notice.attempts, 10), longest)
    return now + wait * random.uniform(0.75, 1)  # noqa: S311 -- jitter, not a secret


def _leave(notice: Notice, state: NoticeState, *, error: str) -> None:
    check(NOTICE_MOVES, notice.state, state)
    notice.state, notice.lease_until, notice.error = state, None, error[:300]
    notice.save(
        update_fields=["state", "lease_until", "error", "not_before", "tried_since", "bounced_at"]
    )


def _still_due(notices: Sequence[Notice], *, now: datetime) -> list[Notice]:
    """What was true when a notice was queued may have passed; who knows stands further up the street."""
    held: dict[int, NothingToTell | NotYet] = {}
    for name, path in settings.NOTICE_CHECKS.items():
        asked = [notice for notice in notices if MESSAGES[notice.message].check == name]
        if asked:
            check_due: Checker = import_string(path)
            held |= check_due(asked, now=now)
    for notice in notices:
        _hold(notice, held.get(notice.pk))
    return [notice for notice in notices if notice.pk not in held]


def _hold(notice: Notice, why: NothingToTell | NotYet | None) -> None:
    if isinstance(why, NothingToTell):
        _leave(notice, NoticeState.CANCELLED, error="")
    elif isinstance(why, NotYet):
        notice.not_before = why.until
        if notice.state == NoticeState.SENDING:
            check(NOTICE_MOVES, notice.state, NoticeState.RETRY)
            notice.state = NoticeState.RETRY
        notice.lease_until, notice.attempts = None, max(0, notice.attempts - 1)  # it was not tried
        notice.save(update_fields=["state", "not_before", "lease_until", "attempts"])


def _mint(notice: Notice, *, now: datetime) -> Mapping[str, str]:
    secret = MESSAGES[notice.message].secret
    if not secret:
        return {}
    mint: Minter = import_string(settings.NOTICE_SECRETS[secret])
    return mint(notice, now=now)


def _message_id(notice: Notice) -> str:
    return f"<{notice.public_id}{_at_domain()}"


def _own_id() -> Case:
    """The same in the database: one statement for all; who has a Message-ID keeps it."""
    made = Concat(Value("<"), F("public_id"), Value(_at_domain()))
    return Case(When(message_id="", then=made), default=F("message_id"))


def _versions(words: Words) -> Case:
    """Which version of its text each of them says."""
    return Case(*(When(message=name, then=text.version) for name, text in words.texts.items()))


def _at_domain() -> str:
    return f"@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"
