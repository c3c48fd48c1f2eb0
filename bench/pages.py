"""What a page costs at size: «Mi trámite», the review page, a student's file and the search, at 100,000 students.

Each page is asked of the whole portal, set up as in production, and in turn of its limit: a bare view with
the same session and user look-up that sends the page's own SQL, recorded before, by psycopg2 and renders the
same template with what the page had put into it. Both answer in this process, one request at a time, so
nothing but their own work is measured. The rate is 1 / mean; the goal is half of the limit's.

    script/bench pages [--students N] [--requests N] [--samples N]
"""

import argparse
import gc
import logging
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import fmean, median, quantiles
from typing import Any

from bench.harness import Goal, report
from bench.page_limit import ASKED, HOST, LIMIT_PREFIX, Ask, handlers, record, timed

PRODUCTION = {
    "BASE_URL": f"https://{HOST}",
    "ALLOWED_HOSTS": HOST,
    "SECRET_KEY": "only-for-a-bench-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "DEFAULT_FROM_EMAIL": "afiliacion@correo.example",
    "EMAIL_URL": "smtp+tls://app:secret@correo.example:587",
}
WARM_UP = 2


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

    from django.db import connection

    import imss_afiliacion.wsgi  # noqa: F401 -- as the web server does: with the limits of its pages

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
    main()
