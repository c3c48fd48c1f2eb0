"""Whether the portal is alive: for a monitor, which is nobody and learns nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from followup.queries.health import is_alive


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
