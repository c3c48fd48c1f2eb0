"""What students reported: the list, one report, and the two ways to close it."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.crispy import SubmitButton
from followup.actions.errors import REFUSALS, ReportAlreadyHandled
from followup.actions.reports import handle_report, resolve_report_with_nss
from followup.causes import ADVICE, is_case
from followup.forms.staff import AnswerForm, CauseForm, SubdelegacionNSSForm
from followup.models import StudentReport
from followup.queries.escalations import missing_data
from followup.queries.progress import standing_of
from followup.queries.reports import REPORT_FILTERS, filter_reports, reports_for
from followup.states import WITHOUT_OFICIO
from nss.states import RequestState
from school.access import Ability, SignedInRequest, may, require, staff_page
from school.queries.scope import working_planteles

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

PAGE = 50


@require_safe
@staff_page(Ability.SEE_REPORTS)
def list_reports(request: SignedInRequest) -> HttpResponse:
    """Reports by kind, the oldest first; the closed ones newest first."""
    kind = request.GET.get("tipo", "")
    kind = kind if kind in dict(REPORT_FILTERS) else ""
    planteles = working_planteles(request, Ability.SEE_REPORTS)
    reports = filter_reports(reports_for(request.user), kind).filter(
        enrollment__plantel__in=planteles
    )
    page = Paginator(reports, PAGE).get_page(request.GET.get("pagina"))
    context = {"page_obj": page, "filters": REPORT_FILTERS, "kind": kind}
    return render(request, "followup/reports.html", context)


@require_safe
@staff_page(Ability.SEE_REPORTS)
def show_staff_report(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One report with what can be done about it."""
    report = get_object_or_404(reports_for(request.user), public_id=public_id)
    return _show(request, report, AnswerForm(), _nss_form(report))


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def answer_report(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Marcar como atendido», with the answer that the student reads."""
    report = _report_to_handle(request, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, report, form, _nss_form(report))
    try:
        handle_report(report, **form.cleaned_data, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, f"Reporte {report.folio} atendido. El estudiante ya ve la respuesta."
        )
    return redirect("followup:staff_report", public_id=report.public_id)


@require_POST
@staff_page(Ability.REGISTER_NSS)
def resolve_report(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Register the number that the Subdelegación gave."""
    report = _report_to_handle(request, public_id)
    form = _nss_form(report, request.POST)
    if form.is_valid():
        try:
            resolve_report_with_nss(
                report, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except ReportAlreadyHandled as refusal:
            return _show_as_it_is_now(request, report, refusal)
        except REFUSALS as refusal:
            form.add_error("nss", refusal.sentence)
        else:
            messages.success(request, f"NSS registrado. El reporte {report.folio} quedó atendido.")
            return redirect("followup:staff_report", public_id=report.public_id)
    return _show(request, report, AnswerForm(), form)


def _show_as_it_is_now(
    request: SignedInRequest, report: StudentReport, refusal: ReportAlreadyHandled
) -> HttpResponse:
    messages.error(request, refusal.sentence)
    return redirect("followup:staff_report", public_id=report.public_id)


def _report_to_handle(request: SignedInRequest, public_id: str) -> StudentReport:
    report = get_object_or_404(reports_for(request.user), public_id=public_id)
    require(request.user, Ability.HANDLE_REPORT, report.enrollment.plantel)
    return report


def _nss_form(report: StudentReport, posted: Any = None) -> SubdelegacionNSSForm:
    action = reverse("followup:resolve_report", args=[report.public_id])
    return SubdelegacionNSSForm(posted, action=action)


def _show(
    request: SignedInRequest,
    report: StudentReport,
    answer_form: AnswerForm,
    nss_form: SubdelegacionNSSForm,
) -> HttpResponse:
    answer_form.helper.form_action = reverse("followup:answer_report", args=[report.public_id])
    standing = standing_of(report.enrollment, now=timezone.now())
    may_handle = may(request.user, Ability.HANDLE_REPORT, standing.plantel)
    request_state = getattr(getattr(standing, "nss_request", None), "state", "")
    asks_nss = report.is_case and request_state != RequestState.PROVEN
    if asks_nss:
        answer_form.helper.buttons = (SubmitButton("Cerrar sin NSS", css="btn-secondary"),)
    context = {
        "report": report,
        "enrollment": standing,
        "form": nss_form if nss_form.errors else answer_form,
        "answer_form": answer_form,
        "nss_form": nss_form,
        "is_open": may_handle and report.handled_at is None,
        "asks_nss": asks_nss,
        "sees_evidence": may(request.user, Ability.SEE_EVIDENCE, standing.plantel),
        "back_url": reverse("followup:escalations" if report.is_case else "followup:reports"),
    }
    if report.is_case:
        context |= _case(report, standing, answer_form)
    return render(request, "followup/staff_report.html", context)


def _case(
    report: StudentReport, standing: "StandingEnrollment", answer_form: AnswerForm
) -> dict[str, Any]:
    """What the page says of a case; a cause that is none brings the answer along."""
    case = report.escalation
    answer_form.fields["answer"].initial = ADVICE.get(case.cause, "")
    action = reverse("followup:classify_case", args=[report.public_id])
    return {
        "case": case,
        "cause_form": CauseForm(initial={"cause": case.cause}, action=action),
        "may_classify": case.state in WITHOUT_OFICIO,
        "is_no_case": not is_case(case.cause),
        "missing": missing_data(standing),
    }
