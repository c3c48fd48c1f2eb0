"""What one page costs at least: the same session, user look-up, SQL and template, and nothing that decides on them.

`record` asks the portal for a page and writes down what it sends to the database and puts into its template;
`show_limit` sends that SQL by the driver alone and renders that template. This module is the site map of both
handlers: the portal's own, with the limit's address before it.
"""

import io
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

HOST = "afiliacion.example"
BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LIMIT_PREFIX = "bench-limit"
SAME_LENGTH = 0.02
NO_QUERY = ("SAVEPOINT", "RELEASE", "ROLLBACK")
WRITING = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Ask:
    """One request to a page; what the limit needs is recorded by `record`."""

    path: str
    cookies: dict[str, str]
    form: dict[str, str] | None = None
    statements: list[tuple[str, Any]] = field(default_factory=list)
    template: Any = None
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether the page does its work in a transaction."""
        return any(sql.startswith(WRITING) for sql, _ in self.statements)


ASKED: list[Ask] = []
"""By the number in the limit's address."""


# Asking ------------------------------------------------------------------------------------------
def environ_of(ask: Ask, path: str) -> dict[str, Any]:
    """Return a request as the web server hands it over."""
    from urllib.parse import urlencode

    from django.conf import settings

    token = ask.cookies[settings.CSRF_COOKIE_NAME]
    body = urlencode(ask.form | {"csrfmiddlewaretoken": token}).encode() if ask.form else b""
    return {
        "REQUEST_METHOD": "POST" if ask.form else "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": HOST,
        "HTTP_REFERER": f"https://{HOST}/",
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in ask.cookies.items()),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def answer_of(handler: Any, environ: dict[str, Any]) -> tuple[str, bytes]:
    """Return status and body, as a web server would take them."""
    told: list[str] = []
    response = handler(environ, lambda status, headers: told.append(status))
    body = b"".join(response)
    response.close()
    return told[0], body


def timed(handler: Any, ask: Ask, path: str) -> float:
    """Return the milliseconds of one answer."""
    environ = environ_of(ask, path)
    start = time.perf_counter_ns()
    status, _ = answer_of(handler, environ)
    spent = (time.perf_counter_ns() - start) / 1e6
    if not status.startswith("200"):
        sys.exit(f"{path} answered {status}: nothing was measured")
    return spent


# The limit ---------------------------------------------------------------------------------------
def show_limit(request: Any, number: int) -> Any:
    """Send the page's own SQL and render its template: nothing that decides what either of them is."""
    from django.db import connection, transaction
    from django.http import HttpResponse
    from django.template import Context

    ask = ASKED[number]
    if not request.user.is_authenticated:
        sys.exit("the limit met a stranger: nothing was measured")
    if ask.writes:
        with transaction.atomic():
            send(connection.connection, ask)
    else:
        send(connection.connection, ask)
    return HttpResponse(ask.template.render(Context(ask.context)))


def send(raw: Any, ask: Ask) -> None:
    """Send the recorded statements by the driver alone, and take what they bring."""
    with raw.cursor() as cursor:
        for sql, params in ask.statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()


@contextmanager
def statements_kept(kept: list[tuple[str, Any]]) -> Iterator[None]:
    """Write down what is sent to the database."""
    from django.db import connection

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(NO_QUERY):
            kept.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield


@contextmanager
def context_kept(ask: Ask) -> Iterator[None]:
    """Write down the outermost template with everything in its context, read to the end."""
    from django.template import Context
    from django.template.backends.django import Template
    from django.template.context import make_context

    render = Template.render

    def keep(template: Any, context: Any = None, request: Any = None) -> Any:
        if ask.template is not None:
            return render(template, context, request)
        ask.template = template.template
        full = make_context(context, request, autoescape=True)
        with full.bind_template(template.template):
            ask.context = full.flatten()
        return ask.template.render(Context(ask.context))

    Template.render = keep  # type: ignore[method-assign]
    try:
        yield
    finally:
        Template.render = render  # type: ignore[method-assign]


def record(portal: Any, bare: Any, ask: Ask) -> bool:
    """Record the page's SQL, template and context; False where it leads elsewhere instead of showing a page."""
    ASKED.append(ask)
    path = f"/{LIMIT_PREFIX}/{len(ASKED) - 1}/"
    page: list[tuple[str, Any]] = []
    answer_of(portal, environ_of(ask, ask.path))  # the first visit of a session is noted in it
    with statements_kept(page):
        status, shown = answer_of(portal, environ_of(ask, ask.path))
    if status.startswith("302"):
        return False
    with context_kept(ask):
        answer_of(portal, environ_of(ask, ask.path))
    session_and_user: list[tuple[str, Any]] = []
    with statements_kept(session_and_user):
        answer_of(bare, environ_of(ask, path))
    known = [sql for sql, _ in session_and_user]
    ask.statements = [
        one
        for one in page
        if one[0] not in known or known.remove(one[0])  # type: ignore[func-returns-value]
    ]
    while_rendering: list[tuple[str, Any]] = []
    with statements_kept(while_rendering):
        _, repeated = answer_of(bare, environ_of(ask, path))
    if len(while_rendering) != len(session_and_user):
        sys.exit(f"the template of {ask.path} asks the database itself: {while_rendering[2:]}")
    if abs(len(repeated) - len(shown)) > SAME_LENGTH * len(shown):
        sys.exit(f"the limit of {ask.path} shows another page: nothing was measured")
    return True


# Both handlers -----------------------------------------------------------------------------------
def handlers() -> tuple[Any, Any]:
    """Return the portal as the web server runs it, and the same server with session and user alone."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    settings.ROOT_URLCONF = "bench.page_limit"
    portal = WSGIHandler()
    with override_settings(MIDDLEWARE=BARE):
        bare = WSGIHandler()
    return portal, bare


def urls() -> list[Any]:
    """Return the portal's site map with the limit before it; both handlers walk past the same line."""
    from django.urls import include, path

    return [
        path(f"{LIMIT_PREFIX}/<int:number>/", show_limit),
        path("", include("imss_afiliacion.urls")),
    ]


def __getattr__(name: str) -> Any:
    """Give Django the site map once the settings are there."""
    if name == "urlpatterns":
        return urls()
    raise AttributeError(name)
