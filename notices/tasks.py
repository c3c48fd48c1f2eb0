"""The sweep that empties the outbox."""

import smtplib
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import formataddr
from itertools import chain
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.encoding import punycode

from common.leases import claim, give_back
from notices.actions import (
    fail_notice,
    leave_in_doubt,
    mark_sent,
    mark_taken,
    note_answer,
    note_silence,
    put_back,
    retry_later,
    start_sending,
)
from notices.models import Notice
from notices.queries import due_notices, tried_before
from notices.relay import AnswerLost, RelaySilent, relay_took
from notices.render import Mail, sender_of

BATCH = 50
PORTION = 10
"""So many are begun in one transaction: few enough that what is cancelled meanwhile is hardly ever among them."""

SECONDS = 30


@dataclass
class Tick:
    """One run of the sweep: its connection, its time and what the relay took."""

    connection: BaseEmailBackend
    stop_at: float
    sent: int = 0
    has_spoken: bool = False
    is_relay_silent: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more is handed over: no time is left, or nobody answers."""
        return self.is_relay_silent or monotonic() >= self.stop_at


@shared_task
def deliver_notices() -> int:
    """Hand to the relay what is due now and return how many mails it took.

    One connection serves the whole tick. When the relay does not answer, or the tick's time is over, the
    rest is given back and waits.
    """
    tick = Tick(get_connection(), stop_at=monotonic() + SECONDS)
    try:
        while not tick.is_over and _deliver_batch(tick):
            pass
    finally:
        tick.connection.close()
    if tick.is_relay_silent:
        note_silence(now=timezone.now())
    elif tick.has_spoken:
        note_answer()
    return tick.sent


def _deliver_batch(tick: Tick) -> bool:
    """Claim a batch and deliver it, or give back what was not begun; False when nothing is due."""
    now = timezone.now()
    keys = claim(due_notices(now), now=now, lease=settings.NOTICE_LEASE, limit=BATCH)
    again = tried_before(keys)
    portions = _portions(keys, again)
    try:
        while portions and not tick.is_over:
            _deliver_portion(portions.pop(0), again, tick)
    finally:
        for pk in chain(*portions):
            give_back(Notice, pk, held_until=now + settings.NOTICE_LEASE)
    return bool(keys)


def _portions(keys: list[int], again: Collection[int]) -> list[list[int]]:
    """What was tried before goes alone: one that cannot be written must not stop others a second time."""
    fresh = [pk for pk in keys if pk not in again]
    alone = [[pk] for pk in keys if pk in again]
    return alone + [fresh[at : at + PORTION] for at in range(0, len(fresh), PORTION)]


def _deliver_portion(keys: list[int], again: dict[int, str], tick: Tick) -> None:
    """Begin a portion in one transaction and hand over one mail after the other."""
    unsettled = [pk for pk in keys if not _settled(pk, again.get(pk, ""), tick)]
    started = start_sending(unsettled, now=timezone.now())
    try:
        while started and not tick.is_over:
            notice, mail = started.pop(0)
            if _is_held(notice):
                _hand_over(notice, mail, tick)
    finally:
        put_back([notice.pk for notice, _ in started])


def _is_held(notice: Notice) -> bool:
    """A worker that was frozen meanwhile holds it no longer: somebody else may be sending it."""
    return notice.lease_until is not None and timezone.now() < notice.lease_until


def _settled(pk: int, message_id: str, tick: Tick) -> bool:
    """Ask the relay for a mail whose last sender got no answer; False when it has to be sent."""
    try:
        if not message_id or not relay_took(message_id):
            return False
    except RelaySilent:
        leave_in_doubt(pk, error="El servidor de correo no dice si lo recibió", now=timezone.now())
    else:
        mark_taken(pk, now=timezone.now())
        tick.sent += 1
    return True


def _hand_over(notice: Notice, mail: Mail, tick: Tick) -> None:
    """Speak to the relay and write down what it answered."""
    pk, tick.has_spoken = notice.pk, True
    try:
        tick.connection.send_messages([_message(notice, mail, tick.connection)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, _words = next(iter(refused.recipients.values()))
        _refused(pk, code, "El buzón no recibe correo", is_mailbox=True)
    except smtplib.SMTPDataError as refused:
        _refused(pk, refused.smtp_code, "El servidor de correo no aceptó el mensaje")
    except ValueError:
        error = "La dirección o el asunto no se pueden escribir en un correo"
        fail_notice(pk, error=error, now=timezone.now(), is_mailbox=True)
    except AnswerLost:
        _hang_up(tick)
        leave_in_doubt(pk, error="El servidor de correo no contestó", now=timezone.now())
    except (smtplib.SMTPException, OSError) as broken:
        _hang_up(tick)
        reason = f"El servidor de correo no respondió ({type(broken).__name__})"
        retry_later(pk, error=reason, now=timezone.now())
    else:
        mark_sent(pk, mail, now=timezone.now())
        tick.sent += 1


def _hang_up(tick: Tick) -> None:
    tick.is_relay_silent = True
    tick.connection.close()


def _refused(pk: int, code: int, reason: str, *, is_mailbox: bool = False) -> None:
    """A 5xx is for good (RFC 5321, 4.2.1), everything else is for now."""
    give_up, for_now = (fail_notice, "") if code >= 500 else (retry_later, " por ahora")
    error = f"{reason}{for_now} ({code})"
    give_up(pk, error=error, now=timezone.now(), is_mailbox=is_mailbox)


def _mailbox(name: str, address: str) -> str:
    """The domain travels in its ASCII form (RFC 5891): relays refuse «ana@ñandú.mx»."""
    user, _, domain = address.rpartition("@")
    return formataddr((name, f"{user}@{punycode(domain)}"))


def _message(notice: Notice, mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=_mailbox(sender_of(notice), settings.DEFAULT_FROM_EMAIL),
        to=[_mailbox(notice.to_name, notice.to_email)],
        reply_to=[notice.plantel.email] if notice.plantel and notice.plantel.email else None,
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    message.attach_alternative(mail.html, "text/html")
    return message
