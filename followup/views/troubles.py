"""What a student reports: each page has one form, one action, and an end with a folio."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from followup.actions.errors import REFUSALS
from followup.actions.reports import ReportDetails, report_case, report_trouble
from followup.forms.student import (
    TOPICS,
    AttemptForm,
    CaseForm,
    LostProofForm,
    NoMailForm,
    QuestionForm,
    ReportForm,
    RosterDataForm,
    WrongDataForm,
)
from followup.models import StudentReport
from followup.queries.contacts import rows_to_check
from followup.queries.progress import standing_of
from followup.states import ReportKind, Stage
from school.access import SignedInRequest
from students.access import student_page
from students.actions.files import UploadRefused
from students.models import Enrollment

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class ReportPage:
    """A page with one report; without `thanks` it ends on the page with the folio."""

    kind: ReportKind
    form: type[ReportForm]
    template: str
    action: Callable[..., StudentReport] = report_trouble
    thanks: str = ""


_ATTEMPT_NOTED = "Registramos tu intento (folio {folio}). Tu plantel sabe que no fue tu culpa."
SUBDELEGACION = ReportPage(
    ReportKind.SUBDELEGACION, CaseForm, "followup/report_subdelegacion.html", report_case
)
WRONG_DATA = ReportPage(
    ReportKind.WRONG_DATA, WrongDataForm, "followup/report_wrong_data.html", report_case
)
HAS_NSS = ReportPage(ReportKind.HAS_NSS, LostProofForm, "followup/report_has_nss.html")
NO_MAIL = ReportPage(
    ReportKind.NO_MAIL, NoMailForm, "followup/report_no_mail.html", thanks=_ATTEMPT_NOTED
)
PAGE_FAILED = ReportPage(
    ReportKind.PAGE_FAILED, AttemptForm, "followup/report_page_failed.html", thanks=_ATTEMPT_NOTED
)
ROSTER_DATA = ReportPage(
    ReportKind.ROSTER_DATA,
    RosterDataForm,
    "followup/report_roster_data.html",
    thanks="Avisamos a tu plantel (folio {folio}). Puedes seguir con tu trámite.",
)
QUESTION = ReportPage(ReportKind.QUESTION, QuestionForm, "followup/ask.html")


@read_or_send
@student_page
def report_subdelegacion(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-14: the student's data, the day and a picture, then the folio."""
    return _take(SUBDELEGACION, request, enrollment)


@read_or_send
@student_page
def report_wrong_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-09b."""
    return _take(WRONG_DATA, request, enrollment)


@read_or_send
@student_page
def report_has_nss(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-09a: the number is for life; who lost its proof tells the plantel."""
    return _take(HAS_NSS, request, enrollment)


@read_or_send
@student_page
def report_no_mail(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-09c."""
    return _take(NO_MAIL, request, enrollment)


@read_or_send
@student_page
def report_page_failed(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-09d."""
    return _take(PAGE_FAILED, request, enrollment)


@read_or_send
@student_page
def report_roster_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-02b."""
    return _take(ROSTER_DATA, request, enrollment)


@read_or_send
@student_page
def ask(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """A question to the plantel, about the topic of the page that leads here."""
    return _take(QUESTION, request, enrollment)


def _take(page: ReportPage, request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Send the report and go to its end, or show the form with what is missing."""
    form = _form(page, request, enrollment)
    sent = _send(page, form, request, enrollment) if form.is_valid() else None
    if sent is None:
        return render(request, page.template, _context(form, request, enrollment))
    if not page.thanks:
        return redirect("followup:show_report", public_id=sent.public_id)
    messages.success(request, page.thanks.format(folio=sent.folio))
    return redirect("followup:my_steps")


def _form(page: ReportPage, request: SignedInRequest, enrollment: Enrollment) -> ReportForm:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    if page.form is CaseForm:
        return CaseForm(*posted, today=timezone.localdate(timezone=enrollment.plantel.zone))
    return page.form(*posted)


def _send(
    page: ReportPage, form: ReportForm, request: SignedInRequest, enrollment: Enrollment
) -> StudentReport | None:
    """Do the one action; when it refuses, the sentence goes to the form."""
    fields = {"subject": _topic(request)} | form.cleaned_data
    details = ReportDetails(**fields)
    try:
        return page.action(
            enrollment, page.kind, by=request.user, details=details, now=timezone.now()
        )
    except UploadRefused as refused:
        form.add_error("evidence", refused.sentence)
    except REFUSALS as refusal:
        form.add_error(None, refusal.sentence)
    return None


def _topic(request: SignedInRequest) -> str:
    return TOPICS.get(request.GET.get("tema", ""), "")


def _context(form: ReportForm, request: SignedInRequest, enrollment: Enrollment) -> dict[str, Any]:
    standing = standing_of(enrollment, now=timezone.now())
    return {
        "form": form,
        "enrollment": standing,
        "needs_data": standing.stage == Stage.S_00,
        "rows": rows_to_check(standing),
        "topic": _topic(request),
        "nav": "help",
    }
