"""How many notices a worker hands to the relay in a second, against the least that the promise costs.

10,000 notices («tu acuse está aceptado», «guardamos tus datos») wait in the outbox; one worker's sweep empties it
into a local sink. The limit is a hand-written loop over the same rows, read into memory at once. For each it renders
the same subject, text and HTML, commits SENDING with what it rendered, builds the same MIME message, hands it to the
same sink over one connection of smtplib, and commits SENT. Left out is what the sweep does besides: claim and lease,
look again whether the mail is still due or cancelled, and answer for every way in which the relay may fail. The goal
stands on this limit, for the commits are around each sending. The same loop without message and sink is measured
too, so that what SMTP costs can be told apart. The three take turns, and the median of the rounds counts.
"""

import argparse
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from bench.harness import Goal, report

NOTICES = 10_000
ROUNDS = 3
SENDING = """UPDATE notices_notice SET state = 'SENDING', lease_until = now() + interval '2 minutes',
             message_id = %s, subject = %s, body = %s WHERE id = %s"""
SENT = "UPDATE notices_notice SET state = 'SENT', sent_at = now(), lease_until = NULL, error = '' WHERE id = %s"


@contextmanager
def sink() -> Iterator[int]:
    """Run the sink in a process of its own; gives its port."""
    from tests.conftest import free_port

    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.faults.relay", str(port), f"{folder}/journal"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            next(iter(process.stdout or ()))  # its line that it listens
            try:
                yield port
            finally:
                process.terminate()


def fill(notices: int) -> None:
    """Put the same notices into an outbox that is empty otherwise."""
    from django.utils import timezone

    from notices.models import Notice
    from school.models import Plantel
    from tests.factories.notices import NoticeFactory
    from tests.factories.school import PlantelFactory

    Notice.objects.all().delete()
    plantel, now = Plantel.objects.first() or PlantelFactory(), timezone.now()
    kinds = [("M-09", {}), ("M-02", {"due_on": "2026-08-27"})]
    Notice.objects.bulk_create(
        [
            NoticeFactory.build(
                key=f"bench:{n}",
                message=kinds[n % 2][0],
                context=kinds[n % 2][1],
                plantel=plantel,
                to_email=f"estudiante{n}@correo.example",
                created_at=now,
                not_before=now,
            )
            for n in range(notices)
        ],
        batch_size=1000,
    )


def sweep() -> None:
    """Empty the outbox as a worker does."""
    from notices.tasks import deliver_notices

    while deliver_notices():
        pass


def loop(hand_over: Callable[..., None]) -> None:
    """Render each mail, and commit SENDING and SENT around handing it over."""
    from django.db import connection

    from notices.models import Notice
    from notices.render import render_mail, words_for

    rows = list(Notice.objects.select_related("plantel"))
    words = words_for(rows)
    with connection.cursor() as cursor:
        for notice in rows:
            mail = render_mail(notice, {}, words)
            message_id = f"<{notice.pk}@correo.example>"
            cursor.execute(SENDING, [message_id, mail.subject, mail.kept_body, notice.pk])
            hand_over(notice, mail, message_id)
            cursor.execute(SENT, [notice.pk])


def limit_without_sink() -> None:
    """The loop that talks to nobody."""
    loop(lambda *mail: None)


def limit() -> None:
    """The loop that hands each mail to the sink, over one connection and with smtplib alone."""
    from django.conf import settings

    from notices.tasks import _message

    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as conversation:

        def hand_over(notice: object, mail: object, message_id: str) -> None:
            notice.message_id = message_id  # type: ignore[attr-defined]
            message = _message(notice, mail, None)  # type: ignore[arg-type]
            text = message.message().as_bytes(linesep="\r\n")
            conversation.sendmail(settings.DEFAULT_FROM_EMAIL, message.recipients(), text)

        loop(hand_over)


def rate(empty: Callable[[], None], notices: int) -> float:
    """Return mails a second; ends the bench when one was left behind."""
    from notices.models import Notice

    fill(notices)
    start = time.perf_counter()
    empty()
    seconds = time.perf_counter() - start
    if (sent := Notice.objects.filter(state="SENT").count()) != notices:
        sys.exit(f"{sent} of {notices} were sent: nothing was measured")
    return notices / seconds


def main() -> None:
    """Measure the three in turn."""
    from django.core.management import call_command
    from django.test import override_settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=NOTICES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    ways = {"sweep": sweep, "limit": limit, "limit_without_sink": limit_without_sink}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    mail = {"EMAIL_BACKEND": "notices.relay.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
    with sink() as port, override_settings(**mail, EMAIL_PORT=port):
        for number in range(asked.rounds):
            for name, way in ways.items():
                rates[name].append(rate(way, asked.notices))
                print(f"round {number + 1}: {name} {rates[name][-1]:.0f}/s", file=sys.stderr)
    typical = {name: median(values) for name, values in rates.items()}
    report(
        "mails",
        figures={f"{name}_per_second": round(value, 1) for name, value in typical.items()},
        ratios={
            "of_limit": round(typical["sweep"] / typical["limit"], 3),
            "of_limit_without_sink": round(typical["sweep"] / typical["limit_without_sink"], 3),
        },
        goals=[Goal("of_limit", at_least=0.6)],
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
