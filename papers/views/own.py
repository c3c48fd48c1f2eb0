"""A PDF of one's own: ordered on a page that waits for it, drawn by the worker, handed out once."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from papers.actions import SheetsGone, take_download
from papers.models import PrintJob
from papers.states import WAITING
from school.access import SignedInRequest


def show_own_pdf(
    request: SignedInRequest, job: PrintJob | None, template: str, **context: Any
) -> HttpResponse:
    """Say how far the PDF is; the page, built on papers/own_pdf.html, asks again by itself until it is ready."""
    is_waiting = job is not None and job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    shown = "papers/_own_pdf_waits.html" if request.htmx else template
    return render(request, shown, {"job": job, "is_waiting": is_waiting, **context})


def hand_out_own_pdf(
    request: SignedInRequest, job: PrintJob | None, *, file_name: str, again: str
) -> HttpResponse:
    """Hand the PDF out, once: on a shared phone nobody finds it here afterwards. `again` is the page to order it."""
    with suppress(SheetsGone):
        if job is not None:
            pdf = take_download(job, now=timezone.now())
            named = {"Content-Disposition": f'attachment; filename="{file_name}"'}
            return HttpResponse(pdf, content_type="application/pdf", headers=named)
    messages.error(request, "Tu PDF ya se borró o aún no está listo. Pídelo otra vez.")
    return redirect(again)
