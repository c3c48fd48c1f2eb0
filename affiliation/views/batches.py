"""C-06: the batches of the planteles; one is looked at beforehand, made, discarded, and its files taken."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_POST, require_safe

from affiliation.actions.batches import (
    discard_batch,
    make_batch,
    remake_batch,
    take_file,
    undo_sending,
)
from affiliation.actions.errors import REFUSALS
from affiliation.forms.batches import DayForm, MakeForm
from affiliation.models import Batch, BatchFile
from affiliation.queries.batches import (
    batches_for,
    counts_by_plantel,
    rejected_to_correct,
    to_send_by_plantel,
    with_counts,
)
from affiliation.queries.check import BatchCheck, check_batch
from affiliation.queries.frozen import content_of
from affiliation.states import BatchFileKind, MovementKind
from common.uploads import Kind
from school.access import Ability, SignedInRequest, abilities_of, fresh_for, staff_page
from school.models import Plantel
from school.queries.scope import all_planteles, asked_plantel, working_planteles
from school.states import Role

PAGE = 50
KINDS = {"altas": MovementKind.ALTA, "bajas": MovementKind.BAJA}
FILES = {
    "xlsx": (BatchFileKind.XLSX, Kind.XLSX.content_type),
    "csv": (BatchFileKind.CSV, Kind.CSV.content_type),
    "movimientos": (BatchFileKind.MOVEMENTS, "text/plain"),
}


@require_safe
@staff_page(Ability.COUNT_BATCHES)
def list_batches(request: SignedInRequest) -> HttpResponse:
    """Who waits for a batch, what IMSS rejected, and the batches; to others how many there are."""
    mine = list(working_planteles(request, Ability.AFFILIATE))
    audited = list(working_planteles(request, Ability.AUDIT_BATCHES))
    counted = set(working_planteles(request, Ability.COUNT_BATCHES)) - {*mine, *audited}
    page = Paginator(_batches(mine + audited), PAGE).get_page(request.GET.get("pagina"))
    context = {
        "page_obj": page,
        "to_send": to_send_by_plantel(mine),
        "rejected": Paginator(rejected_to_correct(mine), PAGE).page(1),
        "counts": counts_by_plantel(counted),
        "mine": mine,
        "sees_batches": bool(mine or audited),
        "edits_profiles": Ability.EDIT_PROFILES in abilities_of(request.user),
    }
    return render(request, "affiliation/batches.html", context)


@require_safe
@staff_page(Ability.AFFILIATE)
def review_batch(request: SignedInRequest, kind: str) -> HttpResponse:
    """«Revisión previa»: who is ready, what is wrong with the others, which letters change."""
    plantel = asked_plantel(request, Ability.AFFILIATE)
    found = _check(plantel, kind, _wanted_day(request, plantel))
    return _show_check(request, found, _make_form(found))


@require_POST
@staff_page(Ability.AFFILIATE)
def make(request: SignedInRequest, kind: str) -> HttpResponse:
    """«Hacer el lote» of the list that was looked at."""
    plantel = asked_plantel(request, Ability.AFFILIATE)
    found = _check(plantel, kind, _sent_day(request, plantel))
    form = MakeForm(request.POST, has_changes=bool(found.changes))
    if not form.is_valid():
        return _show_check(request, found, form)
    if batch := _made(request, form, found):
        messages.success(request, f"Lote {batch.folio} hecho. Falta mandarlo al IMSS.")
        return redirect("affiliation:show_batch", batch.public_id)
    found = _check(plantel, kind, found.effective_on)
    return _show_check(request, found, _make_form(found))


@require_safe
@staff_page(Ability.AFFILIATE)
def download_batch_file(request: SignedInRequest, public_id: str, what: str) -> HttpResponse:
    """The frozen bytes, to who proved again who she is; whose data they are is written down."""
    kind, content_type = FILES.get(what, (None, ""))
    file = get_object_or_404(batch_of(request, public_id).files, kind=kind)
    return _hand_over(request, file, content_type)


@fresh_for(Role.RESPONSABLE)
def _hand_over(request: SignedInRequest, file: BatchFile, content_type: str) -> HttpResponse:
    file = take_file(file, by=request.user, now=timezone.now())
    response = HttpResponse(content_of(file), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    return response


@require_POST
@staff_page(Ability.AFFILIATE)
def undo_send(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Deshacer el envío»."""
    said = "El lote {folio} está otra vez por enviar."
    return do(request, batch_of(request, public_id), undo_sending, said)


@require_POST
@staff_page(Ability.AFFILIATE)
def discard(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Descartar el lote»."""
    said = "Lote {folio} descartado. Sus estudiantes esperan el siguiente."
    return do(request, batch_of(request, public_id), discard_batch, said)


@require_POST
@staff_page(Ability.AFFILIATE)
def remake(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Volver a hacer el lote»: without who should no more be in it."""
    said = "Lote {folio} hecho en lugar del anterior."
    return do(request, batch_of(request, public_id), remake_batch, said)


def batch_of(request: SignedInRequest, public_id: str) -> Batch:
    """Return a batch that the person may work on; Http404 otherwise."""
    return get_object_or_404(batches_for(request.user), public_id=public_id)


def do(
    request: SignedInRequest, batch: Batch, action: Callable[..., Batch], said: str, **how: Any
) -> HttpResponse:
    """Do it and lead to the batch, with what was done or why it cannot be."""
    try:
        batch = action(batch, by=request.user, now=timezone.now(), **how)
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said.format(folio=batch.folio))
    return redirect("affiliation:show_batch", batch.public_id)


def _batches(planteles: list[Plantel]) -> Any:
    files = Prefetch("files", BatchFile.objects.defer("content").order_by("kind"))
    batches = Batch.objects.filter(plantel__in=planteles).select_related(
        "plantel", "made_by", "sent_by"
    )
    return with_counts(batches).prefetch_related(files)


def _today(plantel: Plantel) -> date:
    return timezone.localdate(timezone=plantel.zone)


def _wanted_day(request: SignedInRequest, plantel: Plantel) -> date:
    form = DayForm(request.GET)
    return form.cleaned_data["fecha"] if form.is_valid() else _today(plantel)


def _sent_day(request: SignedInRequest, plantel: Plantel) -> date:
    form = DayForm({"fecha": request.POST.get("effective_on")})
    return form.cleaned_data["fecha"] if form.is_valid() else _today(plantel)


def _check(plantel: Plantel, kind: str, day: date) -> BatchCheck:
    if kind not in KINDS:
        raise Http404
    return check_batch(plantel, KINDS[kind], effective_on=day, today=_today(plantel))


def _make_form(found: BatchCheck) -> MakeForm:
    initial = {"seen": found.seen, "effective_on": found.effective_on}
    return MakeForm(initial=initial, has_changes=bool(found.changes))


def _made(request: SignedInRequest, form: MakeForm, found: BatchCheck) -> Batch | None:
    said = form.cleaned_data
    try:
        return make_batch(
            found.plantel,
            MovementKind(found.kind),
            effective_on=said["effective_on"],
            seen=said["seen"],
            are_changes_confirmed=said.get("confirmed", False),
            by=request.user,
            now=timezone.now(),
        )
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return None


def _day_form(found: BatchCheck, word: str) -> DayForm:
    initial = {"fecha": found.effective_on, "plantel": found.plantel.number}
    return DayForm(initial=initial, action=reverse("affiliation:check_batch", args=[word]))


def _show_check(request: SignedInRequest, found: BatchCheck, form: MakeForm) -> HttpResponse:
    shown = "listos" if request.GET.get("ver") == "listos" or not found.problems else "problemas"
    rows = found.ready if shown == "listos" else found.problems
    word = next(word for word, kind in KINDS.items() if kind == found.kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("pagina"))
    where = {"plantel": found.plantel.number, "fecha": found.effective_on.isoformat()}
    context = {
        "check": found,
        "form": form,
        "day_form": _day_form(found, word),
        "planteles": all_planteles(request, Ability.AFFILIATE),
        "page_obj": page,
        "shown": shown,
        "word": word,
        "edits_profiles": Ability.EDIT_PROFILES in abilities_of(request.user),
        "make_url": f"{reverse('affiliation:make_batch', args=[word])}?{urlencode(where)}",
        "back_url": reverse("affiliation:batches"),
    }
    return render(request, "affiliation/check.html", context)
