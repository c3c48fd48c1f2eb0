"""Help: for a student the question «¿Cómo te fue en la página del IMSS?» (E-09), for everybody whom to ask."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from followup.forms.student import ALREADY_HAVE_IT, NOT_TRIED, OutcomeForm
from followup.queries.contacts import contacts
from followup.queries.reports import open_case
from followup.states import ReportKind
from school.models import User
from school.queries.texts import current_text
from school.states import TextKind
from students.access import own_enrollment, student_page
from students.models import Enrollment

WHERE_TO = {
    ALREADY_HAVE_IT: "nss:upload",
    NOT_TRIED: "followup:guide",
    ReportKind.SUBDELEGACION: "followup:subdelegacion",
    ReportKind.HAS_NSS: "followup:has_nss",
    ReportKind.WRONG_DATA: "followup:wrong_data",
    ReportKind.NO_MAIL: "followup:no_mail",
    ReportKind.PAGE_FAILED: "followup:page_failed",
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_help(request: HttpRequest) -> HttpResponse:
    """E-09 for a student; help with the planteles' contacts for everybody else."""
    is_student = isinstance(request.user, User) and own_enrollment(request.user) is not None
    posted = request.POST if request.method == "POST" else None
    form = OutcomeForm(posted) if is_student else None
    if form is not None and form.is_valid():
        return redirect(WHERE_TO[form.cleaned_data["outcome"]])
    context = {
        "form": form,
        "questions": current_text(TextKind.GUIA).fields["questions"],
        "contacts": [] if is_student else contacts(),
        "nav": "help",
    }
    return render(request, "followup/help.html", context)


@require_safe
@student_page
def warn_about_subdelegacion(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    """E-14, first: the interruption «No vayas»."""
    return render(request, "followup/subdelegacion.html", {"case": open_case(enrollment)})
