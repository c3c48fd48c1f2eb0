"""E-07 «Descargar resumen (PDF)»: the student's own sheet about all of the trámite."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from followup.actions.errors import NoSummaryYet
from followup.actions.summary import order_summary as order
from followup.queries.progress import standing_of
from followup.queries.summary import summary_ordered
from followup.stages import SUMMARY_STAGES
from papers.views.own import hand_out_own_pdf, show_own_pdf
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def order_summary(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Ask for the sheet; before the NSS is proven there is none."""
    if request.method == "POST":
        return _ordered(request, enrollment)
    is_over = standing_of(enrollment, now=timezone.now()).stage not in SUMMARY_STAGES
    if is_over and not request.htmx:
        return _refused(request)
    return show_own_pdf(request, summary_ordered(enrollment), "followup/summary.html")


@require_POST
@student_page
def download_summary(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The sheet, once; like followup:download_nss it is no look at anybody else's NSS."""
    job = summary_ordered(enrollment)
    return hand_out_own_pdf(
        request, job, file_name="mi-tramite.pdf", again="followup:order_summary"
    )


def _ordered(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    try:
        order(enrollment, now=timezone.now())
    except NoSummaryYet:
        return _refused(request)
    return redirect("followup:order_summary")


def _refused(request: SignedInRequest) -> HttpResponse:
    messages.info(request, NoSummaryYet.sentence)
    return redirect("followup:my_steps")
