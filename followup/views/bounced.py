"""C-01: whose address gave its last mail back, and what to do about each."""

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.queries.overdue import may_write
from followup.queries.reach import bounced_stays
from followup.states import ReminderChannel
from school.access import Ability, SignedInRequest, staff_page
from school.queries.scope import working_planteles

if TYPE_CHECKING:
    from followup.queries.reach import ReachableStay

PAGE = 50


@require_safe
@staff_page(Ability.SEE_NOTICES)
def list_bounced(request: SignedInRequest) -> HttpResponse:
    """«Correos rebotados»: the student, the address, when and why, and the other ways to reach the student."""
    planteles, now = working_planteles(request, Ability.SEE_NOTICES), timezone.now()
    stays = bounced_stays(planteles, now=now)
    page = Paginator(stays, PAGE).get_page(request.GET.get("pagina"))
    rows = [_row(stay) for stay in page.object_list]
    context = {"page_obj": page, "rows": rows, "has_planteles": len(planteles) > 1}
    return render(request, "followup/bounced.html", context)


def _row(stay: "ReachableStay") -> dict[str, Any]:
    return {
        "stay": stay,
        "may_write": stay.is_overdue and may_write(stay),
        "is_for_paper": stay.is_overdue and stay.channel == ReminderChannel.PAPER,
    }
