"""E-18 «Descargar mis datos»: all apps know something of a student, so the copy is made here."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from followup.actions.my_data import order_copy
from followup.queries.own_copy import whole_copy
from papers.models import PrintJob
from papers.queries import own_pdf
from papers.states import PaperKind
from papers.views.own import hand_out_own_pdf, show_own_pdf
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


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
    """The same as a PDF: asked for here."""
    if request.method == "POST":
        order_copy(enrollment, now=timezone.now())
        return redirect("followup:order_my_copy")
    return show_own_pdf(request, _ordered(request, enrollment), "followup/my_copy.html")


@require_POST
@student_page
def download_my_copy(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The copy, once."""
    job = _ordered(request, enrollment)
    return hand_out_own_pdf(request, job, file_name="mis-datos.pdf", again="followup:order_my_copy")


def _ordered(request: SignedInRequest, enrollment: Enrollment) -> PrintJob | None:
    return own_pdf(request.user, PaperKind.MY_DATA, parameters__enrollment=enrollment.pk)
