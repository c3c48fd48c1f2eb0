"""The plantel's own ways to a proven NSS: at the window, or by an errand at the Subdelegación."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.transitions import TransitionNotAllowed, check
from notices.actions import cancel, queue
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import (
    about,
    checked_nss,
    give_nss,
    lock_request,
    lock_unsent,
    prove,
    recipient_of,
    take_nss_back,
    unprove,
)
from nss.models import NSSRequest
from nss.states import REQUEST_MOVES, AcuseState, ProofRoute, RequestState
from school.models import User
from students import timeline
from students.actions.clock import hold_stay, pause_clocks, resume_clock, stop_clock_again
from students.actions.summaries import revoke_summaries
from students.identity.nss import mask_nss
from students.models import Enrollment
from students.states import Event, PauseReason


@transaction.atomic
def register_nss(
    enrollment: Enrollment,
    *,
    nss: str,
    route: ProofRoute,
    by: User,
    now: datetime,
    override_reason: str = "",
) -> NSSRequest:
    """Register a number proven on paper at the window, or answered by the Subdelegación.

    An acuse still in review is replaced: there is nothing left to review. Raises NssError or
    OverrideReasonMissing for a number that cannot be one, NSSAlreadyTaken if another student holds it,
    OtherNSSProven if the student has another, TransitionNotAllowed if the NSS is proven already.
    """
    number = checked_nss(nss, override_reason=override_reason)
    request = lock_request(enrollment, now=now)
    check(REQUEST_MOVES, request.state, RequestState.PROVEN)
    hold_stay(enrollment)
    give_nss(enrollment.student, number)
    prove(request, route, override_reason, by=by, now=now)
    request.acuses.filter(state__in=[AcuseState.DRAFT, AcuseState.RECEIVED]).update(
        state=AcuseState.REPLACED
    )
    resume_clock(enrollment, PauseReason.REVIEW, now=now)
    cancel(about(enrollment), messages=["M-06", "M-08", "M-10", "M-26"])
    data = {
        "route": ProofRoute(route).label,
        "nss": mask_nss(number),
        "override_reason": request.override_reason,
    }
    timeline.record(enrollment, Event.NSS_REGISTERED, by=by, at=now, data=data)
    if route == ProofRoute.SUBDELEGACION:
        _tell_obtained(request, now=now)
    return request


@transaction.atomic
def send_to_subdelegacion(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """Make the NSS the plantel's errand at the Subdelegación: student and clock wait (S-02).

    The line of history is the report's, written by who calls. Raises TransitionNotAllowed when it is there
    already or the NSS is proven.
    """
    request = lock_request(enrollment, now=now)
    if request.state != RequestState.OPEN:
        raise TransitionNotAllowed(request.state, RequestState.AT_SUBDELEGACION)
    request.state = RequestState.AT_SUBDELEGACION
    request.save(update_fields=["state"])
    pause_clocks([enrollment.pk], PauseReason.SUBDELEGACION, now=now)
    return request


@transaction.atomic
def end_errand(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """Give the errand back to the student; a number proven meanwhile stays proven.

    Undoing that proof then asks the student too, not the Subdelegación. Twice is once. The line of history
    is the report's, written by who calls.
    """
    request = lock_request(enrollment, now=now)
    if request.state == RequestState.AT_SUBDELEGACION:
        check(REQUEST_MOVES, request.state, RequestState.OPEN)
        request.state = RequestState.OPEN
    request.undo_to = ""
    request.save(update_fields=["state", "undo_to"])
    resume_clock(enrollment, PauseReason.SUBDELEGACION, now=now)
    cancel(about(enrollment), messages=["M-10", "M-26"])
    return request


@transaction.atomic
def unregister_nss(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """Take back a number that the Subdelegación did not give: the plantel asks for it again (S-02).

    The clock stands as before, a summary that names the number is revoked, and the mail about it stops if it has
    not left. The line of history is written by who calls. Raises TransitionNotAllowed unless it was registered as
    the answer to an errand, SentToIMSS once a batch has it.
    """
    request = lock_request(enrollment, now=now)
    is_answer = request.route == ProofRoute.SUBDELEGACION
    if not is_answer or request.undo_to != RequestState.AT_SUBDELEGACION:
        raise TransitionNotAllowed(request.state, RequestState.AT_SUBDELEGACION)
    lock_unsent(enrollment)
    revoke_summaries(enrollment, now=now)
    unprove(request, now=now)
    take_nss_back(enrollment.student)
    cancel(about(enrollment), messages=["M-11"])
    return request


@transaction.atomic
def resume_errand(enrollment: Enrollment, *, since: datetime, now: datetime) -> NSSRequest:
    """Make the NSS the plantel's errand again, as if it had not been given back at `since` (end_errand).

    The line of history is written by who calls. Raises TransitionNotAllowed once the student went on: with an
    acuse, another errand or a proven number.
    """
    request = lock_request(enrollment, now=now)
    went_on = Q(created_at__gt=since) | Q(state=AcuseState.RECEIVED)
    if request.state != RequestState.OPEN or request.acuses.filter(went_on).exists():
        raise TransitionNotAllowed(request.state, RequestState.AT_SUBDELEGACION)
    check(REQUEST_MOVES, request.state, RequestState.AT_SUBDELEGACION)
    request.state = RequestState.AT_SUBDELEGACION
    request.save(update_fields=["state"])
    stop_clock_again(enrollment, PauseReason.SUBDELEGACION, now=now)
    return request


def _tell_obtained(request: NSSRequest, *, now: datetime) -> None:
    """Who was told to wait for the plantel's errand learns that it ended well, after the undo window."""
    enrollment = request.enrollment
    queue(
        f"request:{request.pk}:obtained:{now.isoformat()}",
        "M-11",
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context={},
        now=now,
        not_before=now + UNDO_WINDOW,
    )
