"""A-01: the catalogue of planteles, and the address of dirección, which administration writes down."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    fresh_for,
    planteles_with,
    staff_page,
)
from school.actions.planteles import set_direction_email
from school.forms.planteles import DirectionForm
from school.queries.planteles import contact_of, cycle_on, days_off, people_of, with_health
from school.states import Role


@require_GET
@staff_page(Ability.SEE_CATALOGUES)
def list_planteles(request: HttpRequest) -> HttpResponse:
    """The planteles in which the person works; who edits them sees what each lacks."""
    planteles = planteles_with(request.user, Ability.SEE_CATALOGUES)
    context = {"planteles": with_health(planteles), "may_edit": _may_edit(request)}
    return render(request, "school/planteles.html", context)


@require_GET
@staff_page(Ability.SEE_CATALOGUES)
def show_plantel(request: HttpRequest, clave: str) -> HttpResponse:
    """One plantel: where it is, who works there, and the days it does not count."""
    planteles = planteles_with(request.user, Ability.SEE_CATALOGUES)
    plantel = get_object_or_404(planteles.select_related("subdelegacion"), clave=clave)
    today = timezone.localdate(timezone=plantel.zone)
    page = {
        "plantel": plantel,
        "contact": contact_of(plantel),
        "people": people_of(plantel),
        "cycle": cycle_on(today),
        "days_off": days_off(plantel, since=today, until=today + timedelta(days=365)),
        "may_edit": _may_edit(request),
    }
    return render(request, "school/plantel.html", page)


@staff_page(Ability.EDIT_PLANTELES)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_direction(request: SignedInRequest, clave: str) -> HttpResponse:
    """«Correo de dirección» of one plantel."""
    plantel = get_object_or_404(planteles_with(request.user, Ability.EDIT_PLANTELES), clave=clave)
    initial = {"direction_email": plantel.direction_email}
    form = DirectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        email = form.cleaned_data["direction_email"]
        set_direction_email(plantel, email=email, by=request.user, now=timezone.now())
        messages.success(request, "Correo de dirección guardado.")
        return redirect("school:plantel", clave)
    context = {
        "plantel": plantel,
        "form": form,
        "back_url": reverse("school:plantel", args=[clave]),
    }
    return render(request, "school/direction.html", context)


def _may_edit(request: HttpRequest) -> bool:
    return Ability.EDIT_PLANTELES in abilities_of(request.user)
