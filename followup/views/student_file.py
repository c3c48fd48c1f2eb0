"""C-03: a student's file."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followup.access import FileAccess, file_access
from followup.actions.looks import open_student_file, see_full_nss
from followup.forms.staff import ReasonForm
from followup.queries.attempts import attempts_in_words
from followup.queries.history import history_for_staff
from followup.queries.insurance import insurance_of
from followup.queries.progress import standing_by_id
from followup.queries.reports import own_report_list
from followup.queries.student_file import (
    TABS,
    acuses_of,
    clinic_files_of,
    draft_of,
    notices_about,
    other_files_of,
    summary_of,
)
from followup.stages import ACUSE_ASKED, MAY_BE_PAUSED, STAGES
from followup.states import Ball, Stage
from school.access import Ability, SignedInRequest, staff_page
from students.access import is_open, remember_reason
from students.models import Baja
from students.queries.bajas import holding_baja
from students.queries.deadlines import acuse_deadline
from students.states import OPEN_ENROLLMENT

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

CAN_TAKE_NSS = {
    Stage.S_00,
    Stage.S_01,
    Stage.S_01V,
    Stage.S_02,
    Stage.S_04,
    Stage.S_04B,
    Stage.S_05,
}
AFFILIATED = {Stage.S_08, Stage.S_09, Stage.S_10, Stage.S_11, Stage.S_12}


@require_safe
@staff_page(Ability.OPEN_STUDENT_FILE)
def show_student_file(request: SignedInRequest, public_id: str) -> HttpResponse:
    """C-03; the subsystem's people write a reason first."""
    access = _access(request, public_id, now=timezone.now())
    if not access.is_open:
        return _ask_reason(request, ReasonForm(action=_reason_address(public_id)))
    return _show(request, access)


@require_POST
@staff_page(Ability.SEE_STUDENT_FILE_WITH_REASON)
def give_reason(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Write down why, then open the file for half an hour."""
    now = timezone.now()
    access = _access(request, public_id, now=now)
    form = ReasonForm(request.POST, action=_reason_address(public_id))
    if not form.is_valid():
        return _ask_reason(request, form)
    reason = form.cleaned_data["reason"]
    open_student_file(access.enrollment, by=request.user, now=now, reason=reason)
    remember_reason(request, public_id, reason, now=now)
    return redirect("followup:student_file", public_id=public_id)


@require_POST
@staff_page(Ability.OPEN_STUDENT_FILE)
def show_full_nss(request: SignedInRequest, public_id: str) -> HttpResponse:
    """«Ver NSS»: shown once, written down."""
    now = timezone.now()
    access = _access(request, public_id, now=now)
    if not access.is_open:
        return redirect("followup:student_file", public_id=public_id)
    if not access.sees_nss or not access.enrollment.student.nss:
        raise PermissionDenied
    nss = see_full_nss(access.enrollment, by=request.user, now=now, reason=access.reason)
    return _show(request, access, full_nss=nss)


def _access(request: SignedInRequest, public_id: str, *, now: datetime) -> FileAccess:
    return file_access(request, standing_by_id(public_id, now=now), now=now)


def _reason_address(public_id: str) -> str:
    return reverse("followup:give_reason", args=[public_id])


def _ask_reason(request: SignedInRequest, form: ReasonForm) -> HttpResponse:
    return render(request, "followup/file_reason.html", {"form": form})


def _show(request: SignedInRequest, access: FileAccess, full_nss: str = "") -> HttpResponse:
    enrollment = cast("StandingEnrollment", access.enrollment)
    tab = request.GET.get("ver", "")
    tab = tab if tab in dict(TABS) else ""
    baja = holding_baja(enrollment) if enrollment.stage == Stage.S_14 else None
    context = {
        "enrollment": enrollment,
        "access": access,
        "stage": STAGES[enrollment.stage],
        "stage_tag": Stage(enrollment.stage).label,
        "ball": Ball(enrollment.ball).label,
        "why": _why(enrollment),
        "tabs": TABS,
        "tab": tab,
        "full_nss": full_nss,
        "baja": baja,
        "can": _abilities(access, enrollment, baja),
        "draft": _draft(access, enrollment),
    } | _tab(tab, access, enrollment)
    return render(request, "followup/student_file.html", context)


def _why(enrollment: "StandingEnrollment") -> str:
    """How the deadline was counted, while an acuse is asked, or since when the clock stands."""
    is_asked = enrollment.stage in (ACUSE_ASKED if enrollment.due_on else MAY_BE_PAUSED)
    return acuse_deadline(enrollment).why if is_asked else ""


def _tab(tab: str, access: FileAccess, enrollment: Any) -> dict[str, Any]:
    """What the open tab needs, and nothing of the others."""
    if tab == "documentos":
        return {
            "acuses": acuses_of(enrollment).prefetch_related("more_photos__file"),
            "clinic_files": clinic_files_of(enrollment),
            "files": other_files_of(enrollment),
        }
    if tab == "historial":
        return {"history": history_for_staff(enrollment, sees_address=access.sees_address)}
    if tab == "mensajes":
        return {"notices": notices_about(enrollment)}
    rows = summary_of(enrollment, sees_nss=access.sees_nss, sees_address=access.sees_address)
    reports = own_report_list(enrollment)
    attempts = attempts_in_words(report.kind for report in reports)
    insurance = insurance_of(enrollment, today=enrollment.local_day)
    return {"rows": rows, "insurance": insurance, "reports": reports, "attempts": attempts}


def _abilities(
    access: FileAccess, enrollment: "StandingEnrollment", baja: Baja | None
) -> dict[str, bool]:
    """Which buttons the file has for this person at this stage."""
    granted, stage = access.abilities, enrollment.stage
    takes = is_open(enrollment) and stage in CAN_TAKE_NSS
    return {
        "upload": takes and Ability.UPLOAD_FOR_STUDENT in granted,
        "register": takes and Ability.REGISTER_NSS in granted,
        "extend": is_open(access.enrollment)
        and stage in ACUSE_ASKED
        and Ability.EXTEND_DEADLINE in granted,
        "notify": enrollment.is_overdue and Ability.NOTIFY_STUDENTS in granted,
        "clinic": stage in AFFILIATED and Ability.OPEN_CLINICS in granted,
        "renuncia": Ability.REGISTER_RENUNCIA in granted,
        "withdraw": stage != Stage.S_14 and Ability.WITHDRAW_STUDENT in granted,
        "reinstate": baja is not None and Ability.WITHDRAW_STUDENT in granted,
        "correct": access.enrollment.state in OPEN_ENROLLMENT and Ability.CORRECT_DATA in granted,
        "reprint": Ability.PRINT_CODES in granted,
        "reprint_for_lost_mailbox": Ability.PRINT_CODES in granted and _has_confirmed(access),
        "see_nss": access.sees_nss and bool(access.enrollment.student.nss),
        "see_acuse": Ability.REVIEW_ACUSE in granted,
        "see_documents": Ability.SEE_DOCUMENT in granted or bool(access.reason),
        "see_files": Ability.SEE_EVIDENCE in granted or bool(access.reason),
        "see_notices": Ability.SEE_NOTICES in granted,
    }


def _draft(access: FileAccess, enrollment: "StandingEnrollment") -> str:
    """The file that the person may take: left unconfirmed past the deadline."""
    is_left = enrollment.stage == Stage.S_04B and enrollment.is_overdue
    if not (is_left and is_open(enrollment) and Ability.UPLOAD_FOR_STUDENT in access.abilities):
        return ""
    return draft_of(enrollment)


def _has_confirmed(access: FileAccess) -> bool:
    """Whether the student enters by e-mail, and needs a printed code only when that mailbox is lost."""
    data = getattr(access.enrollment, "data", None)
    has_confirmed = data is not None and data.email_confirmed_at is not None
    return is_open(access.enrollment) and has_confirmed
