"""Who leaves, one student at a time: a baja, a traslado, and what is taken back (C-03).

A baja is asked for twice: what is to be done, and, with what it means spelled out, whether it is.
"""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common.transitions import TransitionNotAllowed
from school.access import Ability, SignedInRequest, staff_page
from students.actions import bajas, transfers
from students.forms.bajas import BajaForm, TransferForm
from students.models import Baja, Enrollment
from students.queries.bajas import baja_sentence, holding_baja, may_be_undone
from students.queries.enrollments import enrollments_for
from students.queries.sign_in import mailbox_of
from students.states import OPEN_ENROLLMENT, BajaKind, EnrollmentState

CONFIRM = "confirmar"
FIELDS = {bajas.BajaDateRefused: "on_date", transfers.MatriculaTaken: "matricula"}
REFUSALS = (
    TransitionNotAllowed,
    bajas.EnrolledAgain,
    bajas.TooLateToReinstate,
    bajas.WorkedOnThere,
)
NOT_OPEN = "Ya causó baja: no hay inscripción que terminar"
NOT_OVER = "Sigue inscrito: no hay baja que deshacer"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.WITHDRAW_STUDENT)
def withdraw_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Baja»: temporal, definitiva or egreso."""
    stay, now = _stay_or_404(request, public_id), timezone.now()
    if stay.state not in OPEN_ENROLLMENT:
        return _refused(request, stay, NOT_OPEN)
    form = BajaForm(_posted(request), today=_today(stay, now))
    if not form.is_valid():
        return render(request, "students/withdraw.html", {"form": form, "enrollment": stay})
    if CONFIRM not in request.POST:
        return _check(request, stay, form, "students/withdraw_check.html")
    return _end(request, stay, form, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.WITHDRAW_STUDENT)
def transfer_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Traslado»: closed here, open in another plantel."""
    stay, now = _stay_or_404(request, public_id), timezone.now()
    if stay.state not in OPEN_ENROLLMENT:
        return _refused(request, stay, NOT_OPEN)
    form = TransferForm(_posted(request), stay=stay, today=_today(stay, now))
    if not form.is_valid():
        return render(request, "students/transfer.html", {"form": form, "enrollment": stay})
    if CONFIRM not in request.POST:
        return _check(request, stay, form, "students/transfer_check.html")
    return _move(request, stay, form, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.WITHDRAW_STUDENT)
def reinstate_student(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Reingreso» after a baja temporal, «Deshacer la baja» of a mistake."""
    stay, now = _stay_or_404(request, public_id), timezone.now()
    baja = holding_baja(stay)
    if baja is None:
        return _refused(request, stay, NOT_OVER)
    if request.method == "POST":
        return _reinstate(request, stay, now=now)
    context = {"enrollment": stay, "baja": baja, "may_undo": may_be_undone(baja, now=now)}
    return render(request, "students/reinstate.html", context)


def _stay_or_404(request: SignedInRequest, public_id: str) -> Enrollment:
    stays = enrollments_for(request.user, Ability.WITHDRAW_STUDENT).select_related("data")
    return get_object_or_404(stays, public_id=public_id)


def _posted(request: SignedInRequest) -> Any:
    """An empty POST binds the form too, an ordinary visit does not."""
    return request.POST if request.method == "POST" else None


def _today(stay: Enrollment, now: datetime) -> date:
    return timezone.localdate(now, stay.plantel.zone)


def _check(request: SignedInRequest, stay: Enrollment, form: Form, template: str) -> HttpResponse:
    """What the answers mean, before they count."""
    said = form.cleaned_data
    context: dict[str, Any] = {"form": form, "enrollment": stay, "said": said}
    if "kind" in said:
        baja = Baja(kind=said["kind"], on_date=said["on_date"])
        is_told = stay.state == EnrollmentState.ACTIVE and bool(mailbox_of(stay))
        context |= {
            "kind": said["kind"].label,
            "is_temporary": said["kind"] == BajaKind.TEMPORARY,
            "told": baja_sentence(baja) if is_told else "",
        }
    return render(request, template, context)


def _end(
    request: SignedInRequest, stay: Enrollment, form: BajaForm, *, now: datetime
) -> HttpResponse:
    try:
        baja = bajas.withdraw_student(stay, **form.cleaned_data, by=request.user, now=now)
    except bajas.BajaDateRefused as refusal:
        form.add_error("on_date", refusal.sentence)
        return render(request, "students/withdraw.html", {"form": form, "enrollment": stay})
    except TransitionNotAllowed as refusal:
        return _refused(request, stay, refusal.sentence)
    return _done(request, stay, f"{stay.student.full_name}: {baja.get_kind_display()} registrada")


def _move(
    request: SignedInRequest, stay: Enrollment, form: TransferForm, *, now: datetime
) -> HttpResponse:
    try:
        moved = transfers.transfer_student(stay, **form.cleaned_data, by=request.user, now=now)
    except (bajas.BajaDateRefused, transfers.MatriculaTaken) as refusal:
        form.add_error(FIELDS[type(refusal)], refusal.sentence)
        return render(request, "students/transfer.html", {"form": form, "enrollment": stay})
    except TransitionNotAllowed as refusal:
        return _refused(request, stay, refusal.sentence)
    return _done(request, stay, f"{stay.student.full_name} queda inscrito en {moved.plantel}")


def _reinstate(request: SignedInRequest, stay: Enrollment, *, now: datetime) -> HttpResponse:
    try:
        bajas.reinstate_student(stay, by=request.user, now=now)
    except REFUSALS as refusal:
        return _refused(request, stay, refusal.sentence)
    return _done(request, stay, f"{stay.student.full_name} está inscrito otra vez")


def _refused(request: SignedInRequest, stay: Enrollment, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("followup:student_file", stay.public_id)


def _done(request: SignedInRequest, stay: Enrollment, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("followup:student_file", stay.public_id)
