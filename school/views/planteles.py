"""The catalogue of planteles, to read."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from school.access import Ability, planteles_with, staff_page
from school.queries.planteles import contact_of, cycle_on, days_off, people_of


@require_GET
@staff_page(Ability.SEE_CATALOGUES)
def list_planteles(request: HttpRequest) -> HttpResponse:
    """The planteles in which the person works."""
    planteles = planteles_with(request.user, Ability.SEE_CATALOGUES)
    return render(request, "school/planteles.html", {"planteles": planteles})


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
    }
    return render(request, "school/plantel.html", page)
