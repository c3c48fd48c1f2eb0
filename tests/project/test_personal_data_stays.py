"""T8: no CURP and no NSS leaves the database by an address, a log line, an error report, the broker or a mail."""

import io
import logging
import re
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils.module_loading import import_string
from django.views.debug import get_exception_reporter_class
from kombu import Connection

from followup.states import WorkQueue
from imss_afiliacion.celery import HEARTBEAT, app
from imss_afiliacion.urls import urlpatterns as portal_urls
from notices.models import Notice
from notices.render import render_mail
from nss.models import Acuse
from school.models import RateCounter
from students.models import AccessEntry, Enrollment, Student, TimelineEntry
from tests.conftest import broker_url
from tests.factories.students import curp, nss
from tests.project.access_matrix import PAGES, PERSONS
from tests.project.knock import body, undone
from tests.project.test_access_matrix import path_of
from tests.project.world import World

pytestmark = pytest.mark.django_db

CURP, NSS = curp(4_000), nss(4_000)
"""Well-formed, and nobody's: what a person types."""
TYPED = {
    **dict.fromkeys(("nss", "nss_again", "typed_nss", "q", "text", "note", "reason"), NSS),
    **dict.fromkeys(("curp", "code", "matricula", "login", "email", "subject", "answer"), CURP),
}


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Keep every line, down to the smallest, as the portal's own handler writes it."""
    formatter = dict(portal_settings.LOGGING["formatters"]["masked"])
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(import_string(formatter.pop("()"))(**formatter))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def secrets() -> set[str]:
    """Every CURP and every NSS that stands anywhere, and those that are typed."""
    found = {CURP, NSS}
    for model, names in (
        (Student, ("curp", "nss")),
        (Enrollment, ("declared_nss",)),
        (Acuse, ("nss", "typed_nss")),
    ):
        for row in model.objects.values_list(*names):
            found |= {value for value in row if value}
    return found


def leaks(text: str, wanted: set[str]) -> list[str]:
    """Which of them stand in the text, also in groups («24 26 08 1234 2»)."""
    plain = re.sub(r"(?<=\d)[ -](?=\d)", "", text)
    return sorted(one for one in wanted if one in text or one in plain)


def written() -> str:
    """What the portal wrote down for people and machines: history, log of looks, notices, counters, mails."""
    rows = [
        *TimelineEntry.objects.values_list("data", flat=True),
        *AccessEntry.objects.values_list("reason", flat=True),
        *RateCounter.objects.values_list("key", flat=True),
        *Notice.objects.values_list("key", "about", "context", "subject", "body", "error"),
    ]
    mails = [
        render_mail(notice, {"code": "ABCD 2345", "fragment": "x", "path": "/x"})
        for notice in Notice.objects.select_related("plantel")
    ]
    return f"{rows}\n{mails}"


def addresses_in(response: HttpResponse) -> str:
    """Every address that the answer could lead to."""
    found = re.findall(rb'(?:href|src|action|hx-get|hx-post)="([^"]*)"', body(response))
    return "\n".join([response.headers.get("Location", ""), *(one.decode() for one in found)])


@pytest.mark.parametrize("person", [person for person in PERSONS if person != "EX"])
def test_nothing_personal_leaves_by_address_log_or_mail(world: World, logged, person):
    wanted, found = secrets(), {}
    for page in PAGES:
        for method in {method for method, _ in page.answers}:
            where = path_of(page, "own", world)
            typed = TYPED if method == "POST" else {}
            with undone():
                client = world.client(person, raise_request_exception=False)
                response = getattr(client, method.lower())(where, typed)
                body(response)
                kept = written() if method == "POST" else ""
                out = {
                    "address": leaks(addresses_in(response), wanted),
                    "headers": leaks(str(response.headers), wanted),
                    "kept": leaks(kept, wanted),
                }
            found |= {f"{method} {page.name}: {what}": one for what, one in out.items() if one}
    lines = logged.getvalue()

    assert found == {}
    assert "request_started" in lines
    assert leaks(lines, wanted) == []


def test_search_does_not_put_what_is_typed_into_an_address(world, logged):
    own = world.stays["own"]
    for typed in (own.student.curp, own.student.nss, own.student.full_name):
        with undone():
            response = world.client("RP").post(reverse("followup:search"), {"q": typed})

        assert typed not in addresses_in(response)
    assert leaks(logged.getvalue(), secrets()) == []


# The broker -----------------------------------------------------------------------------------------
def test_messages_to_workers_carry_no_argument(world):
    """Sweeps find their work themselves: what stands in Redis names a task, and to a heartbeat its queue."""
    url = portal_settings.CELERY_BROKER_URL
    app.loader.import_default_modules()
    seen = {}
    with Connection(broker_url() if url.startswith("redis:") else "memory://") as broker:
        for entry in app.conf.beat_schedule.values():
            queue = broker.SimpleQueue(entry["options"]["queue"])
            queue.clear()
            app.tasks[entry["task"]].apply_async(
                entry["args"], connection=broker, queue=queue.queue.name
            )
            message = queue.get(timeout=5)
            message.ack()
            args, kwargs, _ = message.payload
            seen[entry["task"]] = (args, kwargs)
            assert leaks(f"{message.body}{message.headers}", secrets()) == []
            queue.close()

    said = {task: sent for task, sent in seen.items() if sent != ([], {})}
    assert said == {HEARTBEAT: ([WorkQueue.HEAVY], {})}
    assert len(seen) == len({entry["task"] for entry in app.conf.beat_schedule.values()})


# Errors ---------------------------------------------------------------------------------------------
@login_not_required
def fail(request: HttpRequest) -> HttpResponse:
    """Break with a person's data in hand and in the message."""
    student = {"curp": CURP, "nss": NSS}
    raise ValueError(f"cannot keep {student} of {request.POST.get('nss')}")


urlpatterns = [*portal_urls, path("falla/", fail)]


def test_an_error_in_a_page_says_nothing_of_the_person(settings, logged):
    settings.ROOT_URLCONF = __name__

    response = Client(raise_request_exception=False).post("/falla/", {"nss": NSS, "curp": CURP})

    assert response.status_code == 500
    assert leaks(response.text, {CURP, NSS}) == []
    assert "ValueError" in logged.getvalue()
    assert leaks(logged.getvalue(), {CURP, NSS}) == []


def test_an_error_report_says_nothing_of_the_person():
    request = RequestFactory().post("/falla/", {"typed": "x"})
    try:
        fail(request)
    except ValueError:
        report = get_exception_reporter_class(request)(request, *sys.exc_info())

    for text in (report.get_traceback_text(), report.get_traceback_html()):
        assert "ValueError" in text
        assert leaks(text, {CURP, NSS}) == []
