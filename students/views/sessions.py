"""«Mis sesiones»: where the student is signed in, and ending it elsewhere (a shared or lost phone)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from school.access import SignedInRequest
from school.actions import sessions as actions
from school.queries.sessions import open_sessions
from school.views.sessions import end_and_tell, session_key
from students.access import student_page
from students.models import Enrollment

ENDED = "Cerramos esa sesión."
ENDED_OTHERS = "Cerramos las demás sesiones."


@require_safe
@student_page
def list_sessions(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The student's own sign-ins, this one first."""
    del enrollment
    found = open_sessions(request.user, current=session_key(request), now=timezone.now())
    return render(request, "students/sessions.html", {"sessions": found})


@require_POST
@student_page
def end_session(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Cerrar»: one of them."""
    del enrollment
    end_and_tell(request, ENDED)
    return redirect("students:sessions")


@require_POST
@student_page
def end_other_sessions(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """«Cerrar todas las demás»."""
    del enrollment
    actions.end_other_sessions(request.user, keep=session_key(request))
    messages.success(request, ENDED_OTHERS)
    return redirect("students:sessions")
