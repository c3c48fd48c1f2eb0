"""E-07 «Descargar resumen (PDF)»: the student's own sheet about all of the trámite."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from followup.actions.errors import NoSummaryYet
from followup.actions.summary import order_summary as order
from followup.queries.own_copy import pdf_ordered
from followup.queries.progress import standing_of
from followup.stages import SUMMARY_STAGES
from followup.views.own_pdf import hand_out_pdf, show_pdf
from papers.states import PaperKind
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def order_summary(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Ask for the sheet; before the NSS is proven there is none."""
    if request.method == "POST":
        try:
            order(enrollment, now=timezone.now())
        except NoSummaryYet as error:
            raise Http404 from error
        return redirect("followup:order_summary")
    if standing_of(enrollment, now=timezone.now()).stage not in SUMMARY_STAGES:
        raise Http404
    return show_pdf(request, pdf_ordered(enrollment, PaperKind.SUMMARY), "followup/summary.html")


@require_POST
@student_page
def download_summary(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The sheet, once; like followup:download_nss it is no look at anybody else's NSS."""
    job = pdf_ordered(enrollment, PaperKind.SUMMARY)
    return hand_out_pdf(request, job, file_name="mi-tramite.pdf", again="followup:order_summary")
