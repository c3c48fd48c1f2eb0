"""Until when the student may hand over the acuse, from the rows that say so."""

from datetime import date

from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from school.queries.planteles import calendar_of
from school.states import DayCount
from students.deadlines import Due, Event, EventKind, Rule, due, review_due
from students.models import Enrollment


def acuse_deadline(enrollment: Enrollment) -> Due:
    """This will compute the deadline: the cycle's days after enrolment, and two business days after a return."""
    rule = Rule(
        days=enrollment.cycle.acuse_days,
        business_days=enrollment.cycle.acuse_day_count == DayCount.BUSINESS,
    )
    returns = (
        Acuse.objects.filter(
            request__enrollment=enrollment,
            state=AcuseState.RETURNED,
            reviewed_at__isnull=False,
        )
        .exclude(return_reason=ReturnReason.IMSS_DATA_WRONG)
        .values_list("reviewed_at", flat=True)
    )
    zone = enrollment.plantel.zone
    events = [Event(EventKind.ENROLLED, enrollment.enrolled_on)]
    events += [
        Event(EventKind.RETURNED, at.astimezone(zone).date()) for at in returns if at is not None
    ]
    return due(events, rule, calendar_of(enrollment.plantel))


def review_promised(enrollment: Enrollment, *, received_on: date) -> date | None:
    """This will return by when Control Escolar promises to have reviewed what came in on that day."""
    calendar = calendar_of(enrollment.plantel)
    return review_due(received_on, enrollment.cycle.review_days, calendar).date
