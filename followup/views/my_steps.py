"""E-07 «Mi trámite», and what hangs on it: the student's own reports and NSS."""

from functools import partial
from typing import TYPE_CHECKING, cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.climb import STEPS
from followup.queries.history import history_for_student
from followup.queries.my_steps import deadline_line, next_step, steps_of
from followup.queries.progress import own_standing
from followup.queries.reports import own_reports, reports_to_show
from school.access import SignedInRequest, is_staff_member
from students.access import own_contact, own_stay, student_page
from students.models import Enrollment
from students.queries.deadlines import acuse_deadline

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


@require_safe
def my_steps(request: SignedInRequest) -> HttpResponse:
    """E-07; who works here is taken to Hoy."""
    standing = own_stay(request, partial(own_standing, now=timezone.now()))
    if standing is not None:
        return _show_steps(request, cast("StandingEnrollment", standing))
    if is_staff_member(request.user):
        return redirect("followup:today")
    raise Http404


def _show_steps(request: SignedInRequest, standing: "StandingEnrollment") -> HttpResponse:
    context = {
        "enrollment": standing,
        "step_box": next_step(standing, own_contact(request, standing)),
        "deadline": deadline_line(standing),
        "progress_steps": steps_of(standing),
        "history": history_for_student(standing),
        "reports": reports_to_show(standing),
        "data": getattr(standing, "data", None),
        "nav": "my_steps",
    }
    return render(request, "followup/my_steps.html", context)


@require_safe
@student_page
def show_report(request: SignedInRequest, enrollment: Enrollment, public_id: str) -> HttpResponse:
    """The confirmation of a report, to keep: folio, what happens next, the answer once there is one."""
    report = get_object_or_404(own_reports(enrollment), public_id=public_id)
    context = {
        "report": report,
        "enrollment": enrollment,
        "pause": acuse_deadline(enrollment).pause if report.is_case else "",
        "contact_person": own_contact(request, enrollment),
        "reminded_after": STEPS[0].days,
    }
    return render(request, "followup/report.html", context)


@require_safe
@student_page
def download_nss(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The student's own proven NSS as a small text to keep."""
    if not enrollment.student.nss:
        raise Http404
    response = render(
        request,
        "followup/my_nss.txt",
        {"enrollment": enrollment, "student": enrollment.student},
        content_type="text/plain; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="mi-nss.txt"'
    return response
