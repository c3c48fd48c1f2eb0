"""Who is enrolled but not in the list: «probables bajas», decided by a person, one by one or all at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.transitions import TransitionNotAllowed, check
from notices.actions import cancel
from notices.messages import MESSAGES
from school.models import User
from students import timeline
from students.actions.clock import pause_clocks, resume_clock
from students.actions.reminders import look_again
from students.actions.summaries import revoke_stay_papers
from students.models import Enrollment, RosterImport, TimelineEntry
from students.queries.roster_imports import undecided_stays, withdrawn_stays
from students.states import (
    ENROLLMENT_MOVES,
    OPEN_ENROLLMENT,
    EnrollmentState,
    Event,
    MissingDecision,
    PauseReason,
)


class EnrolledAgain(Exception):
    """The person or the matrícula has another open stay meanwhile."""

    sentence = "Ya tiene otra inscripción abierta, o alguien más usa su matrícula: no hay baja que deshacer"


@transaction.atomic
def decide_missing(
    roster_import: RosterImport, decisions: Mapping[int, str], *, by: User, now: datetime
) -> None:
    """This will withdraw some of who is not in the list and keep others, by the id of their stay.

    Raises TransitionNotAllowed if somebody decided one of them first; then none is decided.
    """
    roster_import = _locked(roster_import)
    undecided = {stay.pk: stay for stay in undecided_stays(roster_import)}
    if decisions.keys() - undecided.keys():
        raise TransitionNotAllowed("decided", "decided")
    withdrawn = [pk for pk, said in decisions.items() if said == MissingDecision.WITHDRAW]
    kept = [pk for pk, said in decisions.items() if said == MissingDecision.KEEP]
    for pk in withdrawn:
        withdraw(undecided[pk], folio=roster_import.folio or "", by=by, now=now)
    _keep(roster_import, kept, by=by, now=now)
    _add(roster_import, withdrawn=withdrawn, kept=kept)


@transaction.atomic
def keep_all_missing(roster_import: RosterImport, *, by: User, now: datetime) -> int:
    """This will say that the list is only of some groups, so whoever is not in it is enrolled; returns how many."""
    roster_import = _locked(roster_import)
    kept = [stay.pk for stay in undecided_stays(roster_import)]
    _keep(roster_import, kept, by=by, now=now)
    _add(roster_import, withdrawn=[], kept=kept)
    return len(kept)


@transaction.atomic
def withdraw(enrollment: Enrollment, *, folio: str, by: User, now: datetime) -> None:
    """This will end a stay because the list `folio` no longer names it. Raises TransitionNotAllowed.

    Mails that wait to be sent about the stay are cancelled, its summary and citatorio are revoked.
    """
    enrollment = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(
        pk=enrollment.pk
    )
    check(ENROLLMENT_MOVES, enrollment.state, EnrollmentState.WITHDRAWN)
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save(update_fields=["state"])
    pause_clocks([enrollment.pk], PauseReason.WITHDRAWN, now=now)
    timeline.record(enrollment, Event.WITHDRAWN, by=by, at=now, data={"folio": folio})
    revoke_stay_papers(enrollment, now=now)
    cancel(f"enrollment:{enrollment.pk}", messages=MESSAGES)


@transaction.atomic
def reinstate(
    roster_import: RosterImport, enrollment: Enrollment, *, by: User, now: datetime
) -> None:
    """This will take back a baja that was decided on this list. Raises TransitionNotAllowed, EnrolledAgain."""
    roster_import = _locked(roster_import)
    look_again([enrollment.pk])
    enrollment = Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    check(ENROLLMENT_MOVES, enrollment.state, EnrollmentState.ACTIVE)
    if not withdrawn_stays(roster_import).filter(pk=enrollment.pk).exists():
        raise TransitionNotAllowed(enrollment.state, EnrollmentState.ACTIVE)
    others = Enrollment.objects.filter(
        Q(student=enrollment.student_id) | Q(matricula=enrollment.matricula),
        state__in=OPEN_ENROLLMENT,
    )
    if others.exists():
        raise EnrolledAgain
    enrollment.state = EnrollmentState.ACTIVE
    enrollment.save(update_fields=["state"])
    resume_clock(enrollment, PauseReason.WITHDRAWN, now=now)
    data = {"folio": roster_import.folio}
    timeline.record(enrollment, Event.REINSTATED, by=by, at=now, data=data)
    _add(roster_import, withdrawn=[], kept=[enrollment.pk])


def _locked(roster_import: RosterImport) -> RosterImport:
    return RosterImport.objects.select_for_update(of=("self",)).get(pk=roster_import.pk)


def _keep(roster_import: RosterImport, stays: list[int], *, by: User, now: datetime) -> None:
    timeline.record_many(
        TimelineEntry(
            enrollment_id=pk,
            event=Event.STILL_ENROLLED,
            at=now,
            by=by,
            data={"folio": roster_import.folio},
        )
        for pk in stays
    )


def _add(roster_import: RosterImport, *, withdrawn: list[int], kept: list[int]) -> None:
    report = roster_import.report
    report["withdrawn"] = sorted({*report.get("withdrawn", []), *withdrawn})
    report["kept"] = sorted({*report.get("kept", []), *kept})
    roster_import.save(update_fields=["report"])
