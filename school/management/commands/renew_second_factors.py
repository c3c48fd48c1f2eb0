"""Encrypt the second factors of the staff with the SECRET_KEY of today; the one before it may go then."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from school.actions.users import renew_second_factors

NO_KEY = (
    "A second factor was made under a key that is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS. "
    "Add that key, or take the second factor from whose it is in Django's admin. Nothing was changed."
)


class Command(BaseCommand):
    help = (
        "Encrypt the second factors of the staff with today's SECRET_KEY, before an older one goes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        del args, options
        try:
            count = renew_second_factors()
        except InvalidToken:
            raise CommandError(NO_KEY) from None
        self.stdout.write(f"{count} second factors are encrypted with SECRET_KEY.")
