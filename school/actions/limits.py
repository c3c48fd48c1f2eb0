"""Counters of attempts, in the database: a flushed cache or a second server resets nothing (security T11)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from school.models import RateCounter

STEP = timedelta(minutes=1)
LONGEST_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts under `key` in any stretch of `window` (whole minutes, at most an hour)."""

    key: str
    most: int
    window: timedelta


@transaction.atomic(durable=True)
def count_attempt(*limits: Limit, now: datetime) -> bool:
    """Count one attempt under all the limits, or under none when one of them is used up.

    Returns whether the attempt may go on. It counts before the attempt is made, so a hundred at once get no
    further than one after the other. It commits by itself, so the count survives whatever happens next.
    """
    minute = _minute(now)
    keys = sorted({limit.key for limit in limits})
    RateCounter.objects.bulk_create(
        [RateCounter(key=key, window_start=minute) for key in keys], ignore_conflicts=True
    )
    used = _lock_used(limits, now=now)
    if any(used[limit] >= limit.most for limit in limits):
        return False
    RateCounter.objects.filter(key__in=keys, window_start=minute).update(count=F("count") + 1)
    return True


@transaction.atomic(durable=True)
def give_back_attempt(*limits: Limit, now: datetime) -> None:
    """Take back an attempt that was counted at `now`, because it was no guess: it succeeded."""
    keys = [limit.key for limit in limits]
    rows = RateCounter.objects.filter(key__in=keys, window_start=_minute(now), count__gt=0)
    locked = list(rows.select_for_update().order_by("key").values_list("pk", flat=True))
    RateCounter.objects.filter(pk__in=locked).update(count=F("count") - 1)


def forget_old_attempts(*, now: datetime) -> int:
    """Delete the counters that no limit looks at any more; returns how many."""
    deleted, _ = RateCounter.objects.filter(window_start__lte=now - LONGEST_WINDOW - STEP).delete()
    return deleted


def _lock_used(limits: tuple[Limit, ...], *, now: datetime) -> dict[Limit, int]:
    """Locked in one order for everybody, so that two attempts wait for each other instead of for ever."""
    in_window = Q()
    for limit in limits:
        in_window |= Q(key=limit.key, window_start__gt=now - limit.window)
    rows = list(
        RateCounter.objects.filter(in_window)
        .select_for_update()
        .order_by("key", "window_start")
        .values_list("key", "window_start", "count")
    )
    return {
        limit: sum(
            count for key, start, count in rows if key == limit.key and start > now - limit.window
        )
        for limit in limits
    }


def _minute(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(second=0, microsecond=0)
