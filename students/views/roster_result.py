"""What can be done with a roster once it is read or imported: errors, undo, who is not in the list (C-10)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.transitions import TransitionNotAllowed
from common.uploads import Kind
from school.access import Ability, SignedInRequest, fresh_for, staff_page
from school.states import Role
from students.actions.bajas import (
    BajaDateRefused,
    EnrolledAgain,
    TooLateToReinstate,
    WorkedOnThere,
)
from students.actions.roster_missing import decide_missing, keep_all_missing, reinstate
from students.actions.roster_undo import (
    ImportedSince,
    StudentsActed,
    TooLateToUndo,
    ValuesTaken,
    undo_import,
)
from students.forms.roster_result import MissingForm, ReinstateForm
from students.models import RosterImport
from students.queries.roster_imports import (
    undecided_stays,
    withdrawn_stays,
)
from students.roster_file import errors_xlsx
from students.views.roster import import_of, render_import

REFUSALS = (
    TransitionNotAllowed,
    BajaDateRefused,
    EnrolledAgain,
    ImportedSince,
    StudentsActed,
    TooLateToReinstate,
    TooLateToUndo,
    ValuesTaken,
    WorkedOnThere,
)


@staff_page(Ability.IMPORT_ROSTER)
@require_safe
def download_roster_errors(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand out the rows with errors, to be corrected and uploaded as they are."""
    roster = import_of(request, public_id)
    if not roster.report.get("bad_rows"):
        raise Http404
    headers = [column["header"] for column in roster.columns]
    report, matching = roster.report, roster.matching.get("columns", {})
    content = errors_xlsx(headers, report["bad_rows"], report["findings"], matching)
    response = HttpResponse(content, content_type=Kind.XLSX.content_type)
    response["Content-Disposition"] = 'attachment; filename="filas-con-error.xlsx"'
    return response


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_POST
def undo_roster_import(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 4: take the import back."""
    roster = import_of(request, public_id)
    return _do(request, roster, lambda: undo_import(roster, by=request.user, now=timezone.now()))


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_POST
def decide_missing_students(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 4: withdraw or keep students whom the list does not name."""
    roster = import_of(request, public_id)
    now = timezone.now()
    today = timezone.localdate(now, roster.plantel.zone)
    stays, marked = list(undecided_stays(roster)), roster.report.get("marked", {})
    form = MissingForm(request.POST, stays=stays, marked=marked, today=today)
    if not stays:
        messages.info(request, "Ya se decidió sobre todos los que no vienen en esta lista")
        return redirect("students:show_roster_import", roster.public_id)
    return _decide(request, roster, form, now=now)


def _decide(
    request: SignedInRequest, roster: RosterImport, form: MissingForm, *, now: datetime
) -> HttpResponse:
    """Do what was decided or, where that is refused, show it again with everything that was chosen."""
    address = reverse("students:show_roster_import", args=[roster.public_id])
    if form.is_valid():
        said, on_date = form.cleaned_data["decisions"], form.cleaned_data["on_date"]
        try:
            decide_missing(roster, said, on_date=on_date, by=request.user, now=now)
        except BajaDateRefused as refused:
            form.add_error("on_date", refused.sentence)
        except TransitionNotAllowed as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Decisiones guardadas: {len(said):,}")
            return redirect(address)
    return render_import(request, roster, form=form, pages_at=address)


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_POST
def keep_missing_students(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 4: the list is only of some groups."""
    roster = import_of(request, public_id)
    keep_all_missing(roster, by=request.user, now=timezone.now())
    messages.success(request, "Quienes no vienen en esta lista siguen inscritos")
    return redirect("students:show_roster_import", roster.public_id)


@staff_page(Ability.IMPORT_ROSTER)
@fresh_for(Role.ADMIN)
@require_POST
def reinstate_missing_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Step 4: take one baja back."""
    roster = import_of(request, public_id)
    form = ReinstateForm(request.POST, stays=list(withdrawn_stays(roster)))
    if not form.is_valid():
        return _refuse(request, roster, form)
    stay = form.cleaned_data["student"]
    return _do(
        request,
        roster,
        lambda: reinstate(roster, stay, by=request.user, now=timezone.now()),
        done=f"Inscripción recuperada: {stay.student.list_name}",
    )


def _refuse(request: SignedInRequest, roster: RosterImport, form: Any) -> HttpResponse:
    """Come back to the import and say the first thing that is wrong."""
    messages.error(request, next(iter(form.errors.values()))[0])
    return redirect("students:show_roster_import", roster.public_id)


def _do(
    request: SignedInRequest, roster: RosterImport, action: Callable[[], None], *, done: str = ""
) -> HttpResponse:
    """Run one action and come back to the import, with the reason if it was refused."""
    try:
        action()
    except REFUSALS as error:
        messages.error(request, error.sentence)
    else:
        if done:
            messages.success(request, done)
    return redirect("students:show_roster_import", roster.public_id)
