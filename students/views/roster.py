"""The roster wizard (C-10): four steps on one address, which shows the step the import has come to."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.transitions import TransitionNotAllowed
from common.uploads import Kind, Refusal, sentence_of
from school.access import Ability, SignedInRequest, fresh_for, may, require, staff_page
from school.states import Role
from students.actions.access_codes import send_activation_codes
from students.actions.files import UploadRefused
from students.actions.roster import (
    WEB_ROWS,
    NoCycle,
    NothingToImport,
    apply_fixes,
    cancel_import,
    confirm_import,
    match_columns,
    upload_roster,
)
from students.forms.roster import FixesForm, MatchForm, RosterForm
from students.forms.roster_result import MissingForm
from students.models import RosterImport
from students.queries.roster_imports import (
    UNDO_FOR,
    may_be_undone,
    roster_imports_for,
    to_activate,
    undecided_stays,
    withdrawn_stays,
)
from students.roster_file import FIELDS, template_xlsx
from students.states import ImportState

WAITING = (ImportState.UPLOADED, ImportState.MATCHED, ImportState.CONFIRMED)
A_PAGE = 50
STEPS = 4


def import_of(request: SignedInRequest, public_id: str) -> RosterImport:
    """Return the import where the person imports; Http404 elsewhere."""
    return get_object_or_404(roster_imports_for(request.user), public_id=public_id)


def _posted(request: SignedInRequest) -> tuple[Any, ...]:
    """Return what binds a form: an empty POST binds it too, an ordinary visit does not."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def import_roster(request: SignedInRequest) -> HttpResponse:
    """Step 1: take the file."""
    form = RosterForm(*_posted(request), user=request.user)
    if form.is_valid():
        plantel, file = form.cleaned_data["plantel"], form.cleaned_data["file"]
        try:
            roster = upload_roster(plantel, file, by=request.user, now=timezone.now())
        except (UploadRefused, NoCycle) as error:
            form.add_error("file", error.sentence)
        else:
            return redirect("students:show_roster_import", roster.public_id)
    return render(request, "students/roster_upload.html", _upload_context(request, form))


def _upload_context(request: SignedInRequest, form: RosterForm) -> dict[str, Any]:
    recent = roster_imports_for(request.user).defer("report", "columns", "matching")[:10]
    return {"form": form, "recent": recent, "step": 1, "steps": STEPS}


@staff_page(Ability.IMPORT_ROSTER)
@require_safe
def download_roster_template(_request: SignedInRequest) -> HttpResponse:
    """Hand out the empty list."""
    response = HttpResponse(template_xlsx(), content_type=Kind.XLSX.content_type)
    response["Content-Disposition"] = 'attachment; filename="lista-de-estudiantes.xlsx"'
    return response


@staff_page(Ability.IMPORT_ROSTER)
@require_safe
def show_roster_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show the step the import has come to; a page that waits asks again by itself."""
    roster = import_of(request, public_id)
    is_waiting = roster.state in WAITING
    if request.htmx:
        return HttpResponse(status=204, headers={} if is_waiting else {"HX-Refresh": "true"})
    return render_import(request, roster)


def render_import(request: SignedInRequest, roster: RosterImport, **more: Any) -> HttpResponse:
    """Show the step the import has come to, with a form that came back, if any."""
    template, context_of = PAGES[roster.state]
    context = {"roster": roster, "steps": STEPS, "report": roster.report}
    return render(request, template, context | context_of(request, roster) | more)


def _waiting(_request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    heading, step = {
        ImportState.UPLOADED: ("Estamos leyendo la lista", 1),
        ImportState.MATCHED: ("Estamos revisando cada fila", 2),
        ImportState.CONFIRMED: ("Estamos importando", 3),
    }[ImportState(roster.state)]
    return {"heading": heading, "step": step}


def _columns(_request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    return {"form": MatchForm(roster_import=roster), "step": 2}


def _review(request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    findings, changes = roster.report["findings"], roster.report["changes"]
    lists = {
        "errores": [item for item in findings if item["blocks"]],
        "avisos": [item for item in findings if not item["blocks"]],
        "cambios": changes,
    }
    first = next((name for name, items in lists.items() if items), "errores")
    shown = request.GET.get("ver", first)
    shown = shown if shown in lists else first
    page = Paginator(lists[shown], A_PAGE).get_page(request.GET.get("pagina"))
    counts = roster.report["counts"]
    return {
        "step": 3,
        "shown": shown,
        "lists": {name: len(items) for name, items in lists.items()},
        "page_obj": page,
        "rows": [_with_label(item) for item in page] if shown != "cambios" else page,
        "fixable": sum(1 for item in findings if item["fix"]),
        "importable": counts["new"] + counts["changed"],
        "missing": counts.get("missing", 0) - counts.get("marked", 0),
        "marked": counts.get("marked", 0),
    }


def _with_label(finding: dict[str, Any]) -> dict[str, Any]:
    place = f"{finding['line']}:{finding['field']}"
    return {**finding, "label": FIELDS[finding["field"]].label, "place": place}


def _result(request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    findings = [item for item in roster.report["findings"] if item["blocks"]]
    page = Paginator(findings, A_PAGE).get_page(request.GET.get("pagina"))
    missing = Paginator(undecided_stays(roster), A_PAGE).get_page(request.GET.get("faltan"))
    today = timezone.localdate(timezone.now(), roster.plantel.zone)
    return {
        "step": 4,
        "page_obj": page,
        "rows": [_with_label(item) for item in page],
        "to_write_to": len(to_activate(roster)),
        "may_give_codes": may(request.user, Ability.PRINT_CODES, roster.plantel),
        "undo_until": roster.imported_at + UNDO_FOR if roster.imported_at else None,
        "may_undo": may_be_undone(roster, timezone.now()),
        "missing_page": missing,
        "form": MissingForm(
            stays=list(missing), marked=roster.report.get("marked", {}), today=today
        ),
        **_bajas(request, roster),
    }


def _bajas(_request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    return {"step": 4, "withdrawn": list(withdrawn_stays(roster))}


def _failed(_request: SignedInRequest, roster: RosterImport) -> dict[str, Any]:
    details = {"limit": f"{WEB_ROWS:,}", **roster.report.get("details", {})}
    return {"step": 1, "sentence": sentence_of(Refusal(roster.failure), table=True, **details)}


def _cancelled(_request: SignedInRequest, _roster: RosterImport) -> dict[str, Any]:
    return {"step": 3}


Page = tuple[str, Callable[[SignedInRequest, RosterImport], dict[str, Any]]]
PAGES: dict[str, Page] = {
    ImportState.UPLOADED: ("students/roster_waiting.html", _waiting),
    ImportState.READ: ("students/roster_columns.html", _columns),
    ImportState.MATCHED: ("students/roster_waiting.html", _waiting),
    ImportState.CHECKED: ("students/roster_review.html", _review),
    ImportState.CONFIRMED: ("students/roster_waiting.html", _waiting),
    ImportState.IMPORTED: ("students/roster_result.html", _result),
    ImportState.FAILED: ("students/roster_failed.html", _failed),
    ImportState.CANCELLED: ("students/roster_cancelled.html", _cancelled),
    ImportState.UNDONE: ("students/roster_undone.html", _bajas),
}


@staff_page(Ability.IMPORT_ROSTER)
@require_http_methods(["GET", "HEAD", "POST"])
def match_roster_columns(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 2: say which column is which; again from step 3."""
    roster = import_of(request, public_id)
    form = MatchForm(*_posted(request), roster_import=roster)
    if form.is_valid():
        columns = form.cleaned_data["columns"]
        return _do(request, roster, lambda: match_columns(roster, columns))
    context = {"roster": roster, "steps": STEPS, "report": roster.report, "form": form, "step": 2}
    return render(request, "students/roster_columns.html", context)


@staff_page(Ability.IMPORT_ROSTER)
@require_POST
def fix_roster_rows(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 3: use proposed values."""
    roster = import_of(request, public_id)
    form = FixesForm(request.POST, roster_import=roster)
    if not form.is_valid():
        messages.error(request, "Marcar al menos una corrección de la lista")
        return redirect("students:show_roster_import", roster.public_id)
    return _do(request, roster, lambda: apply_fixes(roster, form.cleaned_data["places"]))


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_POST
def confirm_roster_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 3: import the correct rows."""
    roster = import_of(request, public_id)
    return _do(request, roster, lambda: confirm_import(roster))


@staff_page(Ability.IMPORT_ROSTER)
@require_POST
def cancel_roster_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Drop the import before anything is written."""
    roster = import_of(request, public_id)
    return _do(request, roster, lambda: cancel_import(roster))


@staff_page(Ability.PRINT_CODES)
@require_POST
def send_roster_codes(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 4: mail the activation codes (M-01)."""
    roster = import_of(request, public_id)
    require(request.user, Ability.PRINT_CODES, roster.plantel)
    sent = send_activation_codes(roster, now=timezone.now())
    messages.success(request, f"Correos con código de activación en camino: {sent}")
    return redirect("students:show_roster_import", roster.public_id)


def _do(request: SignedInRequest, roster: RosterImport, action: Callable[[], None]) -> HttpResponse:
    """Run one action and come back to the import, with the reason if it was refused."""
    try:
        action()
    except (TransitionNotAllowed, NothingToImport) as error:
        messages.error(request, error.sentence)
    return redirect("students:show_roster_import", roster.public_id)
