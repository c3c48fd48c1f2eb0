"""The plantel's renuncias: the list, its sheets printed as one lot, and those received that came back signed."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from papers.models import PrintJob
from renuncias import actions
from renuncias.actions.errors import REFUSALS
from renuncias.forms.staff import RenunciaFilterForm, RenunciaSearchForm
from renuncias.models import Renuncia
from renuncias.queries.lists import (
    FILTERS,
    RenunciaFilter,
    counts_by_plantel,
    groups_of,
    renuncia_list,
)
from renuncias.queries.renuncias import renuncias_for
from school.access import Ability, SignedInRequest, abilities_of, staff_page
from school.queries.scope import working_planteles

PAGE = 50
CHOSEN, ALL = "elegida", "todas"
"""In the form of a list: the name of each ticked row, and of the button that means all of the filter."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.COUNT_RENUNCIAS)
def list_renuncias(request: SignedInRequest) -> HttpResponse:
    """The renuncias of one's planteles; the subsystem's people see how many."""
    if Ability.REGISTER_RENUNCIA not in abilities_of(request.user):
        return _count(request)
    renuncias = in_scope(request)
    groups = groups_of(renuncias)
    wanted = _wanted(request, groups)
    page = Paginator(renuncia_list(renuncias, wanted), PAGE).get_page(request.GET.get("pagina"))
    context = {"page_obj": page, "wanted": wanted, "ticks_page": "marcar" in request.GET}
    return render(request, "renuncias/list.html", context | _forms(wanted, groups))


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def print_renuncias(request: SignedInRequest) -> HttpResponse:
    """«Imprimir»: the ticked ones, or all of the filter, as one lot."""
    renuncias = in_scope(request)
    wanted = _wanted(request, groups_of(renuncias))
    rows = renuncia_list(renuncias, wanted)
    if ALL not in request.POST:
        rows = rows.filter(public_id__in=request.POST.getlist(CHOSEN))
    return printed(
        request, actions.print_renuncias, list(rows), wanted.group, back_url=_list_url(wanted)
    )


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def receive_renuncias(request: SignedInRequest) -> HttpResponse:
    """«Marcar como recibidas» the ticked ones, once they were counted and confirmed."""
    renuncias = in_scope(request)
    wanted = _wanted(request, groups_of(renuncias))
    chosen = renuncias.filter(public_id__in=request.POST.getlist(CHOSEN))
    rows = list(renuncia_list(chosen, RenunciaFilter()))
    if rows and "confirmado" not in request.POST:
        context = {"rows": rows, "wanted": wanted, "back_url": _list_url(wanted)}
        return render(request, "renuncias/receive.html", context)
    _say_received(request, rows)
    return redirect(_list_url(wanted))


def _say_received(request: SignedInRequest, rows: list[Renuncia]) -> None:
    if not rows:
        messages.error(request, "Marcar primero las renuncias cuya hoja firmada ya se tiene")
        return
    refused = actions.receive_renuncias(rows, by=request.user, now=timezone.now())
    if done := len(rows) - len(refused):
        ending = "" if done == 1 else "s"
        messages.success(request, f"{done} recibida{ending}. Falta revisar y registrar.")
    if refused:
        folios = ", ".join(one.paper.folio for one in refused)
        messages.error(request, f"Ya no esperaban firma, así que siguen como estaban: {folios}")


def in_scope(request: SignedInRequest) -> QuerySet[Renuncia]:
    """Return the renuncias that the person handles where the person works now."""
    planteles = working_planteles(request, Ability.REGISTER_RENUNCIA)
    return renuncias_for(request.user).filter(plantel__in=planteles)


def posted(request: SignedInRequest) -> QueryDict | None:
    """Return what was sent, even when it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def printed(
    request: SignedInRequest,
    order: Callable[..., PrintJob],
    rows: Sequence[Model],
    group: str,
    *,
    back_url: str,
) -> HttpResponse:
    """Order the sheets of these rows and lead to their progress, or back with what to do instead."""
    title = f"Renuncias, grupo {group}" if group else "Renuncias"
    try:
        job = order(rows, title=title, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return redirect(back_url)
    return redirect("papers:show_print_job", job.public_id)


def _list_url(wanted: RenunciaFilter) -> str:
    query = urlencode({"estado": wanted.state, "grupo": wanted.group})
    return f"{reverse('renuncias:list')}?{query}"


def _count(request: SignedInRequest) -> HttpResponse:
    planteles = list(working_planteles(request, Ability.COUNT_RENUNCIAS))
    return render(request, "renuncias/counts.html", {"rows": counts_by_plantel(planteles)})


def _forms(wanted: RenunciaFilter, groups: list[str]) -> dict[str, Form]:
    chosen = {"estado": wanted.state, "grupo": wanted.group}
    return {
        "form": RenunciaFilterForm(initial=chosen, groups=groups),
        "search_form": RenunciaSearchForm(initial={"q": wanted.typed}),
    }


def _wanted(request: SignedInRequest, groups: list[str]) -> RenunciaFilter:
    """What is asked for; what is on no list is not asked (T24), and an address never names a person (T8)."""
    asked = request.POST if request.method == "POST" else request.GET
    state, group = asked.get("estado", ""), asked.get("grupo", "")
    return RenunciaFilter(
        state=state if state in FILTERS else "",
        group=group if group in groups else "",
        typed=request.POST.get("q", "").strip()[:120],
    )
