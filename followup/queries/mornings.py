"""What is done once on each morning of a plantel, by its own clock."""

from datetime import date, datetime

from common.quiet_hours import is_quiet
from followup.ladder import STAFF_MORNING
from school.models import Plantel


def is_morning_due(plantel: Plantel, *, ran_on: date | None, now: datetime) -> bool:
    """Tell whether the plantel's morning has come and what is done then was not begun yet today."""
    local = now.astimezone(plantel.zone)
    has_begun = local.time() >= STAFF_MORNING and not is_quiet(now, plantel.zone)
    return has_begun and (ran_on is None or ran_on < local.date())
