"""The sweep that empties the outbox."""

import smtplib
from email.utils import formataddr
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.encoding import punycode

from common.leases import claim, give_back
from notices.actions import fail_notice, leave_in_doubt, mark_sent, retry_later, start_sending
from notices.models import Notice
from notices.queries import due_notices, notices_in_doubt
from notices.relay import AnswerLost, RelaySilent, relay_took
from notices.render import Mail, sender_of

BATCH = 50
SECONDS = 30


class RelayUnreachable(Exception):
    """The relay did not answer; what is left waits for the next tick."""


@shared_task
def deliver_notices() -> int:
    """This will hand to the relay what is due now and return how many mails it took.

    One connection serves the whole tick. When the relay does not answer, or the tick's time is over, the
    rest is given back and waits.
    """
    sent, stop_at = 0, monotonic() + SECONDS
    connection = get_connection()
    try:
        while monotonic() < stop_at:
            now = timezone.now()
            held_until = now + settings.NOTICE_LEASE
            keys = claim(due_notices(now), now=now, lease=settings.NOTICE_LEASE, limit=BATCH)
            if not keys:
                break
            taken, rest = _deliver_batch(keys, connection, stop_at)
            sent += taken
            for pk in rest:
                give_back(Notice, pk, held_until=held_until)
            if rest:
                break
    finally:
        connection.close()
    return sent


def _deliver_batch(
    keys: list[int], connection: BaseEmailBackend, stop_at: float
) -> tuple[int, list[int]]:
    """This will deliver one notice after the other; returns how many left and what was not begun."""
    sent, in_doubt = 0, notices_in_doubt(keys)
    for position, pk in enumerate(keys):
        if monotonic() >= stop_at:
            return sent, keys[position:]
        try:
            sent += deliver_notice(pk, connection, in_doubt=in_doubt.get(pk, ""))
        except RelayUnreachable:
            return sent, keys[position + 1 :]
    return sent, []


def deliver_notice(pk: int, connection: BaseEmailBackend, *, in_doubt: str = "") -> int:
    """This will deliver one notice; 1 when the relay took it, else 0.

    `in_doubt` is the Message-ID of a mail whose last sender got no answer: the relay is asked for it first.
    Raises RelayUnreachable, after putting the notice back, when the relay itself does not answer.
    """
    try:
        if in_doubt and relay_took(in_doubt):
            mark_sent(pk, now=timezone.now())
            return 1
    except RelaySilent:
        leave_in_doubt(pk, error="El servidor de correo no dice si lo recibió", now=timezone.now())
        return 0
    started = start_sending(pk, now=timezone.now())
    return _hand_over(*started, connection) if started else 0


def _hand_over(notice: Notice, mail: Mail, connection: BaseEmailBackend) -> int:
    """This will speak to the relay and write down what it answered."""
    pk = notice.pk
    try:
        connection.send_messages([_message(notice, mail, connection)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, _words = next(iter(refused.recipients.values()))
        _put_back(pk, code, "El buzón no recibe correo")
    except smtplib.SMTPDataError as refused:
        _put_back(pk, refused.smtp_code, "El servidor de correo no aceptó el mensaje")
    except ValueError:
        fail_notice(pk, error="La dirección o el asunto no se pueden escribir en un correo")
    except AnswerLost as lost:
        connection.close()
        leave_in_doubt(pk, error="El servidor de correo no contestó", now=timezone.now())
        raise RelayUnreachable from lost
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        reason = f"El servidor de correo no respondió ({type(error).__name__})"
        retry_later(pk, error=reason, now=timezone.now())
        raise RelayUnreachable from error
    else:
        mark_sent(pk, now=timezone.now())
        return 1
    return 0


def _put_back(pk: int, code: int, reason: str) -> None:
    """A 5xx is for good (RFC 5321, 4.2.1), everything else is for now."""
    if code >= 500:
        fail_notice(pk, error=f"{reason} ({code})")
    else:
        retry_later(pk, error=f"{reason} por ahora ({code})", now=timezone.now())


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
