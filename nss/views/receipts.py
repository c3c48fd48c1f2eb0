"""E-13 «Descargar comprobante (PDF)»: ordered here, drawn by the worker, handed out once."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from nss.actions.receipts import order_receipt as order
from nss.models import Acuse
from nss.queries.acuses import sent_acuse
from papers.models import PrintJob
from papers.queries import own_pdf
from papers.states import PaperKind
from papers.views.own import hand_out_own_pdf, show_own_pdf
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


def _acuse_of(enrollment: Enrollment, public_id: str) -> Acuse:
    acuse = sent_acuse(enrollment, public_id)
    if acuse is None:
        raise Http404
    return acuse


def _ordered(request: SignedInRequest, acuse: Acuse) -> PrintJob | None:
    return own_pdf(request.user, PaperKind.COMPROBANTE, parameters__acuse=acuse.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def order_receipt(request: SignedInRequest, enrollment: Enrollment, public_id: str) -> HttpResponse:
    """Ask for the PDF."""
    acuse = _acuse_of(enrollment, public_id)
    if request.method == "POST":
        order(acuse, now=timezone.now())
        return redirect("nss:order_receipt", acuse.public_id)
    return show_own_pdf(request, _ordered(request, acuse), "nss/receipt.html", acuse=acuse)


@require_POST
@student_page
def download_receipt(
    request: SignedInRequest, enrollment: Enrollment, public_id: str
) -> HttpResponse:
    """The receipt, once."""
    acuse = _acuse_of(enrollment, public_id)
    return hand_out_own_pdf(
        request,
        _ordered(request, acuse),
        file_name=f"comprobante-{acuse.folio}.pdf",
        again=reverse("nss:order_receipt", args=[acuse.public_id]),
    )
