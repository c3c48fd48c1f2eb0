"""The list of students behind the buttons of Hoy."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from followup.forms.staff import StudentFilterForm
from followup.queries.students import FILTERS, StudentFilter, groups_in, student_list
from school.access import Ability, SignedInRequest, staff_page
from school.queries.scope import working_planteles

PAGE = 50


@require_safe
@staff_page(Ability.SEE_STUDENTS)
def list_students(request: SignedInRequest) -> HttpResponse:
    """Students by step, group and day; no CURP, no NSS."""
    planteles = working_planteles(request, Ability.SEE_STUDENTS)
    groups = groups_in(planteles)
    wanted = _wanted(request, groups)
    page = Paginator(student_list(planteles, wanted, now=timezone.now()), PAGE)
    context = {
        "form": StudentFilterForm(
            initial={"paso": wanted.step, "grupo": wanted.group}, groups=groups
        ),
        "page_obj": page.get_page(request.GET.get("pagina")),
        "wanted": wanted,
        "step_name": dict(FILTERS)[wanted.step],
        "has_planteles": len(planteles) > 1,
    }
    return render(request, "followup/students.html", context)


def _wanted(request: SignedInRequest, groups: list[str]) -> StudentFilter:
    """What the address asks for; what is on no list is not asked (security T24)."""
    step, group = request.GET.get("paso", ""), request.GET.get("grupo", "")
    try:
        due_on = parse_date(request.GET.get("vence", ""))
    except ValueError:
        due_on = None
    return StudentFilter(
        step=step if step in dict(FILTERS) else "",
        group=group if group in groups else "",
        due_on=due_on,
    )
