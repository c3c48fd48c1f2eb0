"""What a page costs at size: «Mi trámite», the review page, a student's file and the search, at 100,000 students.

Each page is asked of the whole portal, set up as in production, and in turn of its limit: a bare view with
the same session and user look-up that sends the page's own SQL, recorded before, by psycopg2 and renders the
same template with what the page had put into it. Both answer in this process, one request at a time, so
nothing but their own work is measured. The rate is 1 / mean; the goal is half of the limit's.

    script/bench pages [--students N] [--requests N] [--samples N]
"""

import argparse
import gc
import io
import logging
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import fmean, median, quantiles
from typing import Any

from bench.harness import Goal, report

HOST = "afiliacion.example"
PRODUCTION = {
    "BASE_URL": f"https://{HOST}",
    "ALLOWED_HOSTS": HOST,
    "SECRET_KEY": "only-for-a-bench-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DEFAULT_FROM_EMAIL": "afiliacion@correo.example",
    "EMAIL_URL": "smtp+tls://app:secret@correo.example:587",
    "STATEMENT_TIMEOUT": "5",
}
BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LIMIT_PREFIX = "bench-limit"
WARM_UP = 2
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


def fill(students: int) -> None:
    """Load the demo where the database is empty, as a developer's portal; gather the static files as production."""
    for command in (
        ["migrate", "--verbosity=0"],
        ["createcachetable"],
        ["demo", f"--students={students}", "--if-empty"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], check=True, stdout=sys.stderr)
    os.environ.update(PRODUCTION)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"], check=True
    )


# Who asks for what -------------------------------------------------------------------------------
def sign_in(user: Any, *, is_student: bool = False) -> dict[str, str]:
    """Return the cookies of a person who is signed in, with the token of the forms."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client
    from django.utils import timezone

    from school.middleware import mark_student_sign_in

    client = Client()
    client.force_login(user)
    if is_student:
        session = client.session
        mark_student_sign_in(session, now=timezone.now())
        session.save()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        settings.SESSION_COOKIE_NAME: cookie,
        settings.CSRF_COOKIE_NAME: _get_new_csrf_string(),
    }


def member(post: str) -> Any:
    """Return somebody who works in the first, largest plantel."""
    from school.models import User

    return User.objects.get(email=f"{post}.01@personal.example")


def my_steps(count: int) -> list[Ask]:
    """«Mi trámite» of students in every stage."""
    from django.urls import reverse

    from students.models import Student

    students = list(Student.objects.select_related("user").order_by("pk"))
    chosen = random.Random(1).sample(students, count)  # noqa: S311 -- repeatable
    path = reverse("followup:my_steps")
    return [Ask(path, sign_in(student.user, is_student=True)) for student in chosen]


def review(count: int) -> list[Ask]:
    """The review page of acuses that wait in the largest plantel."""
    from django.urls import reverse

    from nss.queries.queue import review_queue

    reviewer = member("revisor-1")
    waiting = list(review_queue(reviewer).values_list("public_id", flat=True))
    cookies = sign_in(reviewer)
    chosen = random.Random(2).sample(waiting, min(count, len(waiting)))  # noqa: S311 -- repeatable
    return [Ask(reverse("nss:review_acuse", args=[one]), cookies) for one in chosen]


def student_file(count: int) -> list[Ask]:
    """The files of students of the largest plantel."""
    from django.urls import reverse

    from students.models import Enrollment

    stays = Enrollment.objects.filter(plantel__number="01").order_by("pk")
    found = list(stays.values_list("public_id", flat=True))
    cookies = sign_in(member("responsable"))
    chosen = random.Random(3).sample(found, count)  # noqa: S311 -- repeatable
    return [Ask(reverse("followup:student_file", args=[one]), cookies) for one in chosen]


def search(count: int) -> list[Ask]:
    """What people type about somebody in the largest plantel, and what names more than one."""
    from django.urls import reverse

    from students.models import Enrollment

    stays = Enrollment.objects.filter(plantel__number="01", student__nss__isnull=False)
    found = list(stays.select_related("student").order_by("pk"))
    chosen = random.Random(4).sample(found, count)  # noqa: S311 -- repeatable
    cookies = sign_in(member("responsable"))
    ways: list[Callable[[Any], str]] = [
        lambda stay: f"{stay.student.first_surname} {stay.student.given_names}",
        lambda stay: stay.student.first_surname,
        lambda stay: stay.student.given_names[:4].lower(),
        lambda stay: stay.student.nss[-4:],
        lambda stay: stay.student.curp[:4],
        lambda stay: stay.matricula[:6],
        lambda stay: f"{stay.student.second_surname} {stay.student.first_surname}",
    ]
    path = reverse("followup:search")
    return [
        Ask(path, cookies, form={"q": ways[at % len(ways)](stay)}) for at, stay in enumerate(chosen)
    ]


PAGES: dict[str, Callable[[int], list[Ask]]] = {
    "my_steps": my_steps,
    "review": review,
    "student_file": student_file,
    "search": search,
}


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


# Measuring ---------------------------------------------------------------------------------------
def measure(portal: Any, bare: Any, asks: list[Ask], requests: int) -> dict[str, float]:
    """Ask portal and limit in turn, page by page; returns milliseconds and rates."""
    numbered = [(ask, f"/{LIMIT_PREFIX}/{ASKED.index(ask)}/") for ask in asks]
    spent: list[float] = []
    limit: list[float] = []
    gc.collect()
    for turn in range(-WARM_UP * len(asks), requests):
        ask, path = numbered[turn % len(numbered)]
        pair = timed(portal, ask, ask.path), timed(bare, ask, path)
        if turn >= 0:
            spent.append(pair[0])
            limit.append(pair[1])
    return {
        "p50_ms": round(median(spent), 2),
        "p95_ms": round(quantiles(spent, n=20)[-1], 2),
        "per_second": round(1000 / fmean(spent), 1),
        "limit_p50_ms": round(median(limit), 2),
        "limit_per_second": round(1000 / fmean(limit), 1),
        "statements": round(fmean(len(ask.statements) for ask in asks), 1),
        "to_limit": round(fmean(limit) / fmean(spent), 3),
    }


def handlers() -> tuple[Any, Any]:
    """Return the portal as the web server runs it, and the same server with session and user alone."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    settings.ROOT_URLCONF = "bench.pages"
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


def main() -> None:
    """Measure the four pages."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=100_000)
    options.add_argument("--requests", type=int, default=400, help="of each page")
    options.add_argument("--samples", type=int, default=60, help="different requests of each page")
    arguments = options.parse_args()
    started = time.monotonic()
    fill(arguments.students)
    filled = time.monotonic() - started

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "imss_afiliacion.settings"
    django.setup()
    from django.db import connection

    logging.getLogger().handlers[0].setStream(open(os.devnull, "w"))  # type: ignore[attr-defined]  # noqa: SIM115 -- to the end
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    portal, bare = handlers()
    figures: dict[str, float] = {"fill_s": round(filled, 1)}
    ratios: dict[str, float] = {}
    goals: list[Goal] = []
    for name, sample in PAGES.items():
        asks = [ask for ask in sample(arguments.samples) if record(portal, bare, ask)]
        found = measure(portal, bare, asks, arguments.requests)
        print(f"    {name:13} {found}", file=sys.stderr)
        ratios[f"{name}_to_limit"] = found.pop("to_limit")
        figures |= {f"{name}_{key}": value for key, value in found.items()}
        goals.append(Goal(f"{name}_to_limit", at_least=0.5))
        goals.append(Goal(f"{name}_p95_ms", at_most=200 if name == "search" else 150))
    report("pages", figures=figures, ratios=ratios, goals=goals)


if __name__ == "__main__":
    # Django imports the site map from here: there must be one module, not two.
    from bench import pages

    pages.main()
