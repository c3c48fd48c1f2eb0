"""What a row of Hoy is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from common.dates import weekday_date
from school.models import Plantel


@dataclass(frozen=True)
class WorkRow:
    """One line of Hoy: how many, of what, since when, and the one button."""

    count: int
    sentence: str
    url: str
    button: str
    calm: str
    """How the row is called under «Al corriente» when nothing waits."""
    oldest: str = ""


def day_in(planteles: Sequence[Plantel], moment: datetime) -> date:
    """Return the day of the moment by the clock of the planteles, of several the first's."""
    return timezone.localdate(moment, planteles[0].zone if planteles else None)


def since(moment: datetime | None, planteles: Sequence[Plantel]) -> str:
    """Say since when the oldest of a row waits; nothing when nothing does."""
    if moment is None:
        return ""
    return f"El más viejo espera desde el {weekday_date(day_in(planteles, moment))}."
