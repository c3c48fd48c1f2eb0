"""The student's clock: stopped while somebody else has the ball, and the deadline that is kept of it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from common.bulk import Among
from students.actions.reminders import look_again
from students.models import ClockPause, Enrollment
from students.queries.deadlines import acuse_deadline
from students.states import PauseReason


def pause_clocks(enrollments: Collection[int], reason: PauseReason, *, now: datetime) -> None:
    """Stop the clocks of these stays, given by id; one that stands for that reason goes on standing.

    Two statements for any number: while the clock stands there is no deadline.
    """
    ClockPause.objects.bulk_create(
        [ClockPause(enrollment_id=pk, reason=reason, started_at=now) for pk in enrollments],
        ignore_conflicts=True,
        batch_size=5_000,
    )
    Enrollment.objects.filter(Among("pk", enrollments)).update(acuse_due_on=None)


def resume_clock(
    enrollment: Enrollment,
    reason: PauseReason,
    *,
    now: datetime,
    is_return: bool = False,
    is_told: bool = False,
) -> None:
    """End the pause of that reason, if there is one, and keep the deadline that the student has now.

    `is_return` gives at least two business days from now on; `is_told` as in keep_deadline.
    """
    open_pause = ClockPause.objects.filter(
        enrollment=enrollment, reason=reason, ended_at__isnull=True
    )
    # Who waited for the lock read the clock before who began the pause did: it ends no earlier than it began.
    open_pause.update(ended_at=Greatest("started_at", Value(now)), is_return=is_return)
    keep_deadline(enrollment, is_told=is_told)


def stop_clock_again(enrollment: Enrollment, reason: PauseReason, *, now: datetime) -> None:
    """Take back that the clock went on: the last pause of that reason never ended."""
    last = ClockPause.objects.filter(enrollment=enrollment, reason=reason).order_by("-started_at")
    last.filter(pk=last.values("pk")[:1]).update(ended_at=None, is_return=False)
    pause_clocks([enrollment.pk], reason, now=now)


def hold_stay(enrollment: Enrollment) -> Enrollment:
    """Lock the stay and return it as it is now: its clock does not move until we are done."""
    stay = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    stay.plantel = enrollment.plantel
    return stay


def keep_deadline(enrollment: Enrollment, *, is_told: bool = False) -> None:
    """Bring the cached deadline up to date; a date once told to the student is never shortened.

    The stay is locked first and its ciclo read after that, so a new calendar, a new rule and a new event never
    overwrite each other's date; who calls has looked again before, in the order of nss.actions. While the clock
    stands there is none, and nothing to tell.
    """
    stay = hold_stay(enrollment)
    due_on = acuse_deadline(stay).date
    stay.acuse_due_on = due_on and max(filter(None, [due_on, stay.told_due_on]))
    if is_told:
        stay.told_due_on = stay.acuse_due_on or stay.told_due_on
    stay.save(update_fields=["acuse_due_on", "told_due_on"])
    look_again([stay.pk])
    enrollment.acuse_due_on, enrollment.told_due_on = stay.acuse_due_on, stay.told_due_on
