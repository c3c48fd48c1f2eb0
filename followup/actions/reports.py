"""What a student reports, and how the plantel closes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.uploads.kinds import DOCUMENT
from followup.actions.errors import ReportAlreadyHandled, ReportNotPossible
from followup.actions.escalations import end_escalation, open_escalation
from followup.models import StudentReport
from followup.states import CASE_KINDS, EscalationCause, EscalationState, ReportKind
from notices.actions import queue
from nss.actions.register import (
    end_errand,
    register_nss,
    send_to_subdelegacion,
)
from nss.actions.review import UNDO_WINDOW, move_to_subdelegacion, undo_review
from nss.actions.steps import about, lock_request, recipient_of
from nss.models import Acuse, NSSRequest
from nss.states import ProofRoute, RequestState
from papers.actions import take_folio
from school.models import User
from school.queries.planteles import contact_of
from students import timeline
from students.access import is_open
from students.actions.files import CheckedFile, checked_upload, keep_file
from students.models import Enrollment, StoredFile, StudentData
from students.states import Event

FOLIO_SERIES = {
    ReportKind.SUBDELEGACION: "SUB",
    ReportKind.WRONG_DATA: "DAT",
    ReportKind.HAS_NSS: "LOC",
    ReportKind.NO_MAIL: "INT",
    ReportKind.PAGE_FAILED: "INT",
    ReportKind.ROSTER_DATA: "LIS",
    ReportKind.QUESTION: "PRE",
}
"""The letters with which the folio of a report starts; the two kinds of attempt share a series."""

_NOT_OPEN = "Tu trámite ya no está abierto. Si crees que es un error, pregunta a tu plantel."


@dataclass(frozen=True)
class ReportDetails:
    """What the person wrote. `key` names one press of the button: sent twice, it is one report."""

    key: str
    subject: str = ""
    text: str = ""
    happened_on: date | None = None
    evidence: UploadedFile | None = None
    cause: str = ""


def report_case(
    enrollment: Enrollment, kind: ReportKind, *, by: User, details: ReportDetails, now: datetime
) -> StudentReport:
    """Hand the errand to the plantel: «Acudir a la Subdelegación» or wrong data at IMSS (S-02).

    The same key again returns the first report. Raises ReportNotPossible when the stay is over, the data
    are not confirmed, or the plantel has the NSS or asks for it already; UploadRefused for the evidence.
    """
    if kind not in CASE_KINDS:
        raise ValueError(f"{kind} is not a case")
    if sent := _sent_before(enrollment, details.key):
        return sent
    with _checked_evidence(enrollment, details) as evidence, transaction.atomic():
        request = lock_request(enrollment, now=now)
        if sent := _sent_before(enrollment, details.key):
            return sent
        _check_case(enrollment, request)
        send_to_subdelegacion(enrollment, now=now)
        report = _create(enrollment, kind, evidence, by=by, details=details, now=now)
        open_escalation(report, _cause_of(kind, details), now=now)
        _tell_taken(report, now=now, not_before=now)
        return report


def report_trouble(
    enrollment: Enrollment, kind: ReportKind, *, by: User, details: ReportDetails, now: datetime
) -> StudentReport:
    """Write down an attempt, a question or a wrong datum of the list; the ball stays where it is.

    The same key again returns the first report. Raises ReportNotPossible when the stay is over; a question
    may be asked always.
    """
    if kind in CASE_KINDS:
        raise ValueError(f"{kind} is a case")
    if sent := _sent_before(enrollment, details.key):
        return sent
    with _checked_evidence(enrollment, details) as evidence, transaction.atomic():
        stay = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
        if sent := _sent_before(stay, details.key):
            return sent
        if kind != ReportKind.QUESTION and not is_open(stay):
            raise ReportNotPossible(_NOT_OPEN)
        return _create(enrollment, kind, evidence, by=by, details=details, now=now)


@transaction.atomic
def move_to_case(acuse: Acuse, *, data_wrong: str, by: User, now: datetime) -> StudentReport:
    """Turn an acuse with wrong IMSS data into a case of the plantel, reported by the reviewer.

    Raises TransitionNotAllowed if somebody decided first, ReasonTooShort without the datum.
    """
    moved = move_to_subdelegacion(acuse, data_wrong=data_wrong, by=by, now=now)
    details = ReportDetails(
        key=f"{_case_of(moved)}{now.timestamp():.6f}",
        subject=data_wrong.strip()[:60],
        text=f"En el acuse {moved.folio} sale mal {data_wrong.strip()}.",
        happened_on=now.astimezone(moved.request.enrollment.plantel.zone).date(),
    )
    enrollment = moved.request.enrollment
    report = _create(enrollment, ReportKind.WRONG_DATA, None, by=by, details=details, now=now)
    open_escalation(report, EscalationCause.DATA_DIFFER, now=now)
    _tell_taken(report, now=now, not_before=now + UNDO_WINDOW)
    return report


@transaction.atomic
def undo_case(acuse: Acuse, *, by: User, now: datetime, reason: str = "") -> Acuse:
    """Put an acuse that became a case back into review and close the report that it opened.

    Raises what undo_review raises: TransitionNotAllowed, ReasonTooShort.
    """
    undone = undo_review(acuse, by=by, now=now, reason=reason)
    enrollment = undone.request.enrollment
    opened = StudentReport.objects.select_for_update(of=("self",)).filter(
        upload_key__startswith=_key(enrollment, _case_of(undone)), handled_at__isnull=True
    )
    for report in opened:
        _close(report, by=by, answer="Tu plantel está revisando otra vez tu acuse.", now=now)
    return undone


@transaction.atomic
def handle_report(report: StudentReport, *, by: User, answer: str, now: datetime) -> None:
    """Close a report with the answer that the student reads; a case goes back to the student.

    Raises ReportAlreadyHandled if somebody was faster, ReportNotPossible without an answer.
    """
    enrollment = report.enrollment
    if report.is_case:
        lock_request(enrollment, now=now)
    locked = _lock(report)
    if not answer.strip():
        raise ReportNotPossible("Escribir la respuesta: es lo que lee el estudiante")
    if report.is_case and _is_last_case(locked):
        end_errand(enrollment, now=now)
    _close(locked, by=by, answer=answer, now=now)


@transaction.atomic
def resolve_report_with_nss(
    report: StudentReport, *, nss: str, by: User, now: datetime, override_reason: str = ""
) -> None:
    """Register the number that the Subdelegación gave and close the report: the student is in S-03.

    Raises ReportAlreadyHandled if somebody was faster, and what register_nss raises about the number.
    """
    lock_request(report.enrollment, now=now)
    locked = _lock(report)
    register_nss(
        report.enrollment,
        nss=nss,
        route=ProofRoute.SUBDELEGACION,
        by=by,
        now=now,
        override_reason=override_reason,
    )
    _close(
        locked,
        by=by,
        answer="Ya tenemos tu NSS. Está en «Mi trámite».",
        now=now,
        end=EscalationState.RESOLVED,
    )


def _lock(report: StudentReport) -> StudentReport:
    """The report as it is now, locked; ReportAlreadyHandled once it is closed."""
    locked = StudentReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if locked.handled_at:
        raise ReportAlreadyHandled
    return locked


def _is_last_case(report: StudentReport) -> bool:
    """Whether no other open case keeps the errand with the plantel."""
    others = StudentReport.objects.filter(
        enrollment=report.enrollment_id, kind__in=CASE_KINDS, handled_at__isnull=True
    ).exclude(pk=report.pk)
    return not others.exists()


def _sent_before(enrollment: Enrollment, key: str) -> StudentReport | None:
    return StudentReport.objects.filter(upload_key=_key(enrollment, key)).first()


def _case_of(acuse: Acuse) -> str:
    """With this begins the key of every case that the acuse became."""
    return f"acuse:{acuse.pk}:"


def _key(enrollment: Enrollment, key: str) -> str:
    return f"{enrollment.pk}:{key}"


def _check_case(enrollment: Enrollment, request: NSSRequest) -> None:
    if not is_open(enrollment):
        raise ReportNotPossible(_NOT_OPEN)
    if not StudentData.objects.filter(enrollment=enrollment, confirmed_at__isnull=False).exists():
        raise ReportNotPossible(
            "Primero confirma tus datos: tu plantel los necesita para pedir tu NSS."
        )
    if request.state != RequestState.OPEN:
        raise ReportNotPossible(
            "Tu plantel ya tiene tu NSS o ya lo está pidiendo. Mira cómo va en «Mi trámite»."
        )


@contextmanager
def _checked_evidence(
    enrollment: Enrollment, details: ReportDetails
) -> Iterator[CheckedFile | None]:
    """Around the transaction, not inside: looking into a file takes seconds."""
    if details.evidence is None:
        yield None
        return
    with checked_upload(details.evidence, DOCUMENT, enrollment=enrollment) as file:
        yield file


def _create(
    enrollment: Enrollment,
    kind: ReportKind,
    evidence: CheckedFile | None,
    *,
    by: User,
    details: ReportDetails,
    now: datetime,
) -> StudentReport:
    today = now.astimezone(enrollment.plantel.zone).date()
    report = StudentReport.objects.create(
        folio=take_folio(FOLIO_SERIES[kind], enrollment.plantel, year=today.year),
        enrollment=enrollment,
        kind=kind,
        subject=details.subject,
        text=details.text,
        happened_on=details.happened_on,
        evidence=_keep_evidence(enrollment, evidence, by=by, now=now),
        upload_key=_key(enrollment, details.key),
        created_at=now,
    )
    data = {"folio": report.folio, "report": kind.label, "subject": details.subject}
    timeline.record(enrollment, Event.REPORT_SENT, by=by, at=now, data=data)
    return report


def _tell_taken(report: StudentReport, *, now: datetime, not_before: datetime) -> None:
    """The plantel asks for the number, so the student need not go; once per report."""
    enrollment = report.enrollment
    queue(
        f"report:{report.pk}:taken",
        "M-10",
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context={
            "folio": report.folio,
            "responsable": contact_of(enrollment.plantel).name or "Tu plantel",
        },
        now=now,
        not_before=not_before,
    )


def _keep_evidence(
    enrollment: Enrollment, evidence: CheckedFile | None, *, by: User, now: datetime
) -> StoredFile | None:
    if evidence is None:
        return None
    return keep_file(evidence, enrollment=enrollment, plantel=enrollment.plantel, by=by, now=now)


def _cause_of(kind: ReportKind, details: ReportDetails) -> EscalationCause:
    if kind == ReportKind.WRONG_DATA:
        return EscalationCause.DATA_DIFFER
    return EscalationCause(details.cause or EscalationCause.UNSTATED)


def _close(
    locked: StudentReport,
    *,
    by: User,
    answer: str,
    now: datetime,
    end: EscalationState = EscalationState.DISMISSED,
) -> None:
    end_escalation(locked, end, note=answer.strip(), by=by, now=now)
    locked.handled_at, locked.handled_by, locked.answer = now, by, answer.strip()
    locked.save(update_fields=["handled_at", "handled_by", "answer"])
    data = {"folio": locked.folio, "report": locked.get_kind_display()}
    timeline.record(locked.enrollment, Event.REPORT_HANDLED, by=by, at=now, data=data)
