"""The day of the clinic step: put off, brought forward or withdrawn, and told to who had been told another."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from clinics.actions.errors import DayHasPassed, NobodyToMove
from clinics.actions.steps import draft_of, invitations, local_day
from clinics.models import UMFRegistration
from clinics.queries.insured import insured_stays
from clinics.queries.openings import who_was_told
from clinics.queries.still_due import MOVED, OPENED, WITHDRAWN
from clinics.states import RegistrationState
from common.bulk import Among
from notices.actions import Draft, cancel_many, queue_many
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import about
from school.models import User
from students import timeline
from students.actions.reminders import hold_stays
from students.models import Enrollment, TimelineEntry
from students.states import Event


@transaction.atomic
def move_openings(
    enrollments: Sequence[Enrollment], *, opens_on: date, by: User, now: datetime
) -> list[UMFRegistration]:
    """Open the step on another day for each of these who has not registered yet.

    The invitations that wait leave on the new day instead. Who was told of a day already is told the new one after
    the undo window (M-13b), and not again on that same day. The number of statements does not grow with the
    selection. Raises NobodyToMove and DayHasPassed.
    """
    moved = [one for one in _held(enrollments) if one.opens_on != opens_on]
    if not moved:
        raise NobodyToMove
    if any(opens_on < local_day(now, one.enrollment) for one in moved):
        raise DayHasPassed
    before = {one.pk: one.opens_on.isoformat() for one in moved}
    UMFRegistration.objects.filter(Among("pk", before)).update(opens_on=opens_on)
    for one in moved:
        one.opens_on = opens_on
    _record(
        moved,
        Event.CLINIC_MOVED,
        {pk: {"from": day, "opens_on": opens_on.isoformat()} for pk, day in before.items()},
        by=by,
        now=now,
    )
    told = _stop_mails(moved)
    queue_many(
        (draft for one in moved for draft in _mails(one, was_told=one.pk in told, now=now)),
        now=now,
    )
    return moved


@transaction.atomic
def withdraw_openings(enrollments: Sequence[Enrollment], *, by: User, now: datetime) -> int:
    """Close the step again for each of these who has not registered yet; returns for how many.

    Nothing is asked of them until it is opened anew. Who was told of a day already is told so after the undo window
    (M-13c). The number of statements does not grow with the selection. Raises NobodyToMove.
    """
    withdrawn = _held(enrollments)
    if not withdrawn:
        raise NobodyToMove
    told = _stop_mails(withdrawn)
    days = {one.pk: {"opens_on": one.opens_on.isoformat()} for one in withdrawn}
    _record(withdrawn, Event.CLINIC_WITHDRAWN, days, by=by, now=now)
    queue_many(
        (
            draft_of(
                f"clinic:{one.pk}:withdrawn",
                WITHDRAWN,
                one.enrollment,
                not_before=now + UNDO_WINDOW,
            )
            for one in withdrawn
            if one.pk in told
        ),
        now=now,
    )
    UMFRegistration.objects.filter(Among("pk", days)).delete()
    return len(withdrawn)


def _held(enrollments: Sequence[Enrollment]) -> list[UMFRegistration]:
    """The open steps of these students as they are now, locked after their stays."""
    keys = [enrollment.pk for enrollment in enrollments]
    hold_stays(keys)
    rows = UMFRegistration.objects.select_for_update(of=("self",)).filter(
        Among("enrollment", keys),
        state=RegistrationState.INVITED,
        enrollment__in=insured_stays(),
    )
    related = "enrollment__student", "enrollment__plantel", "enrollment__data"
    return list(rows.select_related(*related).order_by("pk"))


def _stop_mails(registrations: Sequence[UMFRegistration]) -> set[int]:
    """No word of the former day leaves any more; returns whose step was spoken of already.

    In this order: a mail that is being begun is waited for, and is then one that was told.
    """
    cancel_many([about(one.enrollment) for one in registrations], messages=[OPENED, MOVED])
    return who_was_told(registrations)


def _mails(registration: UMFRegistration, *, was_told: bool, now: datetime) -> list[Draft]:
    first, reminder = invitations(registration, now=now)
    if not was_told:
        return [first, reminder]
    stay, day = registration.enrollment, registration.opens_on
    said = draft_of(
        f"clinic:{registration.pk}:{now.isoformat()}:moved",
        MOVED,
        stay,
        not_before=now + UNDO_WINDOW,
        opens_on=day.isoformat(),
    )
    return [said, reminder] if day == local_day(now, stay) else [said, first, reminder]


def _record(
    registrations: Sequence[UMFRegistration],
    event: Event,
    data: dict[int, dict[str, Any]],
    *,
    by: User,
    now: datetime,
) -> None:
    timeline.record_many(
        TimelineEntry(enrollment=one.enrollment, event=event, at=now, by=by, data=data[one.pk])
        for one in registrations
    )
