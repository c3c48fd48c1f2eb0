"""Changes of a calendar or of a ciclo's rule, with the deadlines of everybody whom they touch."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common.bulk import Among
from followup.queries.calendars import DayChange, preview_days
from followup.queries.recount import Recount
from school.actions.calendar import add_days, remove_days
from school.models import Plantel, User
from students.actions.reminders import look_again
from students.actions.roster_copy import tables
from students.models import Enrollment, NextLook

if TYPE_CHECKING:
    from django.db.models import QuerySet

STAYS_A_STATEMENT = 20_000
"""They take a second, of the five that a statement of a page may take."""


@transaction.atomic
def change_days(change: DayChange, *, by: User, now: datetime) -> Recount:
    """Add or take away the days of a range and keep the deadlines that follow; says whose changed.

    A date once told is never brought nearer. The statements grow with the dates that come out, not with the
    students. Raises NothingChanges.
    """
    lock_stays(Enrollment.objects.filter(plantel__in=change.planteles), change.planteles)
    preview = preview_days(change, enrolled_on=change.first)
    if change.is_removal:
        remove_days(preview.days, by=by, now=now)
    else:
        add_days(preview.days, reason=change.reason, by=by, now=now)
    keep_deadlines(preview.recount)
    return preview.recount


def lock_stays(stays: "QuerySet[Enrollment]", planteles: Iterable[Plantel]) -> None:
    """Hold the next looks of these stays and then the stays: nobody computes a date meanwhile.

    Imports into the planteles wait, and so does who else changes their days or a ciclo.
    """
    tables().queue_on(planteles)
    looks = NextLook.objects.filter(enrollment__in=stays).select_for_update(of=("self",))
    list(looks.order_by("pk").values_list("pk"))
    held = stays.select_for_update(of=("self",), no_key=True)
    list(held.order_by("pk").values_list("pk"))


def keep_deadlines(recount: Recount) -> None:
    """Write the new dates, one statement for each date; the reminders look at these stays again.

    More than STAYS_A_STATEMENT of one date are several statements.
    """
    for due_on, keys in recount.dates.items():
        for start in range(0, len(keys), STAYS_A_STATEMENT):
            some = keys[start : start + STAYS_A_STATEMENT]
            Enrollment.objects.filter(Among("pk", some)).update(acuse_due_on=due_on)
    look_again(recount.changed)
