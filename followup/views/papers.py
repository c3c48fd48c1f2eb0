"""C-11: papers for groups, ordered here and drawn by the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from followup.actions.papers import (
    order_citatorios,
    order_group_lists,
    order_guide,
    order_renuncias,
)
from followup.forms.papers import GroupsForm
from followup.queries.papers import GroupSheets, groups_to_list, groups_to_sign, groups_to_summon
from papers.models import PrintJob
from renuncias.actions.errors import REFUSALS
from school.access import Ability, SignedInRequest, fresh_for, staff_page
from school.models import Plantel
from school.queries.scope import all_planteles, working_planteles
from school.states import Role


@dataclass(frozen=True)
class Kind:
    """One paper for groups: what it is called, whom it is for, and how it is ordered."""

    title: str
    about: str
    groups: Callable[[Plantel, datetime], list[GroupSheets]]
    order: Callable[..., PrintJob]


KINDS = {
    "renuncias": Kind(
        "Imprimir renuncias",
        "Una hoja por cada renuncia expedida que falta firmar. La que ya se imprimió sale con el mismo folio y dice "
        "«Reimpresión».",
        lambda plantel, now: groups_to_sign(plantel),
        order_renuncias,
    ),
    "citatorios": Kind(
        "Imprimir citatorios",
        "Una hoja para la mamá, el papá o el tutor de cada estudiante con el plazo vencido a quien no le llega "
        "correo ni WhatsApp. Quien ya tiene citatorio recibe la misma hoja, con el mismo folio.",
        lambda plantel, now: groups_to_summon(plantel, now=now),
        order_citatorios,
    ),
    "listas": Kind(
        "Imprimir listas de grupo",
        "Matrícula y nombre, con columnas para palomear: sin CURP y sin NSS. La lista nueva reemplaza a la anterior.",
        lambda plantel, now: groups_to_list(plantel),
        order_group_lists,
    ),
}


@staff_page(Ability.PRINT_PAPERS)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def print_for_groups(request: SignedInRequest, kind: str) -> HttpResponse:
    """Choose groups and order their sheets; the guide is the same for everybody."""
    plantel = _plantel_of(request)
    if kind == "guia":
        return _print_guide(request, plantel)
    if kind not in KINDS:
        raise Http404
    return _print_kind(request, plantel, KINDS[kind])


def _plantel_of(request: SignedInRequest) -> Plantel:
    """Return the plantel asked for, else the first of those in which the person works now."""
    allowed = all_planteles(request, Ability.PRINT_PAPERS)
    asked = request.GET.get("plantel")
    where = (
        allowed.filter(number=asked) if asked else working_planteles(request, Ability.PRINT_PAPERS)
    )
    plantel = where.first()
    if plantel is None:
        raise Http404
    return plantel


def _print_guide(request: SignedInRequest, plantel: Plantel) -> HttpResponse:
    if request.method == "POST":
        job = order_guide(plantel, by=request.user, now=timezone.now())
        return redirect("papers:show_print_job", job.public_id)
    return render(request, "followup/print_guide.html", {"plantel": plantel})


def _print_kind(request: SignedInRequest, plantel: Plantel, kind: Kind) -> HttpResponse:
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = GroupsForm(posted, groups=kind.groups(plantel, now))
    job = _ordered(form, plantel, kind, request, now) if form.is_valid() else None
    if job is not None:
        return redirect("papers:show_print_job", job.public_id)
    context = {
        "form": form,
        "kind": kind,
        "plantel": plantel,
        "planteles": all_planteles(request, Ability.PRINT_PAPERS),
    }
    return render(request, "followup/print_for_groups.html", context)


def _ordered(
    form: forms.Form, plantel: Plantel, kind: Kind, request: SignedInRequest, now: datetime
) -> PrintJob | None:
    try:
        return kind.order(plantel, **form.cleaned_data, by=request.user, now=now)
    except REFUSALS as error:
        form.add_error("groups", error.sentence)
        return None
