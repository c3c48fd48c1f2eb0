"""C-08: the box in the bar."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from followup.queries.search import MOST_RESULTS, find_exact, find_students, in_words
from followup.states import Stage
from school.access import Ability, SignedInRequest, abilities_of, staff_page
from school.queries.scope import all_planteles

LONGEST = 80


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.OPEN_STUDENT_FILE)
def search(request: SignedInRequest) -> HttpResponse:
    """By POST, so that no CURP and no NSS is ever in an address (security T8)."""
    text = request.POST.get("q", "")[:LONGEST].strip()
    if Ability.SEE_STUDENTS not in abilities_of(request.user):
        return _search_exactly(request, text)
    found = find_students(all_planteles(request, Ability.SEE_STUDENTS), text, now=timezone.now())
    if found.exact is not None:
        return redirect("followup:student_file", public_id=found.exact.public_id)
    rows = [(row, Stage(row.stage).label, in_words(row)) for row in found.rows]
    context = {"search_text": text, "rows": rows, "has_more": found.has_more, "most": MOST_RESULTS}
    return render(request, "followup/search.html", context)


def _search_exactly(request: SignedInRequest, text: str) -> HttpResponse:
    """Who oversees the subsystem names the student exactly and writes a reason before the file opens."""
    planteles = all_planteles(request, Ability.SEE_STUDENT_FILE_WITH_REASON)
    exact = find_exact(planteles, text) if text else None
    if exact is not None:
        return redirect("followup:student_file", public_id=exact.public_id)
    return render(request, "followup/search.html", {"search_text": text, "is_exact_only": True})
