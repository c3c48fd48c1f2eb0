"""The vigencias: the NO that wait with their clock, what was answered, and the campaign of the semester."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinics import actions
from clinics.actions.errors import REFUSALS, NothingToRepair
from clinics.forms.staff import GroupForm, SelectionForm
from clinics.queries.registrations import Selection, insured_groups
from clinics.queries.vigencias import (
    VIGENCIA_FILTERS,
    campaigns_of,
    groups_to_ask,
    stays_to_ask,
    vigencia_counts,
    vigencia_list,
    vigencia_rows,
)
from clinics.views.lists import (
    PAGE,
    asked_of,
    chips_of,
    chosen_plantel,
    one_of,
    plantel_choices,
    planteles_of,
    stay_or_404,
    told,
)
from common.texts import counted
from school.access import Ability, SignedInRequest, abilities_of, staff_page
from school.models import Plantel


@require_safe
@staff_page(Ability.SEE_CLINICS)
def list_vigencias(request: SignedInRequest) -> HttpResponse:
    """What the students read at IMSS, the NO that wait longest first."""
    planteles = planteles_of(request, Ability.SEE_CLINICS)
    groups = insured_groups(planteles)
    state = one_of(request.GET.get("estado", ""), dict(VIGENCIA_FILTERS))
    group = one_of(request.GET.get("grupo", ""), ["", *groups])
    stays = vigencia_list(planteles, state, group)
    page = Paginator(stays, PAGE).get_page(request.GET.get("pagina"))
    counts = vigencia_counts(planteles)
    context = {
        "page_obj": page,
        "rows": vigencia_rows(list(page), now=timezone.now()),
        "chips": chips_of(VIGENCIA_FILTERS, counts, state),
        "is_anybody_there": any(counts.values()),
        "group": group,
        "group_form": GroupForm(initial={"estado": state, "grupo": group}, groups=groups),
        "campaigns": campaigns_of(planteles, most=3),
        "may_open": Ability.OPEN_CLINICS in abilities_of(request.user),
    }
    return render(request, "clinics/vigencias.html", context)


@require_POST
@staff_page(Ability.OPEN_CLINICS)
def repair_vigencia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Ya se corrigió» that NO which stood on the screen: the student is asked again."""
    stay = stay_or_404(request, public_id)
    asked = request.POST.get("consulta", "")
    said = stay.vigencia_checks.filter(pk=asked).first() if asked.isdecimal() else None
    try:
        if said is None:
            raise NothingToRepair
        actions.repair_vigencia(said, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Le pedimos a {stay.student.full_name} que revise otra vez.")
    return redirect("clinics:vigencias")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def ask_vigencia(request: SignedInRequest) -> HttpResponse:
    """«Pedir vigencia»: once a semester, by group or the whole plantel; how many it is stands there before."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = _selection_form(request, planteles)
    context: dict[str, Any] = {"form": form, "campaigns": campaigns_of(planteles)}
    if form.is_valid():
        data = form.cleaned_data
        chosen = Selection(chosen_plantel(planteles, data["plantel"]), data["grupo"])
        if request.method == "POST" and _asked(request, chosen):
            return redirect("clinics:ask_vigencia")
        context |= {"chosen": chosen, "count": stays_to_ask(chosen, now=timezone.now()).count()}
    return render(request, "clinics/ask_vigencia.html", context)


def _selection_form(request: SignedInRequest, planteles: list[Plantel]) -> SelectionForm:
    asked = asked_of(request)
    plantel = chosen_plantel(planteles, asked.get("plantel", ""))
    return SelectionForm(
        asked if "plantel" in asked else None,
        planteles=plantel_choices(planteles),
        groups=groups_to_ask(plantel, now=timezone.now()),
    )


def _asked(request: SignedInRequest, chosen: Selection) -> bool:
    return told(
        request,
        lambda: actions.ask_vigencia(chosen, by=request.user, now=timezone.now()),
        lambda campaign: f"Le pedimos su vigencia a {counted(campaign.students, 'estudiante')}.",
    )
