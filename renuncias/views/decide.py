"""One renuncia at the window: what it says, the signed sheet, and the verbs that are left."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from papers.folio import folios_typed
from renuncias import actions
from renuncias.actions.errors import REFUSALS
from renuncias.forms.staff import AcceptForm, EndForm
from renuncias.models import Renuncia
from renuncias.queries.answers import answers_of
from renuncias.queries.lists import next_to_review
from renuncias.queries.own import lines_of
from renuncias.queries.renuncias import may_be_undone, renuncias_for
from renuncias.queries.sheet import issued_sheet
from renuncias.states import RenunciaState
from renuncias.views.lists import in_scope
from school.access import Ability, SignedInRequest, staff_page

Verb = Callable[..., Renuncia]


@require_safe
@staff_page(Ability.REGISTER_RENUNCIA)
def show_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What it says, who did what when, and the signed sheet where it was scanned."""
    return _show(request, _renuncia_or_404(request, public_id))


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def receive_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Marcar como recibida»."""
    return _received(request, _renuncia_or_404(request, public_id))


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def receive_by_folio(request: SignedInRequest) -> HttpResponse:
    """«Marcar como recibida» from the sheet's own QR: the folio comes in the body, never in the address."""
    folios = folios_typed(request.POST.get("folio", ""))
    renuncia = renuncias_for(request.user).filter(paper__folio__in=folios).first()
    if renuncia is None:
        raise Http404
    return _received(request, renuncia)


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def accept_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar», and on to the next one that waits."""
    renuncia = _renuncia_or_404(request, public_id)
    form = _accept_form(renuncia, request.POST)
    if not form.is_valid():
        return _show(request, renuncia, accept_form=form)
    verb = partial(actions.accept_renuncia, motive=form.cleaned_data.get("motive", ""))
    if not _do(request, verb, renuncia):
        return redirect("renuncias:show", public_id)
    following = next_to_review(in_scope(request)) or renuncia
    return redirect(f"{reverse('renuncias:show', args=[following.public_id])}?antes={public_id}")


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def undo_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Deshacer» the last step."""
    if _do(request, actions.undo_renuncia, _renuncia_or_404(request, public_id)):
        messages.success(request, "Se deshizo el último paso.")
    return redirect("renuncias:show", public_id)


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def void_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Anular», before it is registered."""
    return _ended(request, actions.void_renuncia, _renuncia_or_404(request, public_id))


@require_POST
@staff_page(Ability.REGISTER_RENUNCIA)
def revoke_renuncia(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Cancelar» a registered one: the student is in the trámite again."""
    return _ended(request, actions.revoke_renuncia, _renuncia_or_404(request, public_id))


def _renuncia_or_404(request: SignedInRequest, public_id: str) -> Renuncia:
    found = renuncias_for(request.user).select_related(
        "enrollment__student", "enrollment__plantel", "plantel", "paper__text", "scan"
    )
    return get_object_or_404(found, public_id=public_id)


def _do(request: SignedInRequest, verb: Verb, renuncia: Renuncia) -> bool:
    """Whether the action was done; what it refused is said on the next page."""
    try:
        verb(renuncia, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return False
    return True


def _received(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    if _do(request, actions.receive_renuncia, renuncia):
        messages.success(request, "Recibida. Falta revisarla y registrarla.")
    return redirect("renuncias:show", renuncia.public_id)


def _ended(request: SignedInRequest, verb: Verb, renuncia: Renuncia) -> HttpResponse:
    form = _end_form(renuncia, request.POST)
    if not form.is_valid():
        return _show(request, renuncia, end_form=form)
    if _do(request, partial(verb, reason=form.cleaned_data["reason"]), renuncia):
        messages.success(request, "Hecho. El estudiante lo lee en su correo y en «Mi trámite».")
    return redirect("renuncias:show", renuncia.public_id)


def _accept_form(renuncia: Renuncia, posted: QueryDict | None = None) -> AcceptForm:
    return AcceptForm(posted, is_blank=not renuncia.motive, public_id=renuncia.public_id)


def _end_form(renuncia: Renuncia, posted: QueryDict | None = None) -> EndForm:
    is_registered = renuncia.state == RenunciaState.ACCEPTED
    name, submit = ("revoke", "Cancelar la renuncia") if is_registered else ("void", "Anular")
    action = reverse(f"renuncias:{name}", args=[renuncia.public_id])
    return EndForm(posted, submit=submit, action=action)


def _show(request: SignedInRequest, renuncia: Renuncia, **forms: Form) -> HttpResponse:
    now = timezone.now()
    left = renuncias_for(request.user).select_related("enrollment__student")
    before = left.filter(public_id=request.GET.get("antes", "")).first()
    context = {
        "renuncia": renuncia,
        "lines": lines_of(answers_of(renuncia)),
        "sheet": issued_sheet(renuncia),
        "printed": renuncia.printed,
        "may_undo": may_be_undone(renuncia, now=now),
        "before": before if before is not None and may_be_undone(before, now=now) else None,
        "accept_form": _accept_form(renuncia),
        "end_form": _end_form(renuncia),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "renuncias/show.html", context | forms)
