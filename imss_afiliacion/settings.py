"""Settings: one file, everything from the environment, safe by default.

Without any variable the portal runs embedded: SQLite, a file broker, mails as files under var/.
An https BASE_URL makes it production. `.env.example` explains every variable.
"""

import re
import shlex
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from common.tokens import kept_secret

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(env.str("ENV_FILE", default=str(ROOT / ".env")))

VAR = Path(env.str("VAR_DIR", default=str(ROOT / "var")))
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
PRODUCTION = BASE_URL.startswith("https://")

# Secrets and hosts -------------------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = env.str("SECRET_KEY")
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR / "secret_key")
    ALLOWED_HOSTS = env.list(
        "ALLOWED_HOSTS",
        default=[str(urlsplit(BASE_URL).hostname), "localhost", "127.0.0.1", "[::1]"],
    )
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="afiliacion@correo.example")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Seals the access log for as long as the log is kept, so it does not change with SECRET_KEY.
ACCESS_LOG_KEY = env.str("ACCESS_LOG_KEY", default="") or kept_secret(VAR / "access_log_key")
DEBUG = env.bool("DEBUG", default=False)

if any("*" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS names each host; «*» would let a stranger forge links."
    )
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "DEBUG shows people's data; it cannot be on where BASE_URL is https."
    )

# Apps: the street, from the trámite's end to its beginning ---------------------------------------
INSTALLED_APPS = [
    "followup",
    "clinics",
    "affiliation",
    "nss",
    "renuncias",
    "students",
    "notices",
    "papers",
    "school",
    "common",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
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
    "csp.middleware.CSPMiddleware",
    "common.middleware.PrivateResponsesMiddleware",
    "common.middleware.KnownMethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "common.middleware.NoNullCharacterMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "school.middleware.SignInClockMiddleware",
    "school.middleware.SecondFactorMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
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
                "followup.context.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database: PostgreSQL in earnest, SQLite embedded ------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")}
DATABASE_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASE_OPTIONS |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Seconds, so that one slow page cannot stop the others; commands and workers take what they need.
    serves_pages = "imss_afiliacion.wsgi" in sys.modules
    statement_timeout = env.int("STATEMENT_TIMEOUT", default=5) if serves_pages else 0
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement costs more than any of ours takes. A sweep sorts a hundred thousand rows, on disk with the
    # usual 4 MB.
    DATABASE_OPTIONS["options"] = (
        f"-c statement_timeout={statement_timeout}s -c lock_timeout=10s -c jit=off -c work_mem=16MB"
    )

# People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "school.User"
LOGIN_URL = "students:sign_in"
PASSWORD_HASHERS = [
    "school.hashers.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# Staff sign in by e-mail, password and TOTP; students by codes of their own (students/views/sign_in.py).
LOGIN_REDIRECT_URL = "followup:today"
ACCOUNT_LOGOUT_REDIRECT_URL = "followup:cover"
ACCOUNT_ADAPTER = "notices.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ADMIN_PATH = env.str("ADMIN_PATH", default="administracion-tecnica/")
# Passwords are counted by school/actions/sign_in_limits.py; «login_failed» bounds the codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "5/5m/key"}
ACCOUNT_FORMS = {
    "login": "school.forms.sign_in.StaffSignInForm",
    "reauthenticate": "school.forms.sign_in.StaffReauthenticateForm",
    "reset_password": "school.forms.sign_in.AskForResetForm",
    "reset_password_from_key": "school.forms.sign_in.NewPasswordForm",
    "change_password": "school.forms.sign_in.ChangePasswordForm",
}
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "school.adapter.StaffSecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the institution gave the address
MFA_TOTP_ISSUER = "Afiliación IMSS"
MFA_FORMS = {
    "authenticate": "school.forms.sign_in.SecondFactorForm",
    "reauthenticate": "school.forms.sign_in.SecondFactorAgainForm",
    "activate_totp": "school.forms.sign_in.EnrolSecondFactorForm",
    "generate_recovery_codes": "school.forms.sign_in.NewRecoveryCodesForm",
}
# allauth counts attempts in the cache: in the database, so that a restart or a second server resets nothing.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "attempts_cache",
        # Past so many rows the database cache forgets a third of them: out of reach of who floods it.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Sessions and cookies: in the database, as JSON, for a working day -------------------------------
SESSION_ENGINE = "school.sessions"  # Django's, with the person beside each session
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_AGE = None  # until the browser is closed, as the session
SESSION_COOKIE_NAME = "__Host-sesion" if PRODUCTION else "sesion"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
# Idle for so long, or open for so long: then the person signs in again. Students often share a phone.
SIGN_IN_LASTS = {
    "STUDENT": (timedelta(minutes=30), timedelta(hours=12)),
    "STAFF": (timedelta(minutes=20), timedelta(hours=8)),
}
# Addresses of our own proxies («unix» is a Unix socket): only behind them does X-Forwarded-For say who asks.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "es-mx"
TIME_ZONE = "America/Mexico_City"
USE_I18N = True
USE_TZ = True

# Files -------------------------------------------------------------------------------------------
# In production collectstatic gives each file a name with its hash; embedded, WhiteNoise serves the sources.
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR / "static" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# nginx's internal location of MEDIA_ROOT, with its last slash; empty: the portal sends the files itself.
X_ACCEL_REDIRECT = env.str("X_ACCEL_REDIRECT", default="")
# A ClamAV daemon that looks at every upload, and the seconds that it may take for one; empty: nobody looks.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
CLAMD_TIMEOUT = env.int("CLAMD_TIMEOUT", default=8)
if CLAMD_ADDRESS and not re.fullmatch(r"unix:/.+|[^:]+:\d{1,5}|\[.+\]:\d{1,5}", CLAMD_ADDRESS):
    raise ImproperlyConfigured("CLAMD_ADDRESS is «unix:/path/of/the/socket» or «host:port».")
CHILD_SLOTS_ROOT = VAR / "slots"  # two locks: at most two parsers of foreign files at once

# Mail --------------------------------------------------------------------------------------------
mail = env.email_url("EMAIL_URL", default="filemail:///" + str(VAR / "mail").lstrip("/"))
if mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    mail["EMAIL_BACKEND"] = "notices.relay.EmailBackend"
vars().update(mail)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
# A command that tells whether the relay took a Message-ID (notices/relay.py); empty: nobody can be asked.
RELAY_LOOKUP = shlex.split(env.str("RELAY_LOOKUP", default=""))
# Seconds: how long a worker may hold what it delivers, and the first and the longest wait for another try.
NOTICE_LEASE = timedelta(seconds=env.int("NOTICE_LEASE", default=120))
NOTICE_WAITS = tuple(timedelta(seconds=s) for s in env.list("NOTICE_WAITS", int, default=[15, 600]))

# Seconds: how long a worker may hold what it draws; longer than a task may run.
PRINT_LEASE = timedelta(seconds=env.int("PRINT_LEASE", default=90))

# Health: seconds without a sign of life after which a worker counts as silent, and how full the disk may be (%).
SILENT_AFTER = timedelta(seconds=env.int("SILENT_AFTER", default=300))
DISK_FULL_AT = env.int("DISK_FULL_AT", default=95)

# Celery ------------------------------------------------------------------------------------------
# Work waits in the database; what the broker loses, the next tick finds (docs/architecture.md).
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker-control"),
        "polling_interval": 0.1,
    }
    for folder in ("broker", "broker-control"):
        (VAR / folder).mkdir(mode=0o700, exist_ok=True)
else:
    # A task of a killed worker runs again after ten minutes at most; a frozen Redis is given up after a second.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "max_retries": 0,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"quick": {}, "heavy": {}}
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE

# Logs: lines of JSON in production, readable ones embedded; CURP, NSS and e-mail masked in both --
structlog_processors: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *structlog_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "masked": {
            "()": "common.logs.MaskingFormatter",
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False)
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": structlog_processors,
        },
    },
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["lines"], "level": "INFO" if PRODUCTION else "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "pikepdf": {"level": "WARNING"},  # it would greet at each start
    },
}
DEFAULT_EXCEPTION_REPORTER = "common.logs.ReporterWithoutLocals"

# Headers -----------------------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # the proxy must overwrite it
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Preloading binds the whole domain for years: a decision of who owns it.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
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
    "STAFF_RESET": "notices.adapter.mint_reset_link",
}
# The outbox asks before it sends whether these are still true --------------------------------------
NOTICE_CHECKS = {
    "REMINDER": "followup.queries.still_due.held_back",
    "CLINIC": "clinics.queries.still_due.held_back",
}
