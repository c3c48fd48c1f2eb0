"""Who is enrolled but not in the list: «probables bajas», decided by a person, one by one or all at once."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from common.transitions import TransitionNotAllowed
from school.models import User
from students import timeline
from students.actions.bajas import lock_stays, reinstate_student, withdraw_students
from students.models import Enrollment, RosterImport, TimelineEntry
from students.queries.roster_imports import undecided_stays, withdrawn_stays
from students.states import BajaKind, EnrollmentState, Event, MissingDecision


@transaction.atomic
def decide_missing(
    roster_import: RosterImport,
    decisions: Mapping[int, str],
    *,
    on_date: date,
    by: User,
    now: datetime,
) -> None:
    """End some of the stays that the list does not name and keep others, by their id.

    Each said with a MissingDecision; `on_date` is the day of every baja. Raises TransitionNotAllowed if somebody
    decided one of them first, BajaDateRefused; then none is decided.
    """
    roster_import = _locked(roster_import)
    undecided = {stay.pk: stay for stay in undecided_stays(roster_import)}
    if decisions.keys() - undecided.keys():
        raise TransitionNotAllowed("decided", "decided")
    kept = [pk for pk, said in decisions.items() if said == MissingDecision.KEEP]
    withdrawn = [pk for pk in decisions if pk not in kept]
    lock_stays(withdrawn)  # all of them before those of one kind: one order for all
    for kind in {decisions[pk] for pk in withdrawn}:
        withdraw_students(
            [pk for pk in withdrawn if decisions[pk] == kind],
            kind=BajaKind(kind),
            on_date=on_date,
            by=by,
            now=now,
            folio=roster_import.folio or "",
        )
    _keep(roster_import, kept, by=by, now=now)
    _add(roster_import, withdrawn=withdrawn, kept=kept)


@transaction.atomic
def keep_all_missing(roster_import: RosterImport, *, by: User, now: datetime) -> int:
    """Say that the list is only of some groups, so whoever is not in it is enrolled; returns how many."""
    roster_import = _locked(roster_import)
    kept = [stay.pk for stay in undecided_stays(roster_import)]
    _keep(roster_import, kept, by=by, now=now)
    _add(roster_import, withdrawn=[], kept=kept)
    return len(kept)


@transaction.atomic
def reinstate(
    roster_import: RosterImport, enrollment: Enrollment, *, by: User, now: datetime
) -> None:
    """Take back a baja that was decided on this list.

    Raises TransitionNotAllowed for one that was not, and what reinstate_student raises.
    """
    roster_import = _locked(roster_import)
    if not withdrawn_stays(roster_import).filter(pk=enrollment.pk).exists():
        raise TransitionNotAllowed(enrollment.state, EnrollmentState.ACTIVE)
    reinstate_student(enrollment, by=by, now=now, folio=roster_import.folio or "")
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
