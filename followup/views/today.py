"""C-01 Hoy, and the plantel in which the person works now."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followup.queries.today import counts_by_plantel, due_days, last_movements, work_rows
from school.access import Ability, SignedInRequest, abilities_of, planteles_with, staff_page
from school.queries.scope import SESSION_KEY, working_planteles


@require_safe
@staff_page(Ability.SEE_TODAY)
def show_today(request: SignedInRequest) -> HttpResponse:
    """C-01: rows of what waits, each with one button; below, what is up to date."""
    planteles = working_planteles(request, Ability.SEE_TODAY)
    abilities, now = abilities_of(request.user), timezone.now()
    rows = work_rows(planteles, abilities, now=now)
    context = {
        "today": timezone.localdate(),
        "rows": [row for row in rows if row.count],
        "calm": [row.calm for row in rows if not row.count],
    }
    if Ability.SEE_STUDENTS in abilities:
        context["due_days"] = due_days(planteles, now=now, today=timezone.localdate())
        context["movements"] = last_movements(planteles)
    else:
        context["by_plantel"] = counts_by_plantel(planteles, now=now)
        context["opens_files"] = Ability.OPEN_STUDENT_FILE in abilities
    return render(request, "followup/today.html", context)


@require_POST
@staff_page(Ability.SEE_TODAY)
def choose_plantel(request: SignedInRequest) -> HttpResponse:
    """Work in one plantel, or in all of one's own."""
    clave = request.POST.get("plantel", "")
    if clave:
        get_object_or_404(planteles_with(request.user, Ability.SEE_TODAY), clave=clave)
    request.session[SESSION_KEY] = clave
    return redirect("followup:today")
