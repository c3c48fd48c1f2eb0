"""The sweep that empties the outbox."""

import smtplib
from email.utils import formataddr
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from common.leases import claim, give_back
from notices.actions import fail_notice, mark_sent, retry_later, start_sending
from notices.actions.delivery import LEASE
from notices.models import Notice
from notices.queries import due_notices
from notices.render import Mail, sender_of

BATCH = 50
SECONDS = 40


class RelayUnreachable(Exception):
    """The relay did not answer; what is left waits for the next tick."""


@shared_task
def deliver_notices() -> int:
    """This will hand to the relay what is due now and return how many mails it took.

    One connection serves the whole tick. When the relay does not answer, the tick ends and the rest waits.
    """
    sent, stop_at = 0, monotonic() + SECONDS
    connection = get_connection()
    try:
        while monotonic() < stop_at:
            now = timezone.now()
            keys = claim(due_notices(now), now=now, lease=LEASE, limit=BATCH)
            for position, pk in enumerate(keys):
                try:
                    sent += deliver_notice(pk, connection)
                except RelayUnreachable:
                    for later in keys[position + 1 :]:
                        give_back(Notice, later, held_until=now + LEASE)
                    return sent
            if not keys:
                break
    finally:
        connection.close()
    return sent


def deliver_notice(pk: int, connection: BaseEmailBackend) -> int:
    """This will deliver one notice; 1 when the relay took it, else 0.

    Raises RelayUnreachable, after putting the notice back, when the relay itself does not answer.
    """
    started = start_sending(pk, now=timezone.now())
    if started is None:
        return 0
    notice, mail = started
    try:
        connection.send_messages([_message(notice, mail, connection)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        if code >= 500:
            fail_notice(pk, error=f"El buzón no recibe correo ({code})")
        else:
            retry_later(pk, error=f"{code} {words!r}", now=timezone.now())
        return 0
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        reason = f"El servidor de correo no respondió ({type(error).__name__})"
        retry_later(pk, error=reason, now=timezone.now())
        raise RelayUnreachable from error
    mark_sent(pk, now=timezone.now())
    return 1


def _message(notice: Notice, mail: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((sender_of(notice), settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((notice.to_name, notice.to_email))],
        reply_to=[notice.plantel.email] if notice.plantel and notice.plantel.email else None,
        headers={"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    message.attach_alternative(mail.html, "text/html")
    return message
