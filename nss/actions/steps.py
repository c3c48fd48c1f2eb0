"""What every action about a request shares: its locks, the number, the deadline, whom to write to."""

from datetime import datetime

from django.db import IntegrityError, transaction

from common.transitions import check
from notices.actions import Recipient
from nss.actions.errors import (
    SENT_ELSEWHERE,
    NSSAlreadyTaken,
    OtherNSSProven,
    OverrideReasonMissing,
    SentToIMSS,
)
from nss.models import Acuse, NSSRequest
from nss.queries.reasons import SHORTEST_REASON
from nss.states import REQUEST_MOVES, ProofRoute, RequestState
from school.models import User
from students.actions.clock import resume_clock, stop_clock_again
from students.actions.reminders import look_again
from students.identity.nss import nss_has_valid_digit, parse_nss
from students.models import Enrollment, Student
from students.states import PauseReason

_PROOF = ["state", "undo_to", "route", "proven_at", "proven_by", "override_reason"]


def lock_request(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """Open the student's request if there is none, and lock it: one change of it at a time.

    What is about to change may be whose turn it is, so the reminders look again.
    """
    NSSRequest.objects.get_or_create(enrollment=enrollment, defaults={"created_at": now})
    request = NSSRequest.objects.select_for_update(of=("self",)).get(enrollment=enrollment)
    request.enrollment = enrollment
    look_again([enrollment.pk])
    return request


def lock_unsent(enrollment: Enrollment) -> None:
    """Hold the stay, so that no batch takes its number meanwhile.

    Raises SentToIMSS once one did, in whichever stay of the person: the number is the same in all of them.
    """
    stay = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    if stay.sent_to_imss_at:
        raise SentToIMSS
    stays = Enrollment.objects.filter(student=stay.student_id, sent_to_imss_at__isnull=False)
    if stays.exists():
        raise SentToIMSS(SENT_ELSEWHERE)


def lock_acuse(acuse: Acuse) -> Acuse:
    """Lock the request and then the acuse, always in this order, and return the acuse as it is now.

    What is about to change may be whose turn it is, so the reminders look again.
    """
    request = NSSRequest.objects.select_for_update(of=("self",)).get(pk=acuse.request_id)
    look_again([request.enrollment_id])
    locked = (
        Acuse.objects.select_for_update(of=("self",))
        .select_related(
            "file",
            "request__enrollment__student",
            "request__enrollment__plantel",
            "request__enrollment__cycle",
        )
        .get(pk=acuse.pk)
    )
    request.enrollment = locked.request.enrollment
    locked.request = request
    return locked


def checked_nss(text: str, *, override_reason: str) -> str:
    """Return the eleven digits that staff may register.

    Raises NssError, or OverrideReasonMissing when the digit fails and no reason says why it is right.
    """
    nss = parse_nss(text, check_digit=False)
    if not nss_has_valid_digit(nss) and len(override_reason.strip()) < SHORTEST_REASON:
        raise OverrideReasonMissing
    return nss


def give_nss(student: Student, nss: str, *, instead_of: str | None = None) -> None:
    """Write the number into the person's row, in place of `instead_of` when that is corrected.

    Who calls holds the stay first, as who imports a list does. The constraint decides, so two planteles at the same
    moment get one student and one NSSAlreadyTaken.
    Raises OtherNSSProven when the person already has another number.
    """
    person = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if person.nss and person.nss not in {nss, instead_of}:
        raise OtherNSSProven
    person.nss = nss
    try:
        with transaction.atomic():
            person.save(update_fields=["nss"])
    except IntegrityError:
        raise NSSAlreadyTaken from None
    student.nss = nss


def prove(
    request: NSSRequest, route: ProofRoute, override_reason: str, *, by: User, now: datetime
) -> None:
    """Call a locked request proven, and keep where undoing it leads back to; an errand is over with it.

    Raises TransitionNotAllowed if it is proven already.
    """
    check(REQUEST_MOVES, request.state, RequestState.PROVEN)
    request.undo_to, request.state = request.state, RequestState.PROVEN
    request.route, request.override_reason = route, override_reason.strip()
    request.proven_at, request.proven_by = now, by
    request.save(update_fields=_PROOF)
    if request.undo_to == RequestState.AT_SUBDELEGACION:
        resume_clock(request.enrollment, PauseReason.SUBDELEGACION, now=now)


def unprove(request: NSSRequest, *, now: datetime) -> None:
    """Take a locked request back to where it was before the last decision about it, its clock too."""
    target = request.undo_to or RequestState.OPEN
    if request.state != target:
        check(REQUEST_MOVES, request.state, target)
        if target == RequestState.AT_SUBDELEGACION:
            stop_clock_again(request.enrollment, PauseReason.SUBDELEGACION, now=now)
        elif request.state == RequestState.AT_SUBDELEGACION:
            resume_clock(request.enrollment, PauseReason.SUBDELEGACION, now=now)
    request.state, request.undo_to = target, ""
    request.route = request.override_reason = ""
    request.proven_at = request.proven_by = None
    request.save(update_fields=_PROOF)


def take_nss_back(student: Student) -> None:
    """Leave the person without a number, unless another stay proved it too."""
    person = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if not NSSRequest.objects.filter(
        enrollment__student=person, state=RequestState.PROVEN
    ).exists():
        person.nss = None
        person.save(update_fields=["nss"])
    student.nss = person.nss


def recipient_of(enrollment: Enrollment) -> Recipient:
    """Return the student's mailbox: the one given in the data, else that of the roster."""
    data = getattr(enrollment, "data", None)
    email = (data.email if data else "") or enrollment.roster_email
    return Recipient(email=email, name=enrollment.student.full_name)


def about(enrollment: Enrollment) -> str:
    """Return how notices name the stay they speak of."""
    return f"enrollment:{enrollment.pk}"
