"""The moves of a case of Subdelegación: opened with its report, looked at, asked for, ended."""

from datetime import datetime

from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from followup.actions.errors import CaseClosed
from followup.causes import TO_DECIDE
from followup.models import Escalation, StudentReport
from followup.queries.escalations import missing_data, waiting_items
from followup.states import ESCALATION_MOVES, EscalationCause, EscalationState, ItemOutcome
from school.models import User
from students import timeline
from students.models import Enrollment
from students.states import Event


def open_escalation(report: StudentReport, cause: EscalationCause, *, now: datetime) -> Escalation:
    """Begin the plantel's work on a case that was just reported, in the report's transaction."""
    stay = report.enrollment
    return Escalation.objects.create(
        report=report,
        plantel=stay.plantel,
        cause=cause,
        state=_first_state(stay, cause),
        moved_at=now,
    )


@transaction.atomic
def classify_escalation(
    case: Escalation, *, cause: EscalationCause, by: User, now: datetime
) -> Escalation:
    """Write down why the page gave no number, and look again whether the data are complete.

    With a cause that the Subdelegación can do nothing about the case waits until somebody closes it. Raises
    CaseClosed, TransitionNotAllowed once it is in an oficio.
    """
    case = lock_escalation(case)
    wanted = _first_state(case.report.enrollment, cause)
    if case.state not in {EscalationState.REPORTED, EscalationState.READY}:
        raise TransitionNotAllowed(case.state, wanted)
    case.cause = cause
    move_escalation(case, wanted, now=now, missing=case.missing)
    case.save(update_fields=["cause"])
    data = {"folio": case.report.folio, "cause": cause.label}
    timeline.record(case.report.enrollment, Event.CASE_CLASSIFIED, by=by, at=now, data=data)
    return case


def lock_escalation(case: Escalation) -> Escalation:
    """Return the case as it is now, locked. Raises CaseClosed once it is over."""
    locked = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("plantel", "report__enrollment__student", "report__enrollment__plantel")
        .get(pk=case.pk)
    )
    if not locked.is_open:
        raise CaseClosed
    return locked


def move_escalation(
    case: Escalation, state: EscalationState, *, now: datetime, missing: str = ""
) -> None:
    """Move a locked case and begin a new round; where it is already, it only stays there, moved now."""
    if case.state != state:
        check(ESCALATION_MOVES, case.state, state)
    case.state, case.missing = state, missing
    case.moved_at, case.round = now, case.round + 1
    case.save(update_fields=["state", "missing", "moved_at", "round"])


def end_escalation(
    report: StudentReport, state: EscalationState, *, note: str, by: User, now: datetime
) -> None:
    """End the case of a report that is being closed, and its row in an oficio; other reports have none."""
    case = Escalation.objects.select_for_update(of=("self",)).filter(report=report).first()
    if case is None:
        return
    move_escalation(case, state, now=now)
    is_given = state == EscalationState.RESOLVED
    outcome = ItemOutcome.NSS if is_given else ItemOutcome.REFUSED
    end_item(case, outcome, note="" if is_given else note, by=by, now=now)


def end_item(case: Escalation, outcome: ItemOutcome, *, note: str, by: User, now: datetime) -> None:
    """Write the answer into the row in which a locked case stands, if it stands in an oficio."""
    waiting_items(case).update(outcome=outcome, note=note, answered_at=now, answered_by=by)


def _first_state(stay: Enrollment, cause: str) -> EscalationState:
    is_ready = cause not in TO_DECIDE and not missing_data(stay)
    return EscalationState.READY if is_ready else EscalationState.REPORTED
