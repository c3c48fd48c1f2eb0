"""The signed pile on screen: upload, progress, what was filed, what is left to file by hand, what is missing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.transitions import TransitionNotAllowed
from common.uploads import Refusal, sentence_of
from renuncias.actions.piles import NOT_ALLOWED, PileRefused
from renuncias.actions.piles import discard_page as discard
from renuncias.actions.piles import file_page as file_with
from renuncias.actions.piles import restore_page as restore
from renuncias.actions.piles import upload_pile as upload
from renuncias.forms.piles import FindRenunciaForm, UploadPileForm
from renuncias.models import PilePage, SignedPile
from renuncias.queries.piles import (
    candidates,
    expected_in,
    filed_pages,
    is_open,
    missing_in,
    other_pages,
    pages_to_decide,
    piles_for,
)
from renuncias.states import PageOutcome, PileState
from school.access import Ability, SignedInRequest, staff_page
from school.queries.scope import working_planteles

A_PAGE = 25
SHEETS_A_PAGE = 12
NO_LONGER = "Quien la subió ya no puede archivar renuncias en este plantel. Subirla otra vez"


def _pile_of(request: SignedInRequest, public_id: str) -> SignedPile:
    return get_object_or_404(piles_for(request.user), public_id=public_id)


def _page_of(request: SignedInRequest, public_id: str, number: int) -> PilePage:
    pile = _pile_of(request, public_id)
    page = get_object_or_404(pile.pages.select_related("file__renuncia"), number=number)
    page.pile = pile
    return page


def _posted(request: SignedInRequest) -> tuple[Any, ...]:
    """Return what binds a form: an empty POST binds it too, an ordinary visit does not."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


@staff_page(Ability.REGISTER_RENUNCIA)
@require_safe
def piles(request: SignedInRequest) -> HttpResponse:
    """List the piles of where the person works now."""
    planteles = working_planteles(request, Ability.REGISTER_RENUNCIA)
    found = piles_for(request.user).filter(plantel__in=planteles)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "renuncias/piles.html", {"page_obj": page})


@staff_page(Ability.REGISTER_RENUNCIA)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_pile(request: SignedInRequest) -> HttpResponse:
    """Take the scanned sheets."""
    form = UploadPileForm(*_posted(request), user=request.user)
    if form.is_valid():
        asked, now = form.cleaned_data, timezone.now()
        try:
            pile = upload(
                asked["plantel"], asked["sheets"], lot=asked["lot"], by=request.user, now=now
            )
        except PileRefused as error:
            form.add_error("sheets", error.sentence)
        else:
            if pile.created_at != now:
                messages.info(request, "Esta misma pila ya se había subido: aquí está")
            return redirect("renuncias:show_pile", pile.public_id)
    return render(request, "renuncias/pile_upload.html", {"form": form})


@staff_page(Ability.REGISTER_RENUNCIA)
@require_safe
def show_pile(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show how far a pile is, then what became of its sheets; a page that waits asks again by itself."""
    pile = _pile_of(request, public_id)
    is_waiting = pile.state == PileState.UPLOADED
    if request.htmx and not is_waiting:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.htmx:
        return render(request, "renuncias/_pile_progress.html", {"pile": pile})
    context = {"pile": pile, "is_waiting": is_waiting} | _sheets(request, pile)
    return render(request, "renuncias/pile.html", context)


def _sheets(request: SignedInRequest, pile: SignedPile) -> dict[str, Any]:
    page = Paginator(pages_to_decide(pile), SHEETS_A_PAGE).get_page(request.GET.get("pagina"))
    return {
        "page_obj": page,
        "filed": list(filed_pages(pile)),
        "missing": list(missing_in(pile)),
        "discarded": list(other_pages(pile, PageOutcome.SET_ASIDE)),
        "blank": list(other_pages(pile, PageOutcome.BLANK)),
        "failure": _failure(pile),
    }


def _failure(pile: SignedPile) -> str:
    if pile.state != PileState.FAILED:
        return ""
    return (
        NO_LONGER if pile.failure == NOT_ALLOWED else sentence_of(Refusal(pile.failure), pile=True)
    )


@staff_page(Ability.REGISTER_RENUNCIA)
@require_http_methods(["GET", "HEAD", "POST"])
def show_pile_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Show one sheet beside the renuncias it may be; a search is sent, so that no name stands in an address."""
    page = _page_of(request, public_id, number)
    form = FindRenunciaForm(*_posted(request))
    typed = form.cleaned_data["typed"] if form.is_valid() else ""
    context = {
        "pile": page.pile,
        "page": page,
        "is_open": is_open(page),
        "form": form,
        "typed": typed,
        "found": candidates(page.pile, typed),
    }
    return render(request, "renuncias/pile_page.html", context)


@staff_page(Ability.REGISTER_RENUNCIA)
@require_POST
def file_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """File a sheet with the chosen renuncia."""
    page = _page_of(request, public_id, number)
    chosen = request.POST.get("renuncia", "")
    renuncia = get_object_or_404(expected_in(page.pile.plantel), public_id=chosen)
    try:
        file_with(page, renuncia, by=request.user, now=timezone.now())
    except TransitionNotAllowed as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, f"Se archivó con el folio {renuncia.paper.folio}")
    return redirect("renuncias:show_pile", page.pile.public_id)


@staff_page(Ability.REGISTER_RENUNCIA)
@require_POST
def discard_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Put a sheet away that belongs to no renuncia."""
    page = _page_of(request, public_id, number)
    try:
        discard(page, by=request.user, now=timezone.now())
    except TransitionNotAllowed as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, f"Se descartó la hoja {page.number}. Abajo se puede recuperar")
    return redirect("renuncias:show_pile", page.pile.public_id)


@staff_page(Ability.REGISTER_RENUNCIA)
@require_POST
def restore_page(request: SignedInRequest, public_id: str, number: int) -> HttpResponse:
    """Bring a discarded sheet back."""
    page = _page_of(request, public_id, number)
    try:
        restore(page)
    except TransitionNotAllowed as error:
        messages.error(request, error.sentence)
    return redirect("renuncias:show_pile", page.pile.public_id)
