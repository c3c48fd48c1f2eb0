"""C-08: the box in the bar. By POST, so that no CURP and no NSS is ever in an address (security T8)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from followup.actions.looks import find_by_nss
from followup.queries.search import MOST_RESULTS, Found, find_exact, find_students
from followup.queries.search_lines import answer_lines
from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    plantel_list,
    planteles_with,
    staff_page,
)
from school.queries.scope import all_planteles, chosen_clave, working_planteles
from students.models import Enrollment

LONGEST = 80


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_STUDENT_FILE)
def search(request: SignedInRequest) -> HttpResponse:
    """Where the person works now; in all of the person's planteles when asked to."""
    text = request.POST.get("q", "")[:LONGEST].strip()
    if Ability.SEE_STUDENTS not in abilities_of(request.user):
        return _search_exactly(request, text)
    everywhere = "todos" in request.POST
    scope = all_planteles if everywhere else working_planteles
    found = find_students(scope(request, Ability.SEE_STUDENTS), text, now=timezone.now())
    if found.exact is not None:
        return _open(request, found.exact, by_nss=found.is_by_nss)
    return _answer(request, text, found, may_widen=not everywhere and _works_elsewhere(request))


def _search_exactly(request: SignedInRequest, text: str) -> HttpResponse:
    """Who oversees the subsystem names the student exactly and writes a reason before the file opens."""
    planteles = all_planteles(request, Ability.SEE_STUDENT_FILE_WITH_REASON)
    found = find_exact(planteles, text) if text else Found(None)
    if found.exact is not None:
        return _open(request, found.exact, by_nss=found.is_by_nss)
    return render(request, "followup/search.html", {"search_text": text, "is_exact_only": True})


def _open(request: SignedInRequest, stay: Enrollment, *, by_nss: bool) -> HttpResponse:
    if by_nss:
        find_by_nss(stay, by=request.user, now=timezone.now())
    return redirect("followup:student_file", public_id=stay.public_id)


def _answer(request: SignedInRequest, text: str, found: Found, *, may_widen: bool) -> HttpResponse:
    context: dict[str, Any] = {
        "search_text": text,
        "lines": answer_lines(found.rows),
        "has_more": found.has_more,
        "most": MOST_RESULTS,
        "may_widen": may_widen,
        "reviewed": {one.pk for one in plantel_list(request.user, Ability.REVIEW_ACUSE)},
        "names_plantel": len({row.plantel_id for row in found.rows}) > 1,
        "may_import": Ability.IMPORT_ROSTER in abilities_of(request.user),
    }
    return render(request, "followup/search.html", context)


def _works_elsewhere(request: SignedInRequest) -> bool:
    """Whether one plantel is chosen in the bar while the person has others."""
    chosen = chosen_clave(request, Ability.SEE_STUDENTS)
    everywhere = planteles_with(request.user, Ability.SEE_STUDENTS)
    return bool(chosen) and everywhere.exclude(clave=chosen).exists()
