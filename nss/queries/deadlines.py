"""By when Control Escolar promised to have reviewed an acuse."""

from datetime import date

from school.queries.planteles import calendar_of
from students.deadlines import review_due
from students.models import Enrollment


def review_promised(enrollment: Enrollment, *, received_on: date) -> date | None:
    """Return by when Control Escolar promises to have reviewed what came in on that day."""
    calendar = calendar_of(enrollment.plantel)
    return review_due(received_on, enrollment.cycle.review_days, calendar).date
