"""«Mis sesiones» of the staff: where the person is signed in, and ending it elsewhere."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from school.access import SignedInRequest
from school.actions import sessions as actions
from school.queries.sessions import open_sessions

ENDED = "Se cerró la sesión."
ENDED_OTHERS = "Se cerraron las demás sesiones."


@require_safe
def list_sessions(request: SignedInRequest) -> HttpResponse:
    """The person's own sign-ins, this one first."""
    found = open_sessions(request.user, current=session_key(request), now=timezone.now())
    return render(request, "school/sessions.html", {"sessions": found})


@require_POST
def end_session(request: SignedInRequest) -> HttpResponse:
    """«Cerrar»: one of them."""
    end_and_tell(request, ENDED)
    return redirect("staff_sessions")


@require_POST
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """«Cerrar todas las demás»."""
    actions.end_other_sessions(request.user, keep=session_key(request))
    messages.success(request, ENDED_OTHERS)
    return redirect("staff_sessions")


def end_and_tell(request: SignedInRequest, done: str) -> None:
    """End the session that the button names, and say so."""
    try:
        actions.end_session(request.user, request.POST.get("session", ""))
    except actions.SessionAlreadyEnded as refusal:
        messages.info(request, f"{refusal.sentence}.")
    else:
        messages.success(request, done)


def session_key(request: HttpRequest) -> str:
    """Return the key of the session in which the person asks."""
    return request.session.session_key or ""
