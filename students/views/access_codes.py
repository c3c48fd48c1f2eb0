"""Slips with access codes: by group, or again for one student."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from papers.models import PrintJob
from school.access import Ability, SignedInRequest, planteles_with, staff_page
from school.models import Plantel
from school.queries.scope import working_planteles
from students.actions.access_codes import MayNotEnter, NoSlips, queue_slips
from students.actions.access_codes import reissue_slip_code as reissue
from students.forms.roster import SlipsForm
from students.queries.access_codes import groups_to_print
from students.queries.enrollments import enrollments_for


def _plantel_of(request: SignedInRequest) -> Plantel:
    """Return the plantel asked for, else the one of the bar, whose codes the person may print."""
    asked = request.GET.get("plantel")
    if asked:
        return get_object_or_404(planteles_with(request.user, Ability.PRINT_CODES), number=asked)
    return working_planteles(request, Ability.PRINT_CODES)[0]


@staff_page(Ability.PRINT_CODES)
@require_http_methods(["GET", "HEAD", "POST"])
def print_slips(request: SignedInRequest) -> HttpResponse:
    """Choose groups and order their slips."""
    plantel = _plantel_of(request)
    posted = request.POST if request.method == "POST" else None
    form = SlipsForm(posted, groups=groups_to_print(plantel))
    if form.is_valid():
        try:
            jobs = queue_slips(plantel, **form.cleaned_data, by=request.user, now=timezone.now())
        except NoSlips as error:
            form.add_error("groups", error.sentence)
        else:
            return redirect(*_where_to(jobs))
    return render(request, "students/slips.html", _slips_context(request, plantel, form))


def _where_to(jobs: list[PrintJob]) -> list[str]:
    return ["papers:show_print_job", jobs[0].public_id] if len(jobs) == 1 else ["papers:print_jobs"]


def _slips_context(
    request: SignedInRequest, plantel: Plantel, form: SlipsForm
) -> dict[str, object]:
    planteles = planteles_with(request.user, Ability.PRINT_CODES)
    return {"form": form, "plantel": plantel, "planteles": planteles}


@staff_page(Ability.PRINT_CODES)
@require_POST
def reissue_slip_code(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Order one student's slip again."""
    stays = enrollments_for(request.user, Ability.PRINT_CODES)
    enrollment = get_object_or_404(stays, public_id=public_id)
    try:
        job = reissue(enrollment, by=request.user, now=timezone.now())
    except MayNotEnter as error:
        messages.error(request, error.sentence)
        return redirect("followup:student_file", enrollment.public_id)
    return redirect("papers:show_print_job", job.public_id)
