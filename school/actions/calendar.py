"""Writes to the planteles' own non-working days: whole ranges, in one plantel or in many."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from school.models import NonWorkingDay, User


class NothingChanges(Exception):
    """The range holds no day that would begin or cease to count."""

    sentence = "Con ese rango no cambia ningún día: revisar las fechas y los planteles"


@transaction.atomic
def add_days(days: Mapping[int, Collection[date]], *, reason: str, by: User, now: datetime) -> int:
    """Make these days not count, by the id of the plantel; returns how many. Raises NothingChanges."""
    rows = [
        NonWorkingDay(plantel_id=plantel, date=day, reason=reason.strip())
        for plantel, added in days.items()
        for day in sorted(added)
    ]
    if not rows:
        raise NothingChanges
    bulk_create_with_history(
        rows, NonWorkingDay, batch_size=1_000, default_user=by, default_date=now
    )
    return len(rows)


@transaction.atomic
def remove_days(days: Mapping[int, Collection[date]], *, by: User, now: datetime) -> int:
    """Make these own days count again, by the id of the plantel; returns how many. Raises NothingChanges."""
    wanted = {(plantel, day) for plantel, removed in days.items() for day in removed}
    rows = [
        row
        for row in NonWorkingDay.objects.filter(plantel__in=days)
        if (row.plantel_id, row.date) in wanted
    ]
    if not rows:
        raise NothingChanges
    past = NonWorkingDay.history.model
    past.objects.bulk_create(
        [
            past(
                id=row.pk,
                plantel_id=row.plantel_id,
                date=row.date,
                reason=row.reason,
                history_date=now,
                history_user=by,
                history_type="-",
            )
            for row in rows
        ],
        batch_size=1_000,
    )
    gone = NonWorkingDay.objects.filter(pk__in=[row.pk for row in rows])
    gone._raw_delete(gone.db)  # a plain delete would write the history again, row by row
    return len(rows)
