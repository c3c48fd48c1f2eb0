"""E-15: the student asks for a renuncia, prints it, and may change his mind."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from papers.models import PrintJob
from papers.queries import own_pdf
from papers.states import PaperKind
from papers.views.own import hand_out_own_pdf, show_own_pdf
from renuncias import actions
from renuncias.actions.errors import REFUSALS
from renuncias.forms.own import FORMS, AnswerForm, MotiveForm
from renuncias.models import Renuncia
from renuncias.queries.answers import (
    QUESTIONS,
    Answers,
    Question,
    answers_known,
    answers_of,
    final_answers,
    missing_answer,
)
from renuncias.queries.own import lines_of, question_after, question_before
from renuncias.queries.renuncias import hand_in_place, open_renuncia
from renuncias.queries.sheet import day_of, issued_sheet, needs_guardian, printed_words, sheet_of
from renuncias.states import RenunciaState
from renuncias.views.lists import posted
from school.access import SignedInRequest
from school.queries.texts import current_text
from school.states import TextKind
from students.access import is_open, student_page
from students.models import Enrollment

View = Callable[..., HttpResponse]

DRAFT = "renuncia"
"""Where the login session keeps the answers until the renuncia is asked for."""


def renuncia_page(view: View) -> View:
    """Guard a page about the student's renuncia and hand it over; without one, to «Mi trámite»."""

    @student_page
    @wraps(view)
    def guarded(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
        renuncia = open_renuncia(enrollment)
        if renuncia is None:
            return redirect("followup:my_steps")
        renuncia.enrollment = enrollment
        return view(request, renuncia)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def start(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """E-15.1 ¿Seguro que no necesitas el seguro?"""
    if not _may_ask(enrollment):
        return redirect("followup:my_steps")
    draft = _draft(request, enrollment)
    form = MotiveForm(posted(request), initial=draft)
    if form.is_valid():
        _keep(request, draft | form.cleaned_data)
        return _go_on(form.cleaned_data["motive"], "")
    return render(request, "renuncias/start.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def answer(request: SignedInRequest, enrollment: Enrollment, question: str) -> HttpResponse:
    """One question about the other cover."""
    draft = _draft(request, enrollment)
    motive, asked = draft.get("motive", ""), _asked(question)
    if not _may_ask(enrollment) or asked not in QUESTIONS.get(motive, ()):
        return redirect("renuncias:start")
    form = _form(asked, request, enrollment, draft)
    if form.is_valid():
        _keep(request, draft | form.cleaned_data)
        return _go_on(motive, asked)
    context = {"form": form, "back_url": _back(motive, asked)}
    return render(request, "renuncias/answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_page
def check(request: SignedInRequest, enrollment: Enrollment) -> HttpResponse:
    """The form as it will be printed; «Pedir mi renuncia»."""
    answers = final_answers(_draft(request, enrollment))
    is_asked = request.method == "POST"
    if missing_answer(answers) or not (is_asked or _may_ask(enrollment)):
        return redirect("renuncias:start")
    if is_asked:
        return _asked_for(request, enrollment, answers)
    return render(request, "renuncias/check.html", _preview(enrollment, answers))


@require_safe
@renuncia_page
def show_own(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    """E-15.2 Imprime y firma tu renuncia; once received, what was signed."""
    job = _ordered(request, renuncia)
    return show_own_pdf(request, job, "renuncias/own.html", renuncia=renuncia, **_sheet(renuncia))


@require_POST
@renuncia_page
def print_own(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    """Order the sheet as a PDF: drawn by the worker, one sheet, in a lot of its own."""
    try:
        actions.print_renuncias(
            [renuncia], title="Mi renuncia", by=request.user, now=timezone.now(), is_own=True
        )
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    return redirect("renuncias:own")


@require_POST
@renuncia_page
def download_own(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    """The sheet, once."""
    job = _ordered(request, renuncia)
    return hand_out_own_pdf(request, job, file_name="mi-renuncia.pdf", again="renuncias:own")


@require_http_methods(["GET", "HEAD", "POST"])
@renuncia_page
def change_mind(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    """«Cambié de opinión», «Quiero afiliarme»."""
    if request.method == "POST":
        return _withdrawn(request, renuncia)
    return render(request, "renuncias/change_mind.html", {"renuncia": renuncia})


def _asked_for(request: SignedInRequest, enrollment: Enrollment, answers: Answers) -> HttpResponse:
    try:
        actions.ask_renuncia(enrollment, answers.columns(), by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return redirect("followup:my_steps")
    request.session.pop(DRAFT, None)
    return redirect("renuncias:own")


def _withdrawn(request: SignedInRequest, renuncia: Renuncia) -> HttpResponse:
    try:
        actions.withdraw_renuncia(renuncia, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Cancelamos tu renuncia. Sigue tu trámite donde lo dejaste.")
    return redirect("followup:my_steps")


def _ordered(request: SignedInRequest, renuncia: Renuncia) -> PrintJob | None:
    return own_pdf(request.user, PaperKind.RENUNCIA, lot__paper=renuncia.paper_id)


def _may_ask(enrollment: Enrollment) -> bool:
    """Whether the questions are open: nobody received a signed sheet, and the stay is not over."""
    renuncia = open_renuncia(enrollment)
    return is_open(enrollment) and (renuncia is None or renuncia.state == RenunciaState.ISSUED)


def _draft(request: SignedInRequest, enrollment: Enrollment) -> dict[str, Any]:
    """The answers so far: of this login session, else of the renuncia that is not signed yet, else of the data."""
    if kept := request.session.get(DRAFT):
        return kept | {"covered_until": parse_date(kept.get("covered_until") or "")}
    renuncia = open_renuncia(enrollment)
    return (answers_of(renuncia) if renuncia else answers_known(enrollment)).columns()


def _keep(request: SignedInRequest, draft: dict[str, Any]) -> None:
    until = draft.get("covered_until")
    request.session[DRAFT] = draft | {"covered_until": until.isoformat() if until else ""}


def _asked(question: str) -> Question:
    try:
        return Question(question)
    except ValueError:
        raise Http404 from None


def _go_on(motive: str, question: str) -> HttpResponse:
    following = question_after(motive, question)
    return redirect("renuncias:answer", following) if following else redirect("renuncias:check")


def _back(motive: str, question: Question) -> str:
    before = question_before(motive, question)
    return reverse("renuncias:answer", args=[before]) if before else reverse("renuncias:start")


def _form(
    question: Question, request: SignedInRequest, enrollment: Enrollment, draft: dict[str, Any]
) -> AnswerForm:
    today = timezone.localdate(timezone=enrollment.plantel.zone)
    return FORMS[question](posted(request), initial=draft, today=today)


def _preview(enrollment: Enrollment, answers: Answers) -> dict[str, Any]:
    day = day_of(enrollment, now=timezone.now())
    printed = printed_words(enrollment, answers, folio="", day=day)
    return {
        "sheet": sheet_of(printed, current_text(TextKind.RENUNCIA).fields),
        "lines": lines_of(answers),
        "printed": printed,
        "needs_guardian": needs_guardian(enrollment, today=day.today),
        "back_url": reverse("renuncias:start"),
    }


def _sheet(renuncia: Renuncia) -> dict[str, Any]:
    return {
        "sheet": issued_sheet(renuncia),
        "lines": lines_of(answers_of(renuncia)),
        "printed": renuncia.printed,
        "place": hand_in_place(renuncia.plantel),
    }
