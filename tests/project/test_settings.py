"""Settings: an unsafe production does not start, a safe one has every guard on."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.project.source import ROOT

PRODUCTION = {
    "BASE_URL": "https://afiliacion.example",
    "SECRET_KEY": "k7Hq2m9wXz4tLp8vRn3cYb6dGf5jSa1eUo0iQ-test-only-secret",
    "ALLOWED_HOSTS": "afiliacion.example",
    "DEFAULT_FROM_EMAIL": "afiliacion@correo.example",
    "DATABASE_URL": "postgres://app@localhost/portal",
    "CELERY_BROKER_URL": "redis://localhost/0",
}
PROBE = """
import json, django
from django.conf import settings
django.setup()
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()}, default=str))
"""


def start(tmp_path, *, probe: str = PROBE, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, with that environment alone."""
    return subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "imss_afiliacion.settings",
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(tmp_path) -> dict[str, object]:
    """Give the settings of a complete production environment."""
    settings: dict[str, object] = json.loads(start(tmp_path, **PRODUCTION).stdout)
    return settings


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL"])
def test_production_does_not_start_without(tmp_path, missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    started = start(tmp_path, **environment)

    assert started.returncode == 1
    assert missing in started.stderr


@pytest.mark.parametrize("hosts", ["*", "afiliacion.example,*", "*.example"])
@pytest.mark.parametrize("base_url", ["https://afiliacion.example", "http://localhost:8000"])
def test_wildcard_host_is_refused(tmp_path, base_url, hosts):
    started = start(tmp_path, **PRODUCTION | {"BASE_URL": base_url, "ALLOWED_HOSTS": hosts})

    assert started.returncode == 1
    assert "ALLOWED_HOSTS" in started.stderr


def test_debug_is_refused_in_production(tmp_path):
    started = start(tmp_path, **PRODUCTION, DEBUG="true")

    assert started.returncode == 1
    assert "DEBUG" in started.stderr


@pytest.mark.parametrize("address", ["localhost", "unix:clamd.ctl"])
def test_address_of_a_virus_scanner_that_leads_nowhere_is_refused(tmp_path, address):
    started = start(tmp_path, **PRODUCTION, CLAMD_ADDRESS=address)

    assert started.returncode == 1
    assert "CLAMD_ADDRESS" in started.stderr


@pytest.mark.parametrize("address", ["unix:/run/clamav/clamd.ctl", "[::1]:3310"])
def test_address_of_a_virus_scanner_is_a_socket_or_a_host_with_its_port(tmp_path, address):
    started = start(tmp_path, **PRODUCTION, CLAMD_ADDRESS=address)

    assert json.loads(started.stdout)["CLAMD_ADDRESS"] == address


def test_production_has_every_guard_on(production):
    guards = {
        "SESSION_COOKIE_NAME": "__Host-sesion",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "USE_X_FORWARDED_HOST": False,
        "DEBUG": False,
    }

    assert {name: production[name] for name in guards} == guards


def test_worker_loses_nothing_and_waits_for_nobody(production):
    promises = {
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_PUBLISH_RETRY": False,
        "CELERY_TASK_TIME_LIMIT": 60,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_ACCEPT_CONTENT": ["json"],
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": 600,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "max_retries": 0,
        },
    }

    assert {name: production[name] for name in promises} == promises


@pytest.mark.parametrize(
    ("entry", "kept", "seconds"),
    [
        ("imss_afiliacion.wsgi", "", 5),
        ("imss_afiliacion.wsgi", "STATEMENT_TIMEOUT=20", 20),
        ("imss_afiliacion.celery", "STATEMENT_TIMEOUT=20", 0),
        ("manage", "STATEMENT_TIMEOUT=20", 0),
    ],
)
def test_pages_alone_may_not_hold_the_database(tmp_path, entry, kept, seconds):
    """Loaded as the web server, a worker and a command load them, with a file of variables."""
    (tmp_path / "variables").write_text(kept)
    environment = PRODUCTION | {"ENV_FILE": str(tmp_path / "variables")}

    started = start(tmp_path, probe=f"import {entry}\n{PROBE}", **environment)

    options = json.loads(started.stdout)["DATABASES"]["default"]["OPTIONS"]["options"]
    limits = f"-c statement_timeout={seconds}s -c lock_timeout=10s"
    assert options == f"{limits} -c jit=off -c work_mem=16MB"


def test_a_command_in_production_writes_no_log_without_a_reason(tmp_path):
    command = "from django.core.management import call_command; call_command('check')"

    started = start(tmp_path, probe=f"{PROBE}\n{command}", **PRODUCTION)

    assert (started.returncode, started.stderr) == (0, "")


def test_every_installation_has_its_own_secret(tmp_path):
    first = json.loads(start(tmp_path / "a").stdout)["SECRET_KEY"]
    again = json.loads(start(tmp_path / "a").stdout)["SECRET_KEY"]
    other = json.loads(start(tmp_path / "b").stdout)["SECRET_KEY"]

    assert first == again
    assert first != other
    assert (tmp_path / "a" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_every_variable_is_explained():
    settings = (ROOT / "imss_afiliacion" / "settings.py").read_text()
    explained = (ROOT / ".env.example").read_text()

    read = sorted(set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)))

    assert [name for name in read if f"{name}=" not in explained] == []
