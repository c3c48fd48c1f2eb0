"""E-18 «Descargar mis datos»: all apps know something of a student, so the copy is made here."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from followup.queries.own_copy import whole_copy
from school.access import SignedInRequest
from students.access import student_page
from students.models import Enrollment


@require_GET
@student_page
def download_my_data(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """One file for machines and people (LGPDPPSO 51)."""
    del request
    response = JsonResponse(
        whole_copy(enrollment), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="mis-datos.json"'
    return response
