"""The deploy checks notice each broken promise."""

import pytest

from common.checks import PROMISES, check_promises

SAFE = {
    "BASE_URL": "https://afiliacion.example",
    "ALLOWED_HOSTS": ["afiliacion.example"],
    "EMAIL_TIMEOUT": 20,
    "SESSION_COOKIE_NAME": "__Host-sesion",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "TRUSTED_PROXIES": ["127.0.0.1"],
}


@pytest.fixture
def safe(settings):
    """Give settings that keep every promise."""
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def test_check_promises_finds_nothing_in_safe_settings(safe):
    assert check_promises() == []


@pytest.mark.parametrize(
    ("broken", "name", "value"),
    [
        ("portal.E001", "BASE_URL", "http://afiliacion.example"),
        ("portal.E002", "ALLOWED_HOSTS", ["*"]),
        ("portal.E002", "ALLOWED_HOSTS", ["afiliacion.example", "*.example"]),
        ("portal.E003", "EMAIL_TIMEOUT", None),
        ("portal.E004", "SESSION_COOKIE_NAME", "sesion"),
        ("portal.E004", "CSRF_COOKIE_NAME", "csrf"),
        ("portal.E005", "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"]),
        ("portal.E006", "SESSION_ENGINE", "django.contrib.sessions.backends.cache"),
        ("portal.E006", "SESSION_SERIALIZER", "x.PickleSerializer"),
        ("portal.W001", "TRUSTED_PROXIES", []),
        ("portal.E007", "CELERY_ACCEPT_CONTENT", ["json", "pickle"]),
    ],
)
def test_check_promises_finds(safe, broken, name, value):
    setattr(safe, name, value)

    assert [error.id for error in check_promises()] == [broken]


def test_promises_have_ids_of_their_own():
    ids = [name for name, _, _ in PROMISES]

    assert sorted(set(ids)) == ids
