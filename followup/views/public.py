"""What anybody may read: the cover, the guide, the page for the family, how to decline.

Compressed is what never holds a word about a person: whose length tells nothing (BREACH).
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from school.access import is_staff_member
from school.queries.texts import current_text
from school.states import TextKind
from students.access import own_enrollment


@login_not_required
@require_safe
@gzip_page
def show_cover(request: HttpRequest) -> HttpResponse:
    """E-00."""
    context = {"is_staff": is_staff_member(request.user), "is_cover": True}
    return render(request, "followup/cover.html", context)


@login_not_required
@require_safe
def show_guide(request: HttpRequest) -> HttpResponse:
    """E-08: the whole guide; who is signed in can copy the data that IMSS asks for."""
    text = current_text(TextKind.GUIA)
    enrollment = own_enrollment(request.user) if request.user.is_authenticated else None
    context = {
        "guide": text.fields,
        "reviewed_on": parse_date(text.fields["reviewed_on"]),
        "enrollment": enrollment,
        "data": getattr(enrollment, "data", None),
        "nav": "guide",
    }
    return render(request, "followup/guide.html", context)


@login_not_required
@require_safe
@gzip_page
def show_family_page(request: HttpRequest) -> HttpResponse:
    """«Soy mamá, papá o tutor», in usted."""
    return render(request, "followup/family.html", {"guide": current_text(TextKind.GUIA).fields})


@login_not_required
@require_safe
@gzip_page
def show_how_to_decline(request: HttpRequest) -> HttpResponse:
    """How to decline the affiliation: on paper, at the plantel (the guide, NOTA)."""
    return render(request, "followup/decline.html")
