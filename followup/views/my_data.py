"""E-18 «Descargar mis datos»: all apps know something of a student, so the copy is made here."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from followup.actions.my_data import order_copy
from followup.queries.own_copy import copy_ordered, whole_copy
from papers.actions import SheetsGone, take_download
from papers.states import PrintState
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment

WAITING = (PrintState.QUEUED, PrintState.PRINTING)


@require_GET
@student_page
def download_my_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The file for machines (LGPDPPSO 51)."""
    del request
    response = JsonResponse(
        whole_copy(enrollment), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="mis-datos.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def order_my_copy(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The same as a PDF: asked for here, drawn by the worker; the page asks again by itself until it is ready."""
    if request.method == "POST":
        order_copy(enrollment, now=timezone.now())
        return redirect("followup:order_my_copy")
    job = copy_ordered(enrollment)
    is_waiting = job is not None and job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "followup/_my_copy_waits.html" if request.htmx else "followup/my_copy.html"
    return render(request, template, {"job": job, "is_waiting": is_waiting})


@require_POST
@student_page
def download_my_copy(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """Hand the PDF out, once: on a shared phone nobody finds it here afterwards."""
    job = copy_ordered(enrollment)
    if job is None:
        raise Http404
    try:
        pdf = take_download(job, now=timezone.now())
    except SheetsGone:
        messages.error(request, "Tu PDF ya se borró o aún no está listo. Pídelo otra vez.")
        return redirect("followup:order_my_copy")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="mis-datos.pdf"'
    return response
