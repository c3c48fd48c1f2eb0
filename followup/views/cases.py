"""«Datos mal (D)»: an acuse that IMSS must put right becomes a case of the plantel, and an acuse again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from followup.actions.errors import REFUSALS
from followup.actions.reports import move_to_case, undo_case
from followup.forms.staff import WrongDataCaseForm
from nss.models import Acuse
from nss.queries.reasons import reason_words
from nss.states import ReturnReason
from nss.views.case import queue_query, queue_string
from nss.views.review import acuse_or_404, take_back
from school.access import Ability, SignedInRequest, staff_page


@staff_page(Ability.REVIEW_ACUSE)
def move_acuse_to_case(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Reason 7 and key D: which datum IMSS holds wrong."""
    acuse = acuse_or_404(request, public_id)
    form = WrongDataCaseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask_datum(request, acuse, form)
    try:
        move_to_case(acuse, **form.cleaned_data, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return redirect("nss:review_acuse", public_id=public_id)
    query = queue_query(request) | {"hecho": public_id}
    return redirect(f"{reverse('nss:review')}?{urlencode(query)}")


@staff_page(Ability.REVIEW_ACUSE)
def undo_acuse_case(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Deshacer (Z)» of a case: the acuse is back in the queue and the report is closed."""
    return take_back(request, acuse_or_404(request, public_id), undo_case)


def _ask_datum(request: SignedInRequest, acuse: Acuse, form: WrongDataCaseForm) -> HttpResponse:
    context = {
        "acuse": acuse,
        "form": form,
        "words": reason_words(ReturnReason.IMSS_DATA_WRONG, "tu fecha de nacimiento"),
        "back_url": reverse("nss:review_acuse", args=[acuse.public_id]) + queue_string(request),
    }
    return render(request, "followup/wrong_data_case.html", context)
