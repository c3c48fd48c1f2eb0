"""A-02 «Calendarios y días inhábiles»: the year of a plantel, and the days that its administration adds or takes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.dates import WEEKDAYS
from common.texts import counted
from followup.actions.calendar import change_days
from followup.forms.calendar import SAVE, DaysForm
from followup.queries.calendars import example_in_words, months, preview_days
from followup.queries.recount import Recount
from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    fresh_for,
    planteles_with,
    staff_page,
)
from school.actions.calendar import NothingChanges
from school.models import Plantel
from school.queries.planteles import own_days
from school.states import Role

_YEARS = range(2000, 2100)


@require_safe
@staff_page(Ability.SEE_CATALOGUES)
def show_calendar(request: SignedInRequest) -> HttpResponse:
    """The twelve months of a year in one plantel: what does not count, and why."""
    planteles = planteles_with(request.user, Ability.SEE_CATALOGUES)
    plantel = planteles.filter(clave=request.GET.get("plantel", "")).first() or planteles.first()
    if plantel is None:
        return render(request, "followup/calendar.html", {})
    return render(request, "followup/calendar.html", _year(request, plantel, list(planteles)))


@staff_page(Ability.EDIT_CALENDARS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def add_days(request: SignedInRequest) -> HttpResponse:
    """«Agregar días»: a puente, a contingencia."""
    return _change(request, is_removal=False)


@staff_page(Ability.EDIT_CALENDARS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_days(request: SignedInRequest) -> HttpResponse:
    """«Quitar días»: they count again."""
    return _change(request, is_removal=True)


def _change(request: SignedInRequest, *, is_removal: bool) -> HttpResponse:
    form = _form(request, is_removal=is_removal)
    if saves(request) and form.is_valid() and _saved(request, form):
        return redirect("followup:calendar")
    context: dict[str, Any] = {"form": form, "is_removal": is_removal}
    if form.tells_enough:
        enrolled_on = form.example_day(timezone.localdate())
        context["preview"] = preview_days(form.change(), enrolled_on=enrolled_on)
    page = "_calendar_preview" if request.htmx else "calendar_days"
    return render(request, f"followup/{page}.html", context)


def saves(request: SignedInRequest) -> bool:
    """Whether it is to be saved; htmx sends the button along while a person only comes past it with the keyboard."""
    return SAVE in request.POST and not request.htmx


def _form(request: SignedInRequest, *, is_removal: bool) -> DaysForm:
    return DaysForm(
        request.POST if request.method == "POST" else None,
        initial={
            "desde": request.GET.get("desde", ""),
            "hasta": request.GET.get("hasta", ""),
            "planteles": request.GET.getlist("plantel"),
        },
        choices=planteles_with(request.user, Ability.EDIT_CALENDARS),
        is_removal=is_removal,
    )


def _saved(request: SignedInRequest, form: DaysForm) -> bool:
    try:
        done = change_days(form.change(), by=request.user, now=timezone.now())
    except NothingChanges as error:
        form.add_error(None, error.sentence)
        return False
    messages.success(request, f"Guardado. {in_words(done)}")
    return True


def in_words(done: Recount) -> str:
    """Say whose deadline changed."""
    if not done.students:
        return "No cambió el plazo de nadie."
    return f"Cambió el plazo de {counted(done.students, 'estudiante')}."


def _year(request: SignedInRequest, plantel: Plantel, planteles: list[Plantel]) -> dict[str, Any]:
    today = timezone.localdate(timezone=plantel.zone)
    typed = request.GET.get("ano", str(today.year))
    if not (typed.isascii() and typed.isdigit() and int(typed) in _YEARS):
        raise Http404
    own = own_days([plantel.pk])[plantel.pk]
    year = int(typed)
    return {
        "plantel": plantel,
        "planteles": planteles,
        "year": year,
        "months": months(year, own),
        "weekdays": [(name[0].upper(), name) for name in WEEKDAYS],
        "own": sorted((day, reason) for day, reason in own.items() if day.year == year),
        "example": example_in_words(own, own, today),
        "may_edit": Ability.EDIT_CALENDARS in abilities_of(request.user),
    }
