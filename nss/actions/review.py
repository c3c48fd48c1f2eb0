"""Control Escolar's verbs: accept an acuse, return it, correct its number, undo."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from notices.actions import cancel, queue
from nss.actions.errors import ReasonTooShort, StayOver
from nss.actions.steps import (
    about,
    checked_nss,
    give_nss,
    lock_acuse,
    lock_unsent,
    prove,
    recipient_of,
    take_nss_back,
    unprove,
)
from nss.models import Acuse
from nss.queries.acuses import is_newest, read_nss, reading_of
from nss.queries.reasons import SHORTEST_REASON, reason_words
from nss.states import (
    ACUSE_MOVES,
    AcuseState,
    ProofRoute,
    RequestState,
    ReturnReason,
)
from school.models import User
from students import timeline
from students.access import is_open
from students.actions.clock import hold_stay, pause_clocks, resume_clock, stop_clock_again
from students.actions.summaries import revoke_summaries
from students.identity.nss import mask_nss
from students.states import Event, PauseReason

UNDO_WINDOW = timedelta(seconds=10)
_DECISION = ["state", "nss", "reviewed_at", "reviewed_by", "return_reason", "return_note"]


@transaction.atomic
def accept_acuse(
    acuse: Acuse, *, nss: str, by: User, now: datetime, override_reason: str = ""
) -> Acuse:
    """Accept the acuse and give its number to the student; the mail leaves after the undo window.

    `nss` is what the reviewer saw on the sheet; one that differs from the reading is noted as a correction.
    Raises TransitionNotAllowed if somebody decided first, NssError or OverrideReasonMissing for a number
    that cannot be one, NSSAlreadyTaken if another student holds it, OtherNSSProven if the student has another,
    StayOver once the student left or renounced.
    """
    number = checked_nss(nss, override_reason=override_reason)
    acuse = _lock_to_decide(acuse, AcuseState.ACCEPTED)
    _note_correction(acuse, number, override_reason, by=by, now=now)
    enrollment = acuse.request.enrollment
    hold_stay(enrollment)
    give_nss(enrollment.student, number)
    prove(acuse.request, ProofRoute.ACUSE, override_reason, by=by, now=now)
    acuse.nss = number
    _decide(acuse, AcuseState.ACCEPTED, by=by, now=now)
    resume_clock(enrollment, PauseReason.REVIEW, now=now)
    data = {"folio": acuse.folio, "override_reason": override_reason.strip()}
    timeline.record(enrollment, Event.ACUSE_ACCEPTED, by=by, at=now, data=data)
    _tell(acuse, "M-09", {}, now=now)
    return acuse


@transaction.atomic
def return_acuse(
    acuse: Acuse, *, reason: ReturnReason, by: User, now: datetime, note: str = ""
) -> Acuse:
    """Give the acuse back with one of the reasons and at least two business days to correct it.

    The mail leaves after the undo window. Raises TransitionNotAllowed if somebody decided first,
    StayOver, ReasonTooShort for OTHER without an explanation, ValueError for IMSS_DATA_WRONG, which does not go back
    to the student (see move_to_subdelegacion).
    """
    if reason == ReturnReason.IMSS_DATA_WRONG:
        raise ValueError("wrong IMSS data become a case of the plantel")
    if reason == ReturnReason.OTHER and len(note.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    acuse = _return(acuse, reason, note.strip(), by=by, now=now)
    enrollment = acuse.request.enrollment
    resume_clock(enrollment, PauseReason.REVIEW, now=now, is_return=True, is_told=True)
    words = reason_words(reason, acuse.return_note)
    due_on = enrollment.acuse_due_on
    context = {
        "reason": words.reason,
        "remedy": words.remedy,
        "due_on": due_on.isoformat() if due_on else "",
    }
    _tell(acuse, "M-08", context, now=now)
    return acuse


@transaction.atomic
def move_to_subdelegacion(acuse: Acuse, *, data_wrong: str, by: User, now: datetime) -> Acuse:
    """Take the acuse out of review because IMSS holds a wrong datum: the plantel's case, not the student's.

    `data_wrong` says which datum («tu fecha de nacimiento»). Raises TransitionNotAllowed if somebody decided
    first, StayOver, ReasonTooShort when it is empty.
    """
    if not data_wrong.strip():
        raise ReasonTooShort("Escribir qué dato sale mal en el acuse")
    acuse = _return(acuse, ReturnReason.IMSS_DATA_WRONG, data_wrong.strip(), by=by, now=now)
    request = acuse.request
    if request.state == RequestState.PROVEN:
        raise TransitionNotAllowed(request.state, RequestState.AT_SUBDELEGACION)
    request.undo_to, request.state = request.state, RequestState.AT_SUBDELEGACION
    request.save(update_fields=["state", "undo_to"])
    pause_clocks([request.enrollment_id], PauseReason.SUBDELEGACION, now=now)
    resume_clock(request.enrollment, PauseReason.REVIEW, now=now)
    cancel(about(request.enrollment), messages=["M-06"])
    return acuse


@transaction.atomic
def correct_nss(
    acuse: Acuse, *, nss: str, by: User, now: datetime, override_reason: str = ""
) -> Acuse:
    """Put right the number of an acuse, in review or accepted; the history keeps that it changed.

    A summary that names the old one is revoked. Raises NssError or OverrideReasonMissing for a number that cannot
    be one, NSSAlreadyTaken if another student holds it, TransitionNotAllowed when the acuse was returned or replaced,
    SentToIMSS once a batch has the number.
    """
    number = checked_nss(nss, override_reason=override_reason)
    acuse = lock_acuse(acuse)
    if acuse.state not in {AcuseState.RECEIVED, AcuseState.ACCEPTED}:
        raise TransitionNotAllowed(acuse.state, acuse.state)
    _note_correction(acuse, number, override_reason, by=by, now=now)
    if acuse.state == AcuseState.ACCEPTED and acuse.nss != number:
        lock_unsent(acuse.request.enrollment)
        revoke_summaries(acuse.request.enrollment, now=now)
        give_nss(acuse.request.enrollment.student, number, instead_of=acuse.nss)
    acuse.nss = number
    acuse.save(update_fields=["nss"])
    return acuse


@transaction.atomic
def undo_review(acuse: Acuse, *, by: User, now: datetime, reason: str = "") -> Acuse:
    """Put a decided acuse back into review and stop its mail if it has not left yet.

    The request goes back to where it was: an errand that was at the Subdelegación is there again. The summary
    that names its number is revoked.

    Within the undo window the reviewer who decided needs no reason; later, or for a colleague's decision,
    one must be written. Raises TransitionNotAllowed for an acuse that is not decided, no longer the newest, or
    returned before the NSS was proven another way; ReasonTooShort without the reason; SentToIMSS once a batch has it.
    """
    acuse = lock_acuse(acuse)
    before = acuse.state
    if before not in {AcuseState.ACCEPTED, AcuseState.RETURNED} or not is_newest(acuse):
        raise TransitionNotAllowed(before, AcuseState.RECEIVED)
    if not _is_in_window(acuse, by=by, now=now) and len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort
    check(ACUSE_MOVES, before, AcuseState.RECEIVED)
    if before == AcuseState.RETURNED and acuse.request.state == RequestState.PROVEN:
        raise TransitionNotAllowed(before, AcuseState.RECEIVED)
    enrollment = acuse.request.enrollment
    if before == AcuseState.ACCEPTED:
        lock_unsent(enrollment)
    if before == AcuseState.ACCEPTED or acuse.return_reason == ReturnReason.IMSS_DATA_WRONG:
        unprove(acuse.request, now=now)
    if before == AcuseState.ACCEPTED:
        revoke_summaries(enrollment, now=now)
        take_nss_back(enrollment.student)
    acuse.state = AcuseState.RECEIVED
    acuse.nss = acuse.reviewed_at = acuse.reviewed_by = None
    acuse.return_reason = acuse.return_note = ""
    acuse.save(update_fields=_DECISION)
    cancel(about(enrollment), messages=["M-08", "M-09", "M-10"])
    stop_clock_again(enrollment, PauseReason.REVIEW, now=now)
    data = {"folio": acuse.folio, "from": before, "reason": reason.strip()}
    timeline.record(enrollment, Event.REVIEW_UNDONE, by=by, at=now, data=data)
    return acuse


def _return(acuse: Acuse, reason: ReturnReason, note: str, *, by: User, now: datetime) -> Acuse:
    acuse = _lock_to_decide(acuse, AcuseState.RETURNED)
    acuse.return_reason, acuse.return_note, acuse.nss = reason, note, None
    _decide(acuse, AcuseState.RETURNED, by=by, now=now)
    data = {"folio": acuse.folio, "reason": reason.label, "note": note}
    timeline.record(acuse.request.enrollment, Event.ACUSE_RETURNED, by=by, at=now, data=data)
    return acuse


def _lock_to_decide(acuse: Acuse, state: AcuseState) -> Acuse:
    locked = lock_acuse(acuse)
    check(ACUSE_MOVES, locked.state, state)
    if not is_open(locked.request.enrollment):
        raise StayOver
    return locked


def _decide(acuse: Acuse, state: AcuseState, *, by: User, now: datetime) -> None:
    acuse.state, acuse.reviewed_at, acuse.reviewed_by = state, now, by
    acuse.seen_at = acuse.seen_by = None
    acuse.save(
        update_fields=[*_DECISION, "seen_at", "seen_by"],
    )


def _note_correction(
    acuse: Acuse, number: str, override_reason: str, *, by: User, now: datetime
) -> None:
    """One line of history when staff say another number than the acuse had so far."""
    before = acuse.nss or read_nss(reading_of(acuse)) or acuse.typed_nss
    if before == number:
        return
    data: dict[str, Any] = {
        "folio": acuse.folio,
        "before": mask_nss(before),
        "after": mask_nss(number),
        "override_reason": override_reason.strip(),
    }
    timeline.record(acuse.request.enrollment, Event.NSS_CORRECTED, by=by, at=now, data=data)


def _is_in_window(acuse: Acuse, *, by: User, now: datetime) -> bool:
    return (
        acuse.reviewed_by_id == by.pk
        and acuse.reviewed_at is not None
        and now - acuse.reviewed_at <= UNDO_WINDOW
    )


def _tell(acuse: Acuse, message: str, context: dict[str, Any], *, now: datetime) -> None:
    """The mail of the decision leaves after the undo window; what was still waiting to be said is dropped."""
    enrollment = acuse.request.enrollment
    cancel(about(enrollment), messages=["M-06", "M-08", "M-09"])
    queue(
        f"acuse:{acuse.pk}:{message}:{now.isoformat()}",
        message,
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context=context,
        now=now,
        not_before=now + UNDO_WINDOW,
    )
