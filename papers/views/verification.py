"""«¿Es auténtico?»: what anybody is told who holds a sheet of ours, and not a word about whom it is for."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from papers.actions.verification import TooManyGuesses, look_up_paper
from papers.forms import FindPaperForm
from papers.models import Paper
from papers.queries import paper_by_code, paper_by_token
from papers.states import PaperKind, PaperState
from school.access import Ability, may
from school.visitors import address_of

Answer = Callable[[Paper], HttpResponse]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find_paper(request: HttpRequest) -> HttpResponse:
    """Folio and code typed by hand; what was typed stands in no address."""
    posted = request.POST if request.method == "POST" else None
    form = FindPaperForm(posted, action=request.path)
    if not form.is_valid():
        return render(request, "papers/find_paper.html", {"form": form})
    typed = form.cleaned_data
    return _looked_up(
        request,
        lambda: paper_by_code(typed["folio"], typed["code"]),
        lambda paper: redirect("papers:show_paper", paper.token),
    )


@login_not_required
@require_safe
def show_paper(request: HttpRequest, token: str) -> HttpResponse:
    """What the QR opens; who registers renuncias in that plantel is offered to receive a signed one."""
    return _looked_up(
        request,
        lambda: paper_by_token(token),
        lambda paper: render(
            request,
            "papers/paper.html",
            {"paper": paper, "may_receive": _may_receive(request, paper)},
        ),
    )


def _looked_up(
    request: HttpRequest, find: Callable[[], Paper | None], answer: Answer
) -> HttpResponse:
    """One answer for every token, folio and code that is not ours."""
    try:
        paper = look_up_paper(find, address=address_of(request), now=timezone.now())
    except TooManyGuesses:
        return render(request, "429.html", status=429)
    if paper is None:
        form = FindPaperForm(action=reverse("papers:find_paper"))
        return render(request, "papers/unknown_paper.html", {"form": form}, status=404)
    return answer(paper)


def _may_receive(request: HttpRequest, paper: Paper) -> bool:
    is_expected = paper.kind == PaperKind.RENUNCIA and paper.state == PaperState.VALID
    return is_expected and may(request.user, Ability.REGISTER_RENUNCIA, paper.plantel)
