"""C-06 «Abrir paso de clínica», and its day: changed or withdrawn."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinics import actions
from clinics.forms.openings import MovingForm, OpeningForm
from clinics.queries.openings import count_invited, days_invited, groups_invited, stays_invited
from clinics.queries.registrations import (
    Selection,
    batches_to_open,
    count_to_open,
    groups_to_open,
    stays_to_open,
)
from clinics.views.lists import (
    asked_of,
    chosen_plantel,
    plantel_choices,
    planteles_of,
    today_in,
    told,
)
from common.dates import weekday_date
from common.texts import counted
from school.access import Ability, SignedInRequest, staff_page
from school.models import Plantel
from school.queries.planteles import cycle_on


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def open_clinics(request: SignedInRequest) -> HttpResponse:
    """«Abrir paso de clínica»: for a batch, a group or everybody; how many it is stands there before."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = _opening_form(request, planteles)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        chosen = _chosen(planteles, form)
        if request.method == "POST" and _opened(request, chosen, form):
            return redirect("clinics:clinics")
        context |= {
            "chosen": chosen,
            "counts": count_to_open(chosen),
            "day": form.cleaned_data["dia"],
        }
    return render(request, "clinics/open_clinics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_CLINICS)
def move_openings(request: SignedInRequest) -> HttpResponse:
    """«Cambiar la fecha»: of whom it is, and who read of the former one, stands there before."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = _moving_form(request, planteles)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        if request.method == "POST" and _moved(request, planteles, form):
            return redirect("clinics:clinics")
        context |= _looked_at(planteles, form)
    return render(request, "clinics/move_openings.html", context)


@require_POST
@staff_page(Ability.OPEN_CLINICS)
def withdraw_openings(request: SignedInRequest) -> HttpResponse:
    """«Quitar la fecha»: the step is closed until it is opened anew."""
    planteles = planteles_of(request, Ability.OPEN_CLINICS)
    form = _moving_form(request, planteles)
    if form.is_valid() and _withdrawn(request, planteles, form):
        return redirect("clinics:clinics")
    context = {"form": form} | (_looked_at(planteles, form) if form.is_valid() else {})
    return render(request, "clinics/move_openings.html", context)


def _opening_form(request: SignedInRequest, planteles: list[Plantel]) -> OpeningForm:
    """Bound once something is asked; what it offers is of the plantel that is asked for."""
    asked = asked_of(request)
    plantel = chosen_plantel(planteles, asked.get("plantel", ""))
    today = today_in([plantel])
    return OpeningForm(
        asked if "plantel" in asked else None,
        planteles=plantel_choices(planteles),
        groups=groups_to_open(plantel),
        batches=batches_to_open(plantel),
        today=today,
        cycle=cycle_on(today),
    )


def _chosen(planteles: list[Plantel], form: OpeningForm) -> Selection:
    data = form.cleaned_data
    return Selection(chosen_plantel(planteles, data["plantel"]), data["grupo"], data["lote"])


def _opened(request: SignedInRequest, chosen: Selection, form: OpeningForm) -> bool:
    day, stays = form.cleaned_data["dia"], list(stays_to_open(chosen))
    when = "ya está abierto" if day == form.today else f"se abre el {weekday_date(day)}"
    return told(
        request,
        lambda: actions.open_clinics(stays, opens_on=day, by=request.user, now=timezone.now()),
        lambda opened: f"El paso de clínica {when} para {counted(len(opened), 'estudiante')}.",
    )


def _moving_form(request: SignedInRequest, planteles: list[Plantel]) -> MovingForm:
    asked = asked_of(request)
    plantel = chosen_plantel(planteles, asked.get("plantel", ""))
    return MovingForm(
        asked if "plantel" in asked else None,
        planteles=plantel_choices(planteles),
        groups=groups_invited(plantel),
        days=days_invited(plantel),
        today=today_in([plantel]),
    )


def _whose(planteles: list[Plantel], form: MovingForm) -> Selection:
    data = form.cleaned_data
    return Selection(chosen_plantel(planteles, data["plantel"]), data["grupo"])


def _looked_at(planteles: list[Plantel], form: MovingForm) -> dict[str, Any]:
    """What the page says before anything changes."""
    chosen, data = _whose(planteles, form), form.cleaned_data
    counts = count_invited(chosen, data["fecha"])
    return {"chosen": chosen, "counts": counts, "before": data["fecha"], "day": data.get("dia")}


def _moved(request: SignedInRequest, planteles: list[Plantel], form: MovingForm) -> bool:
    data, day = form.cleaned_data, form.cleaned_data["dia"]
    if day is None:
        form.add_error("dia", "Escribir el día nuevo")
        return False
    stays = list(stays_invited(_whose(planteles, form), data["fecha"]))
    when = "está abierto desde hoy" if day == form.today else f"se abre el {weekday_date(day)}"
    return told(
        request,
        lambda: actions.move_openings(stays, opens_on=day, by=request.user, now=timezone.now()),
        lambda moved: f"El paso de clínica {when} para {counted(len(moved), 'estudiante')}.",
    )


def _withdrawn(request: SignedInRequest, planteles: list[Plantel], form: MovingForm) -> bool:
    stays = list(stays_invited(_whose(planteles, form), form.cleaned_data["fecha"]))
    return told(
        request,
        lambda: actions.withdraw_openings(stays, by=request.user, now=timezone.now()),
        lambda count: f"Se quitó la fecha del paso de clínica a {counted(count, 'estudiante')}.",
    )
