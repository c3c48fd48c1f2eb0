"""R4: many identical submissions at once do their work once, and nobody reads an error."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from followup.models import StudentReport
from followup.states import ReportKind
from nss.models import Acuse
from papers.models import PrintJob
from school.models import User
from school.states import Role
from students.models import Declaration, TimelineEntry
from students.states import DeclarationKind, Event
from tests.conftest import database_url, free_port
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory, nss
from tests.faults.people import Browser, form, session_of
from tests.faults.processes import portal
from tests.samples import hostile

KEY = "una-sola-clave-de-pulsar"


@dataclass(frozen=True)
class Press:
    """A button: who presses it, what it sends, and how to count what it did."""

    user: User
    path: str
    data: dict[str, Any]
    count: Callable[[], int]


def upload_acuse() -> Press:
    stay = EnrollmentFactory(confirmed=True)
    page = SimpleUploadedFile("acuse.pdf", hostile.plain_pdf(), "application/pdf")
    data = {"acuse": page, "key": KEY}
    return Press(stay.student.user, reverse("nss:upload"), data, Acuse.objects.count)


def send_acuse() -> Press:
    acuse = AcuseFactory(draft=True)
    user = acuse.request.enrollment.student.user
    return Press(user, reverse("nss:confirm"), {}, entries(Event.ACUSE_SENT))


def confirm_data() -> Press:
    data = StudentDataFactory(confirmed_at=None)
    user = data.enrollment.student.user
    signed = Declaration.objects.filter(kind=DeclarationKind.MANIFESTACION)
    return Press(user, reverse("students:confirm_data"), {}, signed.count)


def ask() -> Press:
    stay = EnrollmentFactory(confirmed=True)
    data = {"text": "¿Cuándo abre la ventanilla?", "key": KEY}
    return Press(stay.student.user, reverse("followup:ask"), data, StudentReport.objects.count)


def report_subdelegacion() -> Press:
    stay = EnrollmentFactory(confirmed=True)
    data = {"happened_on": timezone.localdate().isoformat(), "key": KEY}
    path = reverse("followup:report_subdelegacion")
    cases = StudentReport.objects.filter(kind=ReportKind.SUBDELEGACION)
    return Press(stay.student.user, path, data, cases.count)


def accept_acuse() -> Press:
    acuse = AcuseFactory()
    path = reverse("nss:accept_acuse", args=[acuse.public_id])
    reviewer = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    return Press(reviewer, path, {"nss": nss(1)}, entries(Event.ACUSE_ACCEPTED))


def return_acuse() -> Press:
    acuse = AcuseFactory()
    path = reverse("nss:return_acuse", args=[acuse.public_id])
    reviewer = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    return Press(reviewer, path, {"reason": "UNREADABLE"}, entries(Event.ACUSE_RETURNED))


def register_nss() -> Press:
    stay = EnrollmentFactory(confirmed=True)
    path = reverse("nss:register_nss", args=[stay.public_id])
    data = {"nss": nss(2), "nss_again": nss(2), "confirmado": "1"}
    return Press(staff(Role.RESPONSABLE, stay.plantel), path, data, entries(Event.NSS_REGISTERED))


def answer_report() -> Press:
    report = StudentReportFactory()
    path = reverse("followup:answer_report", args=[report.public_id])
    person = staff(Role.RESPONSABLE, report.enrollment.plantel)
    return Press(person, path, {"answer": "Ven el lunes"}, entries(Event.REPORT_HANDLED))


def print_slips() -> Press:
    stay = EnrollmentFactory(group="101")
    person = staff(Role.RESPONSABLE, stay.plantel)
    return Press(person, reverse("students:print_slips"), {"groups": "101"}, PrintJob.objects.count)


def entries(event: Event) -> Callable[[], int]:
    """Count a verb in all timelines."""
    return TimelineEntry.objects.filter(event=event).count


SAME_PAGE = (
    *(upload_acuse, send_acuse, confirm_data, ask, report_subdelegacion),
    print_slips,
)
"""Whose second press leads where the first one led."""
TAKEN_ONCE = (accept_acuse, return_acuse, register_nss, answer_report)
"""Whose second press tells that it is done already."""


@dataclass(frozen=True)
class Outcome:
    """What became of one button: the answers that nobody should get, the pages it led to, and what it did."""

    errors: list[int]
    pages: int
    done: int


def press_at_once(press: Press, port: int, *, posts: int, at_once: int) -> Outcome:
    """Press the button so often, so many at a time."""
    browser, body = Browser(port, session_of(press.user)), form(press.data)
    before = press.count()

    def post(_number: int) -> tuple[int, str]:
        answer = browser.post(press.path, body)
        return answer.status, answer.location

    with ThreadPoolExecutor(at_once) as threads:
        answers = list(threads.map(post, range(posts)))
    errors = [status for status, _ in answers if status not in {200, 302}]
    return Outcome(errors, len(set(answers)), press.count() - before)


def pressed_buttons(folder: Path, *, posts: int, seed: int) -> dict[str, float]:
    """Press each button so often, all at once, the buttons in any order."""
    buttons = random.Random(seed).sample(SAME_PAGE + TAKEN_ONCE, len(SAME_PAGE + TAKEN_ONCE))
    port = free_port()
    variables = {"DATABASE_URL": database_url(), "BASE_URL": f"http://127.0.0.1:{port}"}
    found = {}
    with portal(folder, **variables) as processes:
        processes.web(port)
        for button in buttons:
            found[button] = press_at_once(button(), port, posts=posts, at_once=posts)
    connection.close()
    return {
        "posts": posts * len(found),
        "errors": sum(len(outcome.errors) for outcome in found.values()),
        "undone": sum(outcome.done == 0 for outcome in found.values()),
        "done_again": sum(max(0, outcome.done - 1) for outcome in found.values()),
        "other_pages": sum(found[button].pages - 1 for button in SAME_PAGE),
    }
