"""C-06: one batch with its movements: sent; what IMSS answered, ticked or read from the list; taken back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from affiliation.actions.answer_lists import (
    NO_LIST,
    drop_list,
    keep_list,
    read_answers,
    register_list,
)
from affiliation.actions.answers import answer_movements, undo_answer
from affiliation.actions.batches import send_batch
from affiliation.actions.errors import REFUSALS
from affiliation.actions.work import correct_movement
from affiliation.forms.batches import AnswerForm, SendForm
from affiliation.models import Batch, Movement
from affiliation.queries.answers import Reply, answers_of, list_of, reply_to
from affiliation.queries.batches import gone_from, movements_of, of_same_delivery, with_counts
from affiliation.queries.frozen import is_profile_outdated, outdated_in
from affiliation.states import BatchState, MovementKind, MovementState
from affiliation.views.batches import FILES, PAGE, batch_of, do
from school.access import Ability, SignedInRequest, staff_page
from students.forms.tables import AnswersFileForm
from students.views.tables import answers_in_file

FILTERS = {
    "en-espera": (MovementState.IN_BATCH, "En espera"),
    "aplicados": (MovementState.APPLIED, "Aplicados"),
    "rechazados": (MovementState.REJECTED, "Rechazados"),
}


REJECTIONS = "rechazos"
WORDS: dict[str, str] = {kind: word for word, (kind, _) in FILES.items()}


@require_safe
@staff_page(Ability.AFFILIATE)
def show_batch(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The batch: its files, where each of its students stands, and what is to be done next."""
    batch = batch_of(request, public_id)
    return _show(request, batch, AnswerForm(waiting=()))


@require_POST
@staff_page(Ability.AFFILIATE)
def send(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Marcar como enviado al IMSS»."""
    batch = batch_of(request, public_id)
    form = _send_form(batch, _changed_since(batch), request.POST)
    if not form.is_valid():
        return _show(request, batch, AnswerForm(waiting=()), send_form=form)
    said = "Lote {folio} enviado. Cuando el IMSS responda, registrar aquí sus respuestas."
    return do(request, batch, send_batch, said, **form.cleaned_data)


@require_POST
@staff_page(Ability.AFFILIATE)
def answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar las respuestas»: of the ticked, or of all that wait; all of them or none."""
    batch = batch_of(request, public_id)
    form = AnswerForm(request.POST, waiting=_waiting(batch))
    if not form.is_valid():
        return _show(request, batch, form)
    answers = form.answers()
    said = f"{_words(len(answers))} en el lote {{folio}}."
    return do(request, batch, answer_movements, said, answers=answers)


@require_POST
@staff_page(Ability.AFFILIATE)
def import_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Leer las respuestas»: what the list says is kept to look at; nothing is registered yet."""
    batch = batch_of(request, public_id)
    form = _file_form(batch, request)
    answers = answers_in_file(form, read_answers)
    if answers is None:
        return _show(request, batch, AnswerForm(waiting=()), file_form=form)
    keep_list(batch, answers, by=request.user, now=timezone.now())
    return redirect("affiliation:review_answers", public_id)


@require_safe
@staff_page(Ability.AFFILIATE)
def review_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What the list that the person had read would do."""
    batch = batch_of(request, public_id)
    kept = list_of(batch, request.user)
    if kept is None:
        messages.info(request, NO_LIST)
        return redirect("affiliation:show_batch", public_id)
    return _show_reply(request, batch, reply_to(batch, answers_of(kept)))


@require_POST
@staff_page(Ability.AFFILIATE)
def register_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar» the answers of the list as they were looked at; all of them or none."""
    batch = batch_of(request, public_id)
    seen = request.POST.get("seen", "")
    try:
        count = register_list(batch, seen=seen, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        page = "review_answers" if list_of(batch, request.user) else "show_batch"
        return redirect(f"affiliation:{page}", public_id)
    messages.success(request, f"{_words(count)} en el lote {batch.folio}.")
    return redirect("affiliation:show_batch", public_id)


@require_POST
@staff_page(Ability.AFFILIATE)
def drop_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Descartar la lista»: nothing that is registered changes."""
    batch = batch_of(request, public_id)
    drop_list(batch, by=request.user)
    messages.success(
        request, f"Lista descartada. Las respuestas del lote {batch.folio} no cambian."
    )
    return redirect("affiliation:show_batch", public_id)


@require_POST
@staff_page(Ability.AFFILIATE)
def undo(request: SignedInRequest, public_id: str, position: int) -> HttpResponse:
    """«Deshacer la respuesta» of one movement."""
    movement = _movement_of(request, public_id, position)
    said = f"{movement.enrollment.student.full_name} espera otra vez la respuesta del IMSS."
    return _do_one(request, movement, undo_answer, said)


@require_POST
@staff_page(Ability.AFFILIATE)
def correct(request: SignedInRequest, public_id: str, position: int) -> HttpResponse:
    """«Marcar como corregido»: on to the list of the next batch."""
    movement = _movement_of(request, public_id, position)
    said = f"{movement.enrollment.student.full_name} va en el siguiente lote."
    return _do_one(request, movement, correct_movement, said)


def _movement_of(request: SignedInRequest, public_id: str, position: int) -> Movement:
    batch = batch_of(request, public_id)
    return get_object_or_404(movements_of(batch), position=position)


def _do_one(request: SignedInRequest, movement: Movement, action: Any, said: str) -> HttpResponse:
    try:
        action(movement, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said)
    if action is undo_answer:
        return redirect("affiliation:show_batch", movement.batch.public_id)
    word = "altas" if movement.kind == MovementKind.ALTA else "bajas"
    query = urlencode({"plantel": movement.batch.plantel.number})
    return redirect(f"{reverse('affiliation:check_batch', args=[word])}?{query}")


def _waiting(batch: Batch) -> list[str]:
    waiting = movements_of(batch).filter(state=MovementState.IN_BATCH)
    return list(waiting.values_list("reference", flat=True))


def _words(count: int) -> str:
    return "1 respuesta registrada" if count == 1 else f"{count} respuestas registradas"


def _file_form(batch: Batch, request: SignedInRequest | None = None) -> AnswersFileForm:
    posted = (request.POST, request.FILES) if request else ()
    action = reverse("affiliation:import_answers", args=[batch.public_id])
    return AnswersFileForm(*posted, action=action)


def _show_reply(request: SignedInRequest, batch: Batch, reply: Reply) -> HttpResponse:
    asked = request.GET.get("ver", "")
    shown = REJECTIONS if asked == REJECTIONS or not reply.findings else "por-revisar"
    rows = reply.rejections if shown == REJECTIONS else reply.findings
    context = {
        "batch": batch,
        "reply": reply,
        "shown": shown,
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("pagina")),
        "back_url": reverse("affiliation:show_batch", args=[batch.public_id]),
    }
    return render(request, "affiliation/reply.html", context)


def _show(
    request: SignedInRequest,
    batch: Batch,
    form: AnswerForm,
    *,
    file_form: AnswersFileForm | None = None,
    send_form: SendForm | None = None,
) -> HttpResponse:
    batch = with_counts(Batch.objects.filter(pk=batch.pk)).select_related(
        "plantel", "made_by", "sent_by", "answered_by", "discarded_by"
    )[0]
    since = _changed_since(batch)
    state, _ = FILTERS.get(request.GET.get("estado", ""), ("", ""))
    rows = movements_of(batch).filter(**({"state": state} if state else {}))
    context = {
        "batch": batch,
        "files": [(WORDS[one.kind], one) for one in batch.files.defer("content").order_by("pk")],
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("pagina")),
        "filters": FILTERS,
        "same_folio": of_same_delivery(batch),
        "form": form,
        "ticked": form["movements"].value() or (),
        "answer_list": list_of(batch, request.user),
        "file_form": file_form or _file_form(batch),
        "send_form": send_form or _send_form(batch, since),
        "back_url": reverse("affiliation:batches"),
    }
    return render(request, "affiliation/batch.html", context | since)


def _changed_since(batch: Batch) -> dict[str, Any]:
    """What is not any more as it was when the batch was made, while it waits to be sent."""
    if batch.state != BatchState.DRAFT:
        return {}
    return {
        "gone": gone_from(batch),
        "outdated": outdated_in(batch),
        "is_profile_outdated": is_profile_outdated(batch),
    }


def _send_form(batch: Batch, since: Mapping[str, Any], data: QueryDict | None = None) -> SendForm:
    """Once something changed only the folio proves that IMSS has the batch as it was made."""
    action = reverse("affiliation:send_batch", args=[batch.public_id])
    return SendForm(data, action=action, needs_folio=any(since.values()))
