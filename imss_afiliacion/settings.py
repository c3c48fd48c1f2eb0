"""Settings: one file, everything from the environment, safe by default.

Without any variable the portal runs embedded: SQLite, a file broker, mails as files under var/.
An https BASE_URL makes it production. `.env.example` explains every variable.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(ROOT / ".env")

VAR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
PRODUCTION = BASE_URL.startswith("https://")

# Secrets and hosts -------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY") if PRODUCTION else env.str("SECRET_KEY", default="embedded-only-" * 4)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[str(urlsplit(BASE_URL).hostname), "localhost", "127.0.0.1", "[::1]"],
)
DEBUG = env.bool("DEBUG", default=False)

# Apps: the street, from the trámite's end to its beginning ---------------------------------------
INSTALLED_APPS = [
    "followup",
    "nss",
    "students",
    "notices",
    "papers",
    "school",
    "common",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "imss_afiliacion.urls"
WSGI_APPLICATION = "imss_afiliacion.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database: PostgreSQL in earnest, SQLite embedded ------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "school.User"
LOGIN_URL = "students:sign_in"
PASSWORD_HASHERS = [
    "school.hashers.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "es-mx"
TIME_ZONE = "America/Mexico_City"
USE_I18N = True
USE_TZ = True

# Files -------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
CHILD_SLOTS_ROOT = VAR / "slots"  # two locks: at most two parsers of foreign files at once

# Mail --------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="filemail:///" + str(VAR / "mail").lstrip("/")))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="afiliacion@correo.example")

# Celery ------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")

# Headers -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# The outbox mints these secrets at delivery; what mints them stands further up the street ---------
NOTICE_SECRETS = {
    "SIGN_IN": "students.actions.sign_in.mint_sign_in_secret",
    "MAIL": "students.actions.access_codes.mint_mail_code",
}
