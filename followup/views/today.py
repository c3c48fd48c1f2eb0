"""C-01 Hoy, and the plantel in which the person works now."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followup.queries.today import counts_by_plantel, due_days, last_movements, work_rows
from followup.queries.today_rows import day_in
from school.access import (
    Ability,
    SignedInRequest,
    planteles_by_ability,
    planteles_with,
    roles_held,
    staff_page,
)
from school.models import Plantel
from school.queries.scope import SESSION_KEY, working_planteles


@require_safe
@staff_page(Ability.SEE_TODAY)
def show_today(request: SignedInRequest) -> HttpResponse:
    """C-01: rows of what waits, each with one button; below, what is up to date."""
    planteles, now = list(working_planteles(request, Ability.SEE_TODAY)), timezone.now()
    where, today = planteles_by_ability(roles_held(request.user), planteles), day_in(planteles, now)
    rows = work_rows(where, now=now)
    context = {
        "today": today,
        "rows": [row for row in rows if row.count],
        "calm": [row.calm for row in rows if not row.count],
    }
    return render(request, "followup/today.html", context | _beside(where, planteles, now=now))


def _beside(
    where: dict[Ability, list[Plantel]], planteles: list[Plantel], *, now: datetime
) -> dict[str, Any]:
    """Days and names of the planteles whose students the person sees, only figures of the others."""
    seen = where.get(Ability.SEE_STUDENTS, [])
    others = [one for one in planteles if one not in seen]
    context: dict[str, Any] = {}
    if seen:
        context["due_days"] = due_days(seen, now=now, today=day_in(seen, now))
        context["movements"] = last_movements(seen)
    if others:
        context["by_plantel"] = counts_by_plantel(others, now=now)
        openable = where.get(Ability.OPEN_STUDENT_FILE, [])
        context["opens_files"] = any(one in openable for one in others)
    return context


@require_POST
@staff_page(Ability.SEE_TODAY)
def choose_plantel(request: SignedInRequest) -> HttpResponse:
    """Work in one plantel, or in all of one's own."""
    clave = request.POST.get("plantel", "")
    if clave:
        get_object_or_404(planteles_with(request.user, Ability.SEE_TODAY), clave=clave)
    request.session[SESSION_KEY] = clave
    return redirect("followup:today")
