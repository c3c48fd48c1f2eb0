"""A PDF of the student's own: ordered on a page that waits for it, drawn by the worker, handed out once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from papers.actions import SheetsGone, take_download
from papers.models import PrintJob
from papers.states import WAITING
from school.access import SignedInRequest


def show_pdf(request: SignedInRequest, job: PrintJob | None, template: str) -> HttpResponse:
    """Say how far the PDF is; the page asks again by itself until it is ready."""
    is_waiting = job is not None and job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = "followup/_pdf_waits.html" if request.htmx else template
    return render(request, shown, {"job": job, "is_waiting": is_waiting})


def hand_out_pdf(
    request: SignedInRequest, job: PrintJob | None, *, file_name: str, again: str
) -> HttpResponse:
    """Hand the PDF out, once: on a shared phone nobody finds it here afterwards."""
    if job is None:
        raise Http404
    try:
        pdf = take_download(job, now=timezone.now())
    except SheetsGone:
        messages.error(request, "Tu PDF ya se borró o aún no está listo. Pídelo otra vez.")
        return redirect(again)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
