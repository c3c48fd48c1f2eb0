"""Say who is reminded of what, and why; remind them unless it is a dry run."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from followup.actions.reminders import remind_students
from followup.queries.reminders import lines_of


class Command(BaseCommand):
    """manage.py remind [--now ISO] [--dry-run]."""

    help = (
        "Print which students are reminded now, of what and why, and queue their mails. "
        "With --dry-run nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now", help="another moment, ISO 8601 with its offset: 2026-08-26T08:00-06:00"
        )
        parser.add_argument("--dry-run", action="store_true", help="print only")

    def handle(self, *, now: str | None, dry_run: bool, **options: Any) -> None:
        moment = _moment(now) if now else timezone.now()
        lines = list(lines_of(moment))
        for line in lines:
            self.stdout.write(line)
        queued = 0 if dry_run else remind_students(now=moment).queued
        self.stdout.write(f"{len(lines)} líneas; {queued} correos a la bandeja de salida")


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise CommandError("--now is ISO 8601 with its offset, for example 2026-08-26T08:00-06:00")
    return moment
