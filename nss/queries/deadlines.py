"""Until when the student may hand over the acuse, from the rows that say so."""

from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import DateField, QuerySet, Value

from common.prepared import Given, Prepared
from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from school.queries.planteles import calendar_of
from school.states import DayCount
from students.deadlines import Due, Event, EventKind, Rule, due, review_due
from students.models import Enrollment, Extension


def acuse_deadline(enrollment: Enrollment) -> Due:
    """This will compute the deadline: the cycle's days, two business days after a return, a prórroga.

    Of several prórrogas the newest counts: giving another day is how a wrong one is put right.
    """
    returns, extensions = _what_happened(enrollment)
    return _deadline(enrollment, returns + extensions[-1:])


def deadline_without_extension(enrollment: Enrollment) -> Due:
    """This will compute what the deadline would be had nobody given a prórroga."""
    return _deadline(enrollment, _what_happened(enrollment)[0])


def _deadline(enrollment: Enrollment, events: list[Event]) -> Due:
    rule = Rule(
        days=enrollment.cycle.acuse_days,
        business_days=enrollment.cycle.acuse_day_count == DayCount.BUSINESS,
    )
    start = Event(EventKind.ENROLLED, enrollment.enrolled_on)
    return due([start, *events], rule, calendar_of(enrollment.plantel))


def _what_happened(enrollment: Enrollment) -> tuple[list[Event], list[Event]]:
    """The returns, and the prórrogas from the oldest to the newest, in one query."""
    returns, extensions = [], []
    rows = _RETURNS_AND_EXTENSIONS.rows(enrollment=enrollment.pk)
    for at, _, until in sorted(rows, key=itemgetter(0, 1)):
        on = at.astimezone(enrollment.plantel.zone).date()
        if until is None:
            returns.append(Event(EventKind.RETURNED, on))
        else:
            extensions.append(Event(EventKind.EXTENDED, on, until=until))
    return returns, extensions


def _returns_and_extensions(enrollment: Given) -> QuerySet[Any, Any]:
    returned = Acuse.objects.filter(
        request__enrollment=enrollment, state=AcuseState.RETURNED, reviewed_at__isnull=False
    ).exclude(return_reason=ReturnReason.IMSS_DATA_WRONG)
    given = Extension.objects.filter(enrollment=enrollment)
    no_day = Value(None, output_field=DateField())
    # SQLite sorts a union as a whole alone.
    return (
        returned.order_by()
        .values_list("reviewed_at", "pk", no_day)
        .union(given.order_by().values_list("given_at", "pk", "due_on"), all=True)
    )


_RETURNS_AND_EXTENSIONS = Prepared(lambda: _returns_and_extensions(Given("enrollment")))


def review_promised(enrollment: Enrollment, *, received_on: date) -> date | None:
    """This will return by when Control Escolar promises to have reviewed what came in on that day."""
    calendar = calendar_of(enrollment.plantel)
    return review_due(received_on, enrollment.cycle.review_days, calendar).date
