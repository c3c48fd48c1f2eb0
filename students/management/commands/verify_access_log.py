"""Read the sealed log of who looked at what, and say whether it is as it was written."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from students.queries.access_log import verify_access_log
from students.seals import heard, spoken


def noted_seal(text: str) -> tuple[int, str]:
    """Read a seal as the logs name it."""
    try:
        return heard(text)
    except ValueError:
        raise ArgumentTypeError("write it as the log does: NUMBER:DIGEST") from None


class Command(BaseCommand):
    help = (
        "Verify the chain of seals over the access log; name the first row that was tampered with."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=noted_seal,
            metavar="NUMBER:DIGEST",
            help="a seal that was noted elsewhere, as the worker's log names it: it must still stand",
        )

    def handle(self, *args: Any, anchor: tuple[int, str] | None, **options: Any) -> None:
        del args, options
        verdict = verify_access_log(anchor)
        if verdict.broken:
            raise CommandError(
                f"The access log is broken: {verdict.broken}. "
                f"{verdict.seals} seals over {verdict.looks} looks before it are intact."
            )
        self.stdout.write(f"{verdict.seals} seals over {verdict.looks} looks are intact.")
        if verdict.last:
            self.stdout.write(f"Last seal: {spoken(verdict.last.number, verdict.last.digest)}")
        if verdict.waiting:
            self.stdout.write(f"{verdict.waiting} looks wait for their seal.")
