"""E-13 «Descargar comprobante (PDF)»: ordered here, drawn by the worker, handed out once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nss.actions.receipts import order_receipt as order
from nss.models import Acuse
from nss.queries.acuses import sent_acuse
from nss.queries.receipts import receipt_ordered
from papers.actions import SheetsGone, take_download
from papers.models import PrintJob
from papers.states import WAITING
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


def _acuse_of(enrollment: Enrollment, public_id: str) -> Acuse:
    acuse = sent_acuse(enrollment, public_id)
    if acuse is None:
        raise Http404
    return acuse


def _job_of(acuse: Acuse) -> PrintJob:
    job = receipt_ordered(acuse)
    if job is None:
        raise Http404
    return job


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def order_receipt(request: SignedInRequest, enrollment: Enrollment, public_id: str) -> HttpResponse:
    """Ask for the PDF; the page asks again by itself until it is ready."""
    acuse = _acuse_of(enrollment, public_id)
    if request.method == "POST":
        order(acuse, now=timezone.now())
        return redirect("nss:order_receipt", acuse.public_id)
    job = receipt_ordered(acuse)
    is_waiting = job is not None and job.state in WAITING
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "nss/_receipt_waits.html" if request.htmx else "nss/receipt.html"
    return render(request, template, {"acuse": acuse, "job": job, "is_waiting": is_waiting})


@require_POST
@student_page
def download_receipt(
    request: SignedInRequest, enrollment: Enrollment, public_id: str
) -> HttpResponse:
    """Hand the PDF out, once: on a shared phone nobody finds it here afterwards."""
    acuse = _acuse_of(enrollment, public_id)
    try:
        pdf = take_download(_job_of(acuse), now=timezone.now())
    except SheetsGone:
        messages.error(request, "Tu comprobante ya se borró o aún no está listo. Pídelo otra vez.")
        return redirect("nss:order_receipt", acuse.public_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="comprobante-{acuse.folio}.pdf"'
    return response
