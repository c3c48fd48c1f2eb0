"""A-05 and A-07: a format as it comes out of the printer, a mail as it arrives, before anybody saves it."""

from datetime import datetime, timedelta
from typing import Any

from notices.actions import Recipient, queue
from notices.render import sample_of
from papers.actions import queue_print_job
from papers.models import PrintJob
from papers.states import PaperKind
from school.access import Ability, planteles_with
from school.actions.limits import Limit, count_attempt
from school.models import TextVersion, User
from school.states import TextKind

PRINTED_KINDS = (TextKind.RENUNCIA, TextKind.CITATORIO, TextKind.OFICIO)
"""The texts that are formats of papers."""
TESTS_AN_HOUR = 3


class NoPlantel(Exception):
    """A sheet is of some plantel, and there is none yet."""

    sentence = "Todavía no hay ningún plantel. Registrar uno para ver el formato en PDF"


class NoMailbox(Exception):
    """Nobody can be sent a mail without an address."""

    sentence = "Tu cuenta no tiene correo. Pedir a la administración que lo registre"


class EnoughTests(Exception):
    """So many mails were asked for that one more would be abuse."""

    sentence = f"Ya se mandaron {TESTS_AN_HOUR} pruebas en la última hora. Esperar para mandar otra"


def send_test_mail(text: TextVersion, *, by: User, now: datetime) -> None:
    """Send the text to the person's own mailbox, with examples for a student's data.

    Raises NoMailbox, or EnoughTests after TESTS_AN_HOUR of them.
    """
    if not by.email:
        raise NoMailbox
    if not count_attempt(Limit(f"test-mail:{by.pk}", TESTS_AN_HOUR, timedelta(hours=1)), now=now):
        raise EnoughTests
    subject, body = sample_of(text)
    queue(
        f"test-mail:{by.pk}:{now.isoformat()}",
        "M-25",
        to=Recipient(by.email, by.name or by.username),
        plantel=None,
        about=f"user:{by.pk}",
        context={"asunto": subject, "cuerpo": body},
        now=now,
    )


def order_sample(
    kind: TextKind, fields: dict[str, Any], *, version: int, by: User, now: datetime
) -> PrintJob:
    """Put one sheet of the format in line for the worker. Raises NoPlantel."""
    plantel = planteles_with(by, Ability.SEE_PRINT_JOBS).first()
    if plantel is None:
        raise NoPlantel
    return queue_print_job(
        plantel,
        PaperKind.SAMPLE,
        title=f"Muestra: {kind.label}",
        parameters={"kind": kind.value, "version": version, "fields": fields},
        sheets=1,
        by=by,
        now=now,
    )
