"""C-05: the cases of Subdelegación by age, and what the plantel says of one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followup.actions.errors import REFUSALS
from followup.actions.escalations import classify_escalation
from followup.forms.staff import NO_CAUSE, CauseForm
from followup.models import Escalation
from followup.queries.escalations import (
    CASE_FILTERS,
    escalations_for,
    filter_escalations,
    with_waiting_days,
)
from followup.states import EscalationCause, EscalationState
from school.access import Ability, SignedInRequest, abilities_of, may, require, staff_page
from school.queries.scope import working_planteles

PAGE = 50


@require_safe
@staff_page(Ability.SEE_REPORTS)
def list_escalations(request: SignedInRequest) -> HttpResponse:
    """The open cases, the oldest first; the closed ones newest first."""
    wanted = request.GET.get("estado", "")
    wanted = wanted if wanted in dict(CASE_FILTERS) else ""
    planteles = working_planteles(request, Ability.SEE_REPORTS)
    cases = filter_escalations(escalations_for(request.user), wanted)
    cases = cases.filter(plantel__in=planteles)
    page = Paginator(cases, PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page_obj": page,
        "cases": with_waiting_days(list(page), now=timezone.now()),
        "filters": CASE_FILTERS,
        "wanted": wanted,
        "may_ask": Ability.HANDLE_REPORT in abilities_of(request.user),
        "sees_evidence": all(may(request.user, Ability.SEE_EVIDENCE, one) for one in planteles),
    }
    return render(request, "followup/escalations.html", context)


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def classify_case(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Guardar y revisar los datos»: the cause of a case, named by its report."""
    case = case_to_handle(request, public_id)
    form = CauseForm(request.POST, action="")
    if form.is_valid():
        _classify(request, case, form.cleaned_data["cause"])
    else:
        messages.error(request, NO_CAUSE)
    return redirect("followup:staff_report", public_id=public_id)


def _classify(request: SignedInRequest, case: Escalation, cause: EscalationCause) -> None:
    try:
        saved = classify_escalation(case, cause=cause, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _SAID[saved.state == EscalationState.READY])


_SAID = {
    True: "Causa guardada. Los datos están completos: ya puede ir en un oficio.",
    False: "Causa guardada. El caso todavía no puede ir en un oficio.",
}


def case_to_handle(request: SignedInRequest, public_id: str) -> Escalation:
    """Return the case of that report; Http404 or PermissionDenied for who may not work it."""
    case = get_object_or_404(escalations_for(request.user), report__public_id=public_id)
    require(request.user, Ability.HANDLE_REPORT, case.plantel)
    return case
