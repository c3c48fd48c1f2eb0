"""What `manage.py check --deploy` asks beyond Django: the promises that a setting could quietly break."""

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

PROMISES: tuple[tuple[str, str, Callable[[], bool]], ...] = (
    (
        "portal.E001",
        "BASE_URL is not https: links in mails could be read on the way.",
        lambda: settings.BASE_URL.startswith("https://"),
    ),
    (
        "portal.E002",
        "ALLOWED_HOSTS holds a wildcard: the Host header could poison links.",
        lambda: not any("*" in host for host in settings.ALLOWED_HOSTS),
    ),
    (
        "portal.E003",
        "EMAIL_TIMEOUT is not set: a mail server that hangs would stop the worker.",
        lambda: bool(settings.EMAIL_TIMEOUT),
    ),
    (
        "portal.E004",
        "A cookie lacks the __Host- prefix: another host of the domain could set it.",
        lambda: (
            settings.SESSION_COOKIE_NAME.startswith("__Host-")
            and settings.CSRF_COOKIE_NAME.startswith("__Host-")
        ),
    ),
    (
        "portal.E005",
        "PASSWORD_HASHERS does not begin with our Argon2id.",
        lambda: settings.PASSWORD_HASHERS[0] == "school.hashers.PortalArgon2PasswordHasher",
    ),
    (
        "portal.E006",
        "Sessions are not JSON in the database: signing somebody out would not be certain.",
        lambda: (
            settings.SESSION_ENGINE == "school.sessions"
            and settings.SESSION_SERIALIZER.endswith(".JSONSerializer")
        ),
    ),
    (
        "portal.E007",
        "The worker accepts more than JSON: a message could run code.",
        lambda: settings.CELERY_ACCEPT_CONTENT == ["json"],
    ),
)

NO_PROXIES = (
    "TRUSTED_PROXIES is empty: limits on guessing count everybody behind the proxy as one visitor."
)


@register(Tags.security, deploy=True)
def check_promises(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """List the security promises that the settings break."""
    del app_configs, kwargs
    broken: list[CheckMessage] = [
        Error(message, id=name) for name, message, is_kept in PROMISES if not is_kept()
    ]
    if not settings.TRUSTED_PROXIES:
        broken.append(Caution(NO_PROXIES, id="portal.W001"))
    return broken
