"""What every action of the clinic step and of the vigencia shares: its lock, its mails."""

from datetime import date, datetime, timedelta

from clinics.models import UMFRegistration
from clinics.queries.still_due import OPENED, REMIND_AFTER
from common.quiet_hours import MORNING, at
from notices.actions import Draft, queue
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import about, recipient_of
from students.actions.reminders import hold_stays
from students.models import Enrollment

IN_CORRECTION = "M-15"


def lock_stay(enrollment: Enrollment) -> Enrollment:
    """Lock the stay before anything of its clinic or vigencia, and return it as it is now."""
    hold_stays([enrollment.pk])
    return Enrollment.objects.select_related("student", "plantel", "data").get(pk=enrollment.pk)


def morning_after(now: datetime, enrollment: Enrollment, *, after: timedelta) -> datetime:
    """Return eight in the morning of the plantel's clock, so many days later."""
    return morning_of(local_day(now, enrollment) + after, enrollment)


def morning_of(day: date, enrollment: Enrollment) -> datetime:
    """Return eight in the morning of that day by the plantel's clock."""
    return at(day, MORNING, enrollment.plantel.zone)


def local_day(now: datetime, enrollment: Enrollment) -> date:
    """Return the day of the moment by the plantel's clock."""
    return now.astimezone(enrollment.plantel.zone).date()


def draft_of(
    key: str, message: str, enrollment: Enrollment, *, not_before: datetime, **context: str
) -> Draft:
    """Return the notice of that event to the student; `context` is what its words need."""
    return Draft(
        key=key,
        message=message,
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context=context,
        not_before=not_before,
    )


def tell(
    key: str, message: str, enrollment: Enrollment, *, now: datetime, not_before: datetime
) -> None:
    """Queue that notice."""
    queue(
        key,
        message,
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context={},
        now=now,
        not_before=not_before,
    )


def invitations(registration: UMFRegistration, *, now: datetime) -> list[Draft]:
    """Return M-13 on the day of the step, and once more after five days, for who has not registered then."""
    stay, day = registration.enrollment, registration.opens_on
    begins = max(morning_of(day, stay), now + UNDO_WINDOW)
    again = morning_of(day + REMIND_AFTER, stay)
    key = f"clinic:{registration.pk}:{day.isoformat()}:{now.isoformat()}"
    return [
        draft_of(f"{key}:open", OPENED, stay, not_before=begins),
        draft_of(f"{key}:remind", OPENED, stay, not_before=again),
    ]
