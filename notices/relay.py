"""The way to the relay: SMTP that keeps its connection and says when an answer was lost, and the question after it.

SMTP leaves a gap (RFC 1047): a connection that breaks between the last dot and the relay's 250 tells nobody
whether the mail was taken. A relay that keeps a log can be asked afterwards.
"""

import smtplib
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

ASKING_SECONDS = 10
TAKEN, NOT_TAKEN = 0, 1


class AnswerLost(Exception):
    """The mail was handed over and no answer came: the relay may have taken it."""


class RelaySilent(Exception):
    """The relay could not be asked now; what it took is still in doubt."""


class _Plain(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        with _lost_answers():
            return super().data(msg)


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    pass


@contextmanager
def _lost_answers() -> Iterator[None]:
    """From DATA on a broken connection leaves a doubt; before it, the relay certainly took nothing."""
    try:
        yield
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise AnswerLost from error


class EmailBackend(smtp.EmailBackend):
    """Django's, over one connection for all mails until `close`; raises AnswerLost."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()  # Django closes only what `send_messages` itself opened
        return super().send_messages(email_messages)

    def _send(self, email_message: EmailMessage) -> bool:
        """Django takes both mailboxes apart and together again, a sixth of all the time that a mail takes.

        Raises ValueError for what cannot be written, before the relay hears of it.
        """
        message: Any = email_message.message()
        connection: Any = self.connection
        written = message.as_bytes(linesep="\r\n")
        mailboxes = (email_message.from_email, *email_message.recipients())
        sender, *to = (parseaddr(one)[1].encode("ascii").decode() for one in mailboxes)
        connection.sendmail(sender, to, written)
        return True


def relay_took(message_id: str) -> bool:
    """Ask the relay whether it took a mail; always no where nobody can be asked.

    RELAY_LOOKUP is a command that gets the Message-ID as its last argument and ends with 0 (it has the mail) or
    1 (it has not). Raises RelaySilent for any other end, and after ten seconds.
    """
    if not settings.RELAY_LOOKUP:
        return False
    try:
        asked = subprocess.run(
            [*settings.RELAY_LOOKUP, message_id],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=ASKING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RelaySilent from error
    if asked.returncode not in {TAKEN, NOT_TAKEN}:
        raise RelaySilent
    return asked.returncode == TAKEN
