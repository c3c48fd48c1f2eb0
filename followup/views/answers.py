"""C-05: an oficio with its rows, and the answers to them: typed in a table or read from the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followup.actions.answers import undo_answer
from followup.actions.errors import REFUSALS, AnswerRefused
from followup.actions.oficios import TAKEN_OUT, answer_item, read_answers
from followup.models import Oficio, OficioItem
from followup.oficio import Answer, faults_of
from followup.queries.oficios import items_of, oficios_for
from followup.views.oficios import oficio_to_handle
from school.access import Ability, SignedInRequest, may, staff_page
from students.forms.tables import AnswersFileForm
from students.identity import parse_curp
from students.views.tables import answers_in_file


@dataclass(frozen=True)
class AnswerRow:
    """A row of the oficio with what was typed or read for it, and why that was refused."""

    item: OficioItem
    answer: Answer
    error: str

    @property
    def doubt(self) -> str:
        """Why the number may be of somebody else."""
        return self.answer.doubt(self.item.row["curp"])

    @property
    def born(self) -> int:
        """The student's year of birth."""
        return parse_curp(self.item.row["curp"]).birth_date.year


@require_safe
@staff_page(Ability.SEE_REPORTS)
def show_oficio(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The oficio and where each of its students stands."""
    oficio = get_object_or_404(oficios_for(request.user), public_id=public_id)
    return _show(request, oficio, _rows(oficio))


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def register_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Registrar las respuestas»: each row by itself; what cannot be stays with its reason."""
    oficio = oficio_to_handle(request, public_id)
    rows = [row for row in _rows(oficio, _typed(request, oficio)) if not row.answer.is_empty]
    errors = _register_all(request, rows)
    done = len(rows) - len(errors)
    if done:
        said = "1 respuesta registrada" if done == 1 else f"{done} respuestas registradas"
        messages.success(request, f"{said}. Se avisa a cada estudiante.")
    if errors:
        return _show(request, oficio, _rows(oficio, [row.answer for row in rows], errors))
    return redirect("followup:oficio", public_id)


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def undo_answer_of(request: SignedInRequest, public_id: str, folio: str) -> HttpResponse:
    """«Deshacer»: the answer to one row, named by the folio of its report."""
    oficio = oficio_to_handle(request, public_id)
    item = items_of(oficio).filter(escalation__report__folio=folio).first()
    try:
        if item is None:
            raise AnswerRefused(TAKEN_OUT)
        undo_answer(item, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Respuesta deshecha. El reporte {folio} espera otra vez.")
    return redirect("followup:oficio", public_id)


@require_POST
@staff_page(Ability.HANDLE_REPORT)
def import_answers(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Leer las respuestas»: fills the table with what the list says; nothing is registered yet."""
    oficio = oficio_to_handle(request, public_id)
    form = _file_form(oficio, request)
    answers = answers_in_file(form, read_answers) or ()
    rows = _rows(oficio, answers, faults_of(answers))
    known = {row.item.escalation.report.folio for row in rows}
    strangers = [one.reference for one in answers if one.reference not in known]
    return _show(request, oficio, rows, form=form, strangers=strangers)


def _typed(request: SignedInRequest, oficio: Oficio) -> list[Answer]:
    return [
        Answer(
            folio,
            *(
                request.POST.get(f"{name}-{folio}", "").strip()
                for name in ("nss", "falta", "motivo")
            ),
        )
        for folio in (item.escalation.report.folio for item in items_of(oficio))
    ]


def _rows(
    oficio: Oficio, answers: Sequence[Answer] = (), errors: Mapping[str, str] = MappingProxyType({})
) -> list[AnswerRow]:
    """The rows as they are now, each with its answer and its error."""
    said = {answer.reference: answer for answer in answers}
    return [
        AnswerRow(item, said.get(folio, Answer(folio)), errors.get(folio, ""))
        for item in items_of(oficio)
        for folio in (item.escalation.report.folio,)
    ]


def _register_all(request: SignedInRequest, rows: Sequence[AnswerRow]) -> dict[str, str]:
    """Register each row that can be so, and return by its reference why another cannot."""
    faults = faults_of([row.answer for row in rows])
    said = {
        row.answer.reference: faults[row.answer.reference] or _register(request, row)
        for row in rows
    }
    return {reference: error for reference, error in said.items() if error}


def _register(request: SignedInRequest, row: AnswerRow) -> str:
    """Do what the row says and return why that cannot be, empty when it is done."""
    try:
        answer_item(row.item, row.answer, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        return refusal.sentence
    return ""


def _file_form(oficio: Oficio, request: SignedInRequest | None = None) -> AnswersFileForm:
    posted = (request.POST, request.FILES) if request else ()
    action = reverse("followup:import_answers", args=[oficio.public_id])
    return AnswersFileForm(*posted, action=action)


def _show(
    request: SignedInRequest,
    oficio: Oficio,
    rows: Sequence[AnswerRow],
    *,
    form: AnswersFileForm | None = None,
    strangers: Sequence[str] = (),
) -> HttpResponse:
    may_handle = may(request.user, Ability.HANDLE_REPORT, oficio.plantel)
    waiting = [row for row in rows if row.item.answered_at is None]
    context = {
        "oficio": oficio,
        "rows": rows,
        "may_handle": may_handle,
        "may_change": may_handle and not oficio.delivered_at and not oficio.is_cancelled,
        "may_answer": may_handle and oficio.delivered_at is not None and bool(waiting),
        "form": form or _file_form(oficio),
        "strangers": strangers,
        "back_url": reverse("followup:oficios"),
    }
    return render(request, "followup/oficio.html", context)
