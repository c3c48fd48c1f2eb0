"""A-03 «Ciclos escolares»: their dates and rules; a new one starts from the last."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup.actions.cycles import change_cycle
from followup.forms.cycles import CycleForm
from followup.queries.calendars import preview_rule, rule_in_words
from followup.views.calendar import in_words, saves
from school.access import Ability, SignedInRequest, abilities_of, fresh_for, staff_page
from school.actions.cycles import CycleRefused, create_cycle
from school.models import SchoolCycle
from school.states import Role
from students.deadlines import Rule
from students.queries.deadlines import rule_of

_TERMS = ("acuse_days", "acuse_day_count", "review_days", "needs_guardian_signature")


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def list_cycles(request: SignedInRequest) -> HttpResponse:
    """Every ciclo with its rule, the newest first."""
    context = {
        "rows": [
            (one, rule_of(one).describe(one.acuse_days), Rule().describe(one.review_days))
            for one in SchoolCycle.objects.all()
        ],
        "may_edit": Ability.EDIT_CALENDARS in abilities_of(request.user),
    }
    return render(request, "followup/cycles.html", context)


@staff_page(Ability.EDIT_CALENDARS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_cycle(request: SignedInRequest) -> HttpResponse:
    """«Abrir un ciclo»: with the rules of the last one, or of the one it is cloned from."""
    cycles = SchoolCycle.objects.all()
    model = cycles.filter(name=request.GET.get("de", "")).first() or cycles.first()
    initial = {name: getattr(model, name) for name in _TERMS} if model else {}
    posted = request.POST if request.method == "POST" else None
    form = CycleForm(posted, initial=initial)
    if saves(request) and form.is_valid() and _created(request, form):
        return redirect("followup:cycles")
    return _shown(request, form)


@staff_page(Ability.EDIT_CALENDARS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_cycle(request: SignedInRequest, name: str) -> HttpResponse:
    """The terms of one ciclo; before they are saved, whose deadline they change."""
    cycle = get_object_or_404(SchoolCycle, name=name)
    posted = request.POST if request.method == "POST" else None
    initial = {field: getattr(cycle, field) for field in CycleForm.base_fields}
    form = CycleForm(posted, initial=initial)
    if saves(request) and form.is_valid() and _changed(request, cycle, form):
        return redirect("followup:cycles")
    return _shown(request, form, cycle)


def _shown(
    request: SignedInRequest, form: CycleForm, cycle: SchoolCycle | None = None
) -> HttpResponse:
    context = {"form": form, "cycle": cycle, "preview": form.tells_enough and _preview(form, cycle)}
    page = "_cycle_preview" if request.htmx else "cycle"
    return render(request, f"followup/{page}.html", context)


def _preview(form: CycleForm, cycle: SchoolCycle | None) -> dict[str, Any]:
    """What it would do: until when who enrols on the first day has, and whose deadline changes."""
    rule, first_day = form.rule(), form.cleaned_data["starts_on"]
    return {
        "example": rule_in_words(rule_of(cycle) if cycle else rule, rule, first_day),
        "recount": preview_rule(cycle, rule) if cycle else None,
    }


def _created(request: SignedInRequest, form: CycleForm) -> bool:
    try:
        cycle = create_cycle(form.terms(), by=request.user, now=timezone.now())
    except CycleRefused as error:
        form.add_error(error.field, error.sentence)
        return False
    messages.success(request, f"Ciclo {cycle.name} abierto.")
    return True


def _changed(request: SignedInRequest, cycle: SchoolCycle, form: CycleForm) -> bool:
    try:
        done = change_cycle(cycle, form.terms(), by=request.user, now=timezone.now())
    except CycleRefused as error:
        form.add_error(error.field, error.sentence)
        return False
    messages.success(request, f"Guardado. {in_words(done)}")
    return True
