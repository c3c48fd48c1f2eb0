"""What was sent to whom, in which state, as the person sees it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from common.transitions import TransitionNotAllowed
from notices.actions import send_again
from notices.queries import notices_for
from notices.render import preview_body, preview_subject, sender_of, words_for
from notices.states import NoticeState
from school.access import Ability, staff_page

PAGE = 50


@require_GET
@staff_page(Ability.SEE_NOTICES)
def list_notices(request: HttpRequest) -> HttpResponse:
    """The planteles' notices, newest first, by state."""
    state = request.GET.get("estado", "")
    notices = notices_for(request.user)
    if state in NoticeState.values:
        notices = notices.filter(state=state)
    page = Paginator(notices, PAGE).get_page(request.GET.get("pagina"))
    return render(
        request,
        "notices/list.html",
        {"page_obj": page, "states": NoticeState.choices, "state": state},
    )


@require_GET
@staff_page(Ability.SEE_NOTICES)
def show_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """One notice as its reader sees it, secrets blanked."""
    notice = get_object_or_404(notices_for(request.user), public_id=public_id)
    words = words_for([notice])
    return render(
        request,
        "notices/show.html",
        {
            "notice": notice,
            "subject": preview_subject(notice, words),
            "sender": sender_of(notice),
            "paragraphs": preview_body(notice, words).split("\n\n"),
            "back_url": reverse("notices:list"),
        },
    )


@require_POST
@staff_page(Ability.SEE_NOTICES)
def send_notice_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Queue a failed notice once more."""
    notice = get_object_or_404(notices_for(request.user), public_id=public_id)
    try:
        copy = send_again(notice, now=timezone.now())
    except TransitionNotAllowed as refused:
        messages.error(request, refused.sentence)
        return redirect("notices:show", notice.public_id)
    messages.success(request, "El aviso quedó otra vez en espera.")
    return redirect("notices:show", copy.public_id)
