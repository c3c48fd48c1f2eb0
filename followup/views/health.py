"""Whether the portal is alive: in one word for a monitor, and A-12 for who looks after it."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from followup.queries.health import health, is_alive
from school.access import Ability, SignedInRequest, abilities_of, staff_page


@require_safe
@login_not_required
@cache_control(no_store=True)
def answer_monitor(request: HttpRequest) -> HttpResponse:
    """«ok», or 503 when the database does not answer or a queue was silent for five minutes."""
    del request
    try:
        is_well = is_alive(now=timezone.now())
    except Error:
        is_well = False
    text, status = ("ok", 200) if is_well else ("falla", 503)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


@require_safe
@staff_page(Ability.SEE_HEALTH)
def show_health(request: SignedInRequest) -> HttpResponse:
    """A-12: what works, what waits, and what to do."""
    sees_notices = Ability.SEE_NOTICES in abilities_of(request.user)
    context = {"health": health(now=timezone.now()), "sees_notices": sees_notices}
    return render(request, "followup/health.html", context)
