"""«Dar prórroga»: more days for one student, with the reason that the history keeps."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common.dates import weekday_date
from followup.actions.errors import ExtensionNotPossible
from followup.queries.progress import standing_of
from followup.queries.reminders import DEADLINE_MESSAGES, GUARDIAN_MESSAGE
from followup.stages import ACUSE_ASKED
from notices.actions import cancel
from nss.actions.errors import ReasonTooShort
from nss.actions.steps import about
from nss.queries.reasons import SHORTEST_REASON
from school.calendar import NATURAL_DAYS, Calendar
from school.models import User
from school.queries.planteles import calendar_of
from school.states import DayCount
from students import timeline
from students.actions.clock import keep_deadline
from students.actions.reminders import look_again
from students.models import Enrollment, Extension
from students.queries.deadlines import deadline_without_extension
from students.states import Event

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


@transaction.atomic
def extend_deadline(
    enrollment: Enrollment, *, due_on: date, reason: str, by: User, now: datetime
) -> Extension:
    """Give the student until that day, and stop the mails that speak of the old one.

    The newest prórroga counts, so a wrong one is put right by giving another day; but none goes below what the
    student has without it or was told by mail. The same day again returns the prórroga that stands. Raises
    ExtensionNotPossible when the clock does not run or the day will not do, ReasonTooShort under 15 letters.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort("Escribir el motivo con 15 letras o más: queda en el historial")
    look_again([enrollment.pk])
    Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    stay = standing_of(enrollment, now=now)
    newest = Extension.objects.filter(enrollment=stay).first()
    if newest is not None and newest.due_on == due_on:
        return newest
    _check_clock(stay)
    _check_day(stay, due_on)
    extension = Extension.objects.create(
        enrollment=stay, due_on=due_on, reason=reason.strip(), given_at=now, given_by=by
    )
    before = stay.due_on
    keep_deadline(stay)
    cancel(about(stay), messages=[*DEADLINE_MESSAGES, GUARDIAN_MESSAGE])
    data = {
        "until": weekday_date(due_on),
        "reason": reason.strip(),
        "was_due_on": before.isoformat() if before else "",
        "due_on": due_on.isoformat(),
    }
    timeline.record(stay, Event.DEADLINE_EXTENDED, by=by, at=now, data=data)
    return extension


def _check_clock(stay: "StandingEnrollment") -> None:
    if stay.stage not in ACUSE_ASKED or stay.due_on is None:
        raise ExtensionNotPossible(
            "El plazo de este estudiante no corre ahora, así que no necesita prórroga. Revisar su ficha"
        )


def _check_day(stay: "StandingEnrollment", due_on: date) -> None:
    if due_on < stay.local_day:
        raise ExtensionNotPossible("Elegir hoy o un día que aún no pasa")
    without = deadline_without_extension(stay).date
    least = max(day for day in (without, stay.told_due_on, date.min) if day is not None)
    if due_on <= least:
        raise ExtensionNotPossible(
            f"Elegir un día después del {weekday_date(least)}: hasta ese día ya tiene plazo"
        )
    if due_on > stay.cycle.ends_on:
        raise ExtensionNotPossible(
            f"Elegir un día de este ciclo, que termina el {weekday_date(stay.cycle.ends_on)}"
        )
    calendar = _calendar(stay)
    if why := calendar.reason(due_on):
        instead = weekday_date(calendar.next_working_day(due_on))
        raise ExtensionNotPossible(
            f"El {weekday_date(due_on)} no cuenta ({why}). Elegir otro día, por ejemplo el {instead}"
        )


def _calendar(stay: "StandingEnrollment") -> Calendar:
    is_business = stay.cycle.acuse_day_count == DayCount.BUSINESS
    return calendar_of(stay.plantel) if is_business else NATURAL_DAYS
