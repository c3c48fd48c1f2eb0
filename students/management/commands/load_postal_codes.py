"""manage.py load_postal_codes"""

from typing import Any

from django.core.management.base import BaseCommand

from students.actions.postal_codes import load_postal_codes


class Command(BaseCommand):
    """Load the packaged catalogue of postal codes."""

    help = "Loads the catalogue of postal codes; run again, it writes only what changed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        loaded = load_postal_codes()
        self.stdout.write(
            f"{loaded.total} códigos postales: {loaded.added} nuevos, {loaded.changed} cambiados"
        )
