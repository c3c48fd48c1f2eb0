"""The aviso de privacidad: for everybody to read, and for a student to accept when it changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from school.access import Ability, abilities_of
from students.access import student_page
from students.actions.data import accept_aviso
from students.models import Enrollment
from students.queries.aviso import current_aviso
from students.views.visitor import safe_next


@require_GET
@login_not_required
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """The whole notice; what the institution has not filled in is told to administration alone."""
    tells_pending = Ability.SEE_STUDENT_FILE_WITH_REASON in abilities_of(request.user)
    context = {"aviso": current_aviso(), "tells_pending": tells_pending}
    return render(request, "students/privacy_notice.html", context)


@student_page
def accept_privacy_notice(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    """A new version, shown before anything else; reading on is written down."""
    if request.method == "POST":
        accept_aviso(enrollment, now=timezone.now())
        return redirect(safe_next(request))
    return render(request, "students/accept_privacy_notice.html", {"aviso": current_aviso()})
