"""C-02: the review queue, one acuse at a time. Every button is a form and every key presses a button."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nss.actions.errors import REFUSALS
from nss.actions.looks import look_at_acuse
from nss.actions.review import accept_acuse, correct_nss, return_acuse, undo_review
from nss.forms.review import ReturnForm, ReviewedNSSForm, UndoForm
from nss.models import Acuse
from nss.queries.acuses import originals_of
from nss.queries.proven import proven_requests
from nss.queries.queue import not_looked_at, review_queue, review_run, reviewable_acuse
from nss.queries.reasons import reason_words
from nss.states import AcuseState, ReturnReason
from nss.views.case import (
    case_context,
    last_decision,
    queue_context,
    queue_filter,
    queue_query,
    queue_string,
    who_decided,
)
from school.access import (
    Ability,
    SignedInRequest,
    abilities_of,
    planteles_with,
    require,
    staff_page,
)

RUN = "review_since"
_GOING_ON = {"hecho", "sigue", "tras", "antes"}


@require_safe
@staff_page(Ability.REVIEW_ACUSE)
def pick_next(request: SignedInRequest) -> HttpResponse:
    """The next acuse of the queue, past the one named by `tras` (skipped) or before `antes`."""
    if not request.GET.keys() & _GOING_ON:
        request.session[RUN] = timezone.now().isoformat()
    wanted = queue_filter(request)
    free = not_looked_at(review_queue(request.user, wanted), request.user, now=timezone.now())
    chosen = _neighbour(list(free.values_list("public_id", flat=True)), request)
    query = urlencode(queue_query(request, "hecho"))
    if chosen is None:
        return redirect(f"{reverse('nss:review_end')}?{query}")
    return redirect(f"{reverse('nss:review_acuse', args=[chosen])}?{query}")


@require_safe
@staff_page(Ability.SEE_DOCUMENT)
def show_acuse(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One acuse: the page on the left, the comparison and the buttons on the right."""
    acuse = acuse_or_404(request, public_id, Ability.SEE_DOCUMENT)
    return _show(request, acuse)


@require_POST
@staff_page(Ability.REVIEW_ACUSE)
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Aceptar (A)»: the number on the sheet becomes the student's."""
    acuse = acuse_or_404(request, public_id)
    form = ReviewedNSSForm(request.POST)
    if form.is_valid():
        try:
            accept_acuse(acuse, **form.cleaned_data, by=request.user, now=timezone.now())
        except REFUSALS as refused:
            return _refused(request, acuse, form, refused.sentence)
        return _go_on(request, done=acuse)
    return _show(request, acuse, nss_form=form)


@require_POST
@staff_page(Ability.REVIEW_ACUSE)
def correct(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Guardar el NSS corregido»: the number is put right, the decision stays open."""
    acuse = acuse_or_404(request, public_id)
    form = ReviewedNSSForm(request.POST)
    if form.is_valid():
        try:
            correct_nss(acuse, **form.cleaned_data, by=request.user, now=timezone.now())
        except REFUSALS as refused:
            return _refused(request, acuse, form, refused.sentence)
        messages.success(request, "Guardamos el NSS corregido; quedó en el historial")
        return redirect(_address(request, acuse))
    return _show(request, acuse, nss_form=form)


@require_POST
@staff_page(Ability.REVIEW_ACUSE)
def return_to_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Rechazar (R)» with one of the eight reasons; the free one is previewed as the student will read it."""
    acuse = acuse_or_404(request, public_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _show(request, acuse, return_form=form)
    reason = ReturnReason(form.cleaned_data["reason"])
    if reason == ReturnReason.IMSS_DATA_WRONG:
        return redirect(reverse("followup:move_to_case", args=[public_id]) + queue_string(request))
    if reason == ReturnReason.OTHER and not form.cleaned_data["is_previewed"]:
        return _preview_reason(request, acuse, form)
    return _return(request, acuse, form, reason)


@staff_page(Ability.REVIEW_ACUSE)
def undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Deshacer (Z)»: at once within ten seconds, later with a written reason."""
    acuse = acuse_or_404(request, public_id)
    if acuse.return_reason == ReturnReason.IMSS_DATA_WRONG:  # the case is taken back with it
        return redirect("followup:undo_case", public_id, preserve_request=True)
    return take_back(request, acuse, undo_review)


def take_back(request: SignedInRequest, acuse: Acuse, undo: Callable[..., Any]) -> HttpResponse:
    """Undo the decision with that action, or show the page that asks why."""
    form = UndoForm(request.POST if "reason" in request.POST else None)
    is_valid = form.is_valid()
    if request.method == "POST" and (is_valid or not form.is_bound):
        reason = form.cleaned_data["reason"] if is_valid else ""
        try:
            undo(acuse, by=request.user, now=timezone.now(), reason=reason)
        except REFUSALS as refused:
            form = _with_error(form, refused.sentence)
        else:
            return redirect(_address(request, acuse))
    return render(request, "nss/undo.html", {"acuse": acuse, "form": form})


@require_safe
@staff_page(Ability.OPEN_ORIGINAL)
def warn_before_original(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Abrir original»: says what that means before the file as it came is handed out."""
    acuse = acuse_or_404(request, public_id, Ability.OPEN_ORIGINAL)
    back_url = reverse("nss:review_acuse", args=[public_id])
    context = {"acuse": acuse, "files": originals_of(acuse), "back_url": back_url}
    return render(request, "nss/original.html", context)


@require_safe
@staff_page(Ability.REVIEW_ACUSE)
def show_end(request: SignedInRequest) -> HttpResponse:
    """«Terminaste»: what was done, and what comes next."""
    since = datetime.fromisoformat(request.session.get(RUN, timezone.now().isoformat()))
    waiting = review_queue(request.user, queue_filter(request))
    ready = proven_requests(planteles_with(request.user, Ability.REVIEW_ACUSE)).count()
    context = {
        "run": review_run(request.user, since=since),
        "minutes": max(1, round((timezone.now() - since).total_seconds() / 60)),
        "waiting": waiting.count(),
        "free": not_looked_at(waiting, request.user, now=timezone.now()).count(),
        "others": review_queue(request.user).count(),
        "ready": ready,
        "toast": last_decision(request.user, request.GET.get("hecho", ""), now=timezone.now()),
    }
    return render(request, "nss/review_end.html", context)


def acuse_or_404(
    request: SignedInRequest, public_id: str, ability: Ability = Ability.REVIEW_ACUSE
) -> Acuse:
    """Return the acuse, if it lies in the person's planteles; 403 where the role there lacks the ability."""
    acuse = reviewable_acuse(request.user, public_id, Ability.SEE_DOCUMENT)
    if acuse is None:
        raise Http404
    require(request.user, ability, acuse.request.enrollment.plantel)
    return acuse


@transaction.atomic
def _show(request: SignedInRequest, acuse: Acuse, **forms: Any) -> HttpResponse:
    """The page of one acuse; whoever sees the full number is written down, in this transaction."""
    now, user = timezone.now(), request.user
    plantel = acuse.request.enrollment.plantel
    granted = abilities_of(user, plantel)
    abilities = {
        "sees_nss": Ability.SEE_FULL_NSS in granted,
        "may_review": Ability.REVIEW_ACUSE in granted,
        "may_open_original": Ability.OPEN_ORIGINAL in granted,
    }
    context = case_context(request, acuse, abilities=abilities, now=now)
    if abilities["sees_nss"]:
        look_at_acuse(acuse, by=user, now=now)
    if abilities["may_review"]:
        since = request.session.get(RUN, now.isoformat())
        context |= queue_context(request, user, since=datetime.fromisoformat(since))
    context |= {"toast": last_decision(user, request.GET.get("hecho", ""), now=now)}
    context |= {"query_string": queue_string(request)} | forms
    return render(request, "nss/review.html", context)


def _refused(
    request: SignedInRequest, acuse: Acuse, form: ReviewedNSSForm, sentence: str
) -> HttpResponse:
    """Somebody was faster: say who and go on. Otherwise the same page, with what to put right."""
    if _is_decided(acuse):
        return _too_late(request, acuse)
    form.add_error("nss", sentence)
    return _show(request, acuse, nss_form=form)


def _is_decided(acuse: Acuse) -> bool:
    acuse.refresh_from_db(fields=["state"])
    return acuse.state != AcuseState.RECEIVED


def _too_late(request: SignedInRequest, acuse: Acuse) -> HttpResponse:
    messages.info(request, who_decided(acuse, now=timezone.now()))
    return _go_on(request)


def _return(
    request: SignedInRequest, acuse: Acuse, form: ReturnForm, reason: ReturnReason
) -> HttpResponse:
    note = form.cleaned_data["note"] if reason == ReturnReason.OTHER else ""
    try:
        return_acuse(acuse, reason=reason, note=note, by=request.user, now=timezone.now())
    except REFUSALS as refused:
        if _is_decided(acuse):
            return _too_late(request, acuse)
        form.add_error(None, refused.sentence)
        return _show(request, acuse, return_form=form)
    return _go_on(request, done=acuse)


def _preview_reason(request: SignedInRequest, acuse: Acuse, form: ReturnForm) -> HttpResponse:
    words = reason_words(ReturnReason.OTHER, form.cleaned_data["note"])
    context = {
        "acuse": acuse,
        "words": words,
        "note": form.cleaned_data["note"],
        "query_string": queue_string(request),
        "back_url": _address(request, acuse),
    }
    return render(request, "nss/return_preview.html", context)


def _with_error(form: UndoForm, sentence: str) -> UndoForm:
    bound = form if form.is_bound else UndoForm({"reason": ""})
    bound.is_valid()
    bound.errors.clear()
    bound.add_error("reason", sentence)
    return bound


def _go_on(request: SignedInRequest, *, done: Acuse | None = None) -> HttpResponse:
    """Auto-advance: the next of the queue, with the toast of what was just done."""
    query = queue_query(request) | ({"hecho": done.public_id} if done else {"sigue": "1"})
    return redirect(f"{reverse('nss:review')}?{urlencode(query)}")


def _address(request: SignedInRequest, acuse: Acuse) -> str:
    return reverse("nss:review_acuse", args=[acuse.public_id]) + queue_string(request)


def _neighbour(queue: list[str], request: SignedInRequest) -> str | None:
    """Which of the queue comes next: after the skipped one, before the one gone back from, or the first."""
    skipped, left = request.GET.get("tras"), request.GET.get("antes")
    if left in queue:
        return queue[max(0, queue.index(left) - 1)]
    if skipped in queue:
        return queue[(queue.index(skipped) + 1) % len(queue)]
    return queue[0] if queue else None
