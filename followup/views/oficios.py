"""C-05: oficios to the Subdelegación: made with a preview, printed, delivered, changed or cancelled."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.uploads import Kind
from followup.actions.errors import REFUSALS
from followup.actions.oficios import (
    cancel_oficio,
    change_oficio,
    deliver_oficio,
    make_oficio,
    print_oficio,
    take_list,
)
from followup.forms.oficios import OficioForm
from followup.models import Escalation, Oficio
from followup.queries.escalations import cases_to_ask, complete, escalations_for, still_asked
from followup.queries.oficios import (
    cases_in,
    oficios_for,
    row_of,
    with_counts,
)
from school.access import Ability, SignedInRequest, require, staff_page
from school.models import Plantel
from school.queries.scope import all_planteles, asked_plantel, working_planteles

PAGE = 50
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@staff_page(Ability.SEE_REPORTS)
def list_oficios(request: SignedInRequest) -> HttpResponse:
    """The oficios of the planteles, newest first."""
    planteles = working_planteles(request, Ability.SEE_REPORTS)
    oficios = with_counts(oficios_for(request.user).filter(plantel__in=planteles))
    page = Paginator(oficios, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "followup/oficios.html", {"page_obj": page})


@read_or_send
@staff_page(Ability.HANDLE_REPORT)
def write_oficio(request: SignedInRequest) -> HttpResponse:
    """«Hacer oficio»: choose, look at it, make it."""
    plantel = asked_plantel(request, Ability.HANDLE_REPORT)
    cases = _ready(request, plantel)
    form = _form(request, plantel, cases)
    if _is_settled(request, form):
        oficio = _made(request, form, plantel)
        if oficio is not None:
            return redirect("followup:oficio", oficio.public_id)
    planteles = all_planteles(request, Ability.HANDLE_REPORT)
    context = _writing(form, plantel) | {"planteles": planteles}
    return render(request, "followup/oficio_form.html", context)


@read_or_send
@staff_page(Ability.HANDLE_REPORT)
def rewrite_oficio(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Cambiar»: the same form; a new version of the letter takes the former's place."""
    oficio = oficio_to_handle(request, public_id)
    kept = _complete(still_asked(cases_in(oficio)).select_related("report__enrollment__student"))
    cases = [*kept, *_ready(request, oficio.plantel)]
    initial = {
        "subdelegacion": oficio.subdelegacion_id,
        "cases": [case.report.folio for case in kept],
    }
    form = _form(request, oficio.plantel, cases, initial=initial)
    if _is_settled(request, form) and _changed(request, form, oficio):
        return redirect("followup:oficio", public_id)
    context = _writing(form, oficio.plantel) | {"oficio": oficio}
    return render(request, "followup/oficio_form.html", context)


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def reprint_oficio(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Imprimir»: the same folio."""
    oficio = oficio_to_handle(request, public_id)
    try:
        job = print_oficio(oficio, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return redirect("followup:oficio", public_id)
    return redirect("papers:show_print_job", job.public_id)


@require_safe
@staff_page(Ability.HANDLE_REPORT)
def download_oficio_list(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The rows that wait for an answer, with empty columns for it; who took it is written down."""
    oficio = oficio_to_handle(request, public_id)
    sheet = take_list(oficio, by=request.user, now=timezone.now())
    response = HttpResponse(sheet, content_type=Kind.XLSX.content_type)
    name = f"{oficio.paper.folio}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def mark_delivered(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Marcar como entregado»."""
    oficio = oficio_to_handle(request, public_id)
    return _do(request, oficio, deliver_oficio, "Oficio {folio} entregado.")


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def call_off_oficio(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Cancelar el oficio»."""
    oficio = oficio_to_handle(request, public_id)
    said = "Oficio {folio} cancelado. Sus casos pueden ir en otro."
    return _do(request, oficio, cancel_oficio, said)


def oficio_to_handle(request: SignedInRequest, public_id: str) -> Oficio:
    """Return an oficio that the person may work on; Http404 or PermissionDenied otherwise."""
    oficio = get_object_or_404(oficios_for(request.user), public_id=public_id)
    require(request.user, Ability.HANDLE_REPORT, oficio.plantel)
    return oficio


def _do(request: SignedInRequest, oficio: Oficio, action: Any, said: str) -> HttpResponse:
    try:
        action(oficio, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, said.format(folio=oficio.paper.folio))
    return redirect("followup:oficio", oficio.public_id)


def _ready(request: SignedInRequest, plantel: Plantel) -> list[Escalation]:
    return _complete(cases_to_ask(escalations_for(request.user).filter(plantel=plantel)))


def _complete(cases: QuerySet[Escalation]) -> list[Escalation]:
    return complete(cases.select_related("report__enrollment__data"))


def _form(
    request: SignedInRequest, plantel: Plantel, cases: Sequence[Escalation], **options: Any
) -> OficioForm:
    posted = request.POST if request.method == "POST" else None
    return OficioForm(posted, plantel=plantel, cases=cases, **options)


def _is_settled(request: SignedInRequest, form: OficioForm) -> bool:
    """Whether the choice was looked at: the first press only shows what the letter will say."""
    return form.is_valid() and "hacer" in request.POST


def _made(request: SignedInRequest, form: OficioForm, plantel: Plantel) -> Oficio | None:
    office = form.cleaned_data["subdelegacion"]
    try:
        return make_oficio(
            plantel, form.chosen(), subdelegacion=office, by=request.user, now=timezone.now()
        )
    except REFUSALS as refusal:
        form.add_error("cases", refusal.sentence)
        return None


def _changed(request: SignedInRequest, form: OficioForm, oficio: Oficio) -> bool:
    office = form.cleaned_data["subdelegacion"]
    try:
        change_oficio(
            oficio, form.chosen(), subdelegacion=office, by=request.user, now=timezone.now()
        )
    except REFUSALS as refusal:
        form.add_error("cases", refusal.sentence)
        return False
    return True


def _writing(form: OficioForm, plantel: Plantel) -> dict[str, Any]:
    is_previewed = form.is_bound and form.is_valid()
    rows = [row_of(case.report.enrollment) for case in form.chosen()] if is_previewed else []
    return {"form": form, "plantel": plantel, "rows": rows}
