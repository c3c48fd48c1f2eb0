"""When nobody is written to: from eight in the evening to seven in the morning of the plantel's own clock."""

import datetime as dt
from zoneinfo import ZoneInfo

QUIET_FROM, QUIET_UNTIL = dt.time(20), dt.time(7)
MORNING = dt.time(8)

_ONE_DAY = dt.timedelta(days=1)


def is_quiet(now: dt.datetime, zone: ZoneInfo) -> bool:
    """Return whether nobody is to be disturbed at this moment."""
    clock = now.astimezone(zone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def end_of_quiet(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return when one may write again: now, or seven in the morning."""
    if not is_quiet(now, zone):
        return now
    local = now.astimezone(zone)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + _ONE_DAY
    return at(day, QUIET_UNTIL, zone)


def at(day: dt.date, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return a moment of the plantel's clock."""
    return dt.datetime.combine(day, clock, zone)
