"""The papers a person ordered: list, progress, download, cancel."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from common.transitions import TransitionNotAllowed
from papers.actions import SheetsGone, take_download
from papers.actions import cancel_print_job as cancel
from papers.models import PrintJob
from papers.queries import print_jobs_for
from papers.states import PrintState
from school.access import Ability, SignedInRequest, staff_page

WAITING = (PrintState.QUEUED, PrintState.PRINTING)
A_PAGE = 25


def _job_of(request: SignedInRequest, public_id: str) -> PrintJob:
    return get_object_or_404(print_jobs_for(request.user), public_id=public_id)


@staff_page(Ability.SEE_PRINT_JOBS)
@require_safe
def print_jobs(request: SignedInRequest) -> HttpResponse:
    """List what the person ordered."""
    page = Paginator(print_jobs_for(request.user), A_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "papers/print_jobs.html", {"page_obj": page})


@staff_page(Ability.SEE_PRINT_JOBS)
@require_safe
def show_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show how far one job has come; the page asks again by itself."""
    job = _job_of(request, public_id)
    is_waiting = job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "papers/_progress.html" if request.htmx else "papers/print_job.html"
    return render(request, template, {"job": job, "is_waiting": is_waiting})


@staff_page(Ability.SEE_PRINT_JOBS)
@require_POST
def download_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand out the PDF, once."""
    job = _job_of(request, public_id)
    try:
        pdf = take_download(job, now=timezone.now())
    except SheetsGone as error:
        messages.error(request, error.sentence)
        return redirect("papers:show_print_job", job.public_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{job.title}.pdf")
    return response


@staff_page(Ability.SEE_PRINT_JOBS)
@require_POST
def cancel_print_job(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Call off a job that is not drawn yet."""
    job = _job_of(request, public_id)
    try:
        cancel(job)
    except TransitionNotAllowed:
        messages.error(request, "Ya no se puede cancelar: las hojas ya se están imprimiendo")
    return redirect("papers:show_print_job", job.public_id)
