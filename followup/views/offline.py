"""What a phone shows without signal, and the small script that puts it away there."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SCRIPT = "static/js/service_worker.js"


@login_not_required
@require_safe
def show_offline_page(request: HttpRequest) -> HttpResponse:
    """«No tienes conexión»: shown by the phone in place of a page that did not come."""
    return render(request, "followup/offline.html")


@login_not_required
@require_safe
def send_service_worker(request: HttpRequest) -> HttpResponse:
    """From the root and under one name, because a service worker rules only what lies below its own address."""
    del request
    script = (settings.ROOT / SCRIPT).read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
