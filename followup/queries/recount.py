"""What another calendar or another rule would do to the deadlines of students, counted before it is saved.

The dates come from the pure function, once for each case that differs: of a plantel's thousand students who
enrolled on the same days and did nothing since, there are a few.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from nss.states import RequestState
from school.calendar import Calendar
from school.models import Plantel, SchoolCycle
from students.deadlines import Event, Rule, due_date
from students.models import Enrollment
from students.queries.deadlines import Stretch, events_of, rule_of, stretches
from students.states import EnrollmentState

Days = Mapping[int, Mapping[date, str]]
"""The planteles' own days, by the id of the plantel."""


@dataclass
class Recount:
    """The stays whose deadline changes, by the new date; and, of those who still owe an acuse, how many in which way.

    `told` are those whose date would be nearer but stays, because they were told it.
    """

    dates: defaultdict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    later: int = 0
    earlier: int = 0
    told: int = 0

    @property
    def students(self) -> int:
        """How many students get another date."""
        return self.later + self.earlier

    @property
    def changed(self) -> list[int]:
        """The stays whose cached date is another one now."""
        return [pk for keys in self.dates.values() for pk in keys]


def running(planteles: "QuerySet[Plantel] | list[Plantel]") -> QuerySet[Enrollment]:
    """Return the stays of these planteles whose clock runs, or ran to its end."""
    return Enrollment.objects.filter(plantel__in=planteles, acuse_due_on__isnull=False)


def recount(
    stays: QuerySet[Enrollment], days: Days, *, rules: Mapping[int, Rule] | None = None
) -> Recount:
    """Work out the deadlines of these stays anew, with these days and, by the id of the ciclo, these rules.

    A date that was told is never brought nearer. Four queries, however many students.
    """
    known = {cycle.pk: rule_of(cycle) for cycle in SchoolCycle.objects.all()} | dict(rules or {})
    zones = {plantel.pk: plantel.zone for plantel in Plantel.objects.filter(pk__in=list(days))}
    calendars = {plantel: Calendar(own) for plantel, own in days.items()}
    happened: defaultdict[int, list[Stretch]] = defaultdict(list)
    for pk, *row in stretches(stays):
        happened[pk].append(Stretch(*row))
    found, result = dict[tuple[int, int, tuple[Event, ...]], date | None](), Recount()
    rows = stays.order_by().values_list(
        *("pk", "plantel", "cycle", "enrolled_on", "acuse_due_on", "told_due_on"), _owes_acuse()
    )
    for pk, plantel, cycle, enrolled_on, before, told, owes in rows:
        events = events_of(enrolled_on, happened.get(pk, ()), zones[plantel])
        case = (plantel, cycle, events)
        if case not in found:
            found[case] = due_date(events, known[cycle], calendars[plantel])
        _count(result, pk, found[case], before, told, owes=owes)
    return result


def _count(
    result: Recount, pk: int, counted: date | None, before: date, told: date | None, *, owes: bool
) -> None:
    if counted is None:
        return
    after = max(counted, told or counted)
    if after != before:
        result.dates[after].append(pk)
    result.later += owes and after > before
    result.earlier += owes and after < before
    result.told += owes and counted < after == before


def _owes_acuse() -> Case:
    """Whether the student is still asked for an acuse: the others' dates change too, but nobody waits for them."""
    is_unproven = Q(nss_request__isnull=True, student__nss__isnull=True) | Q(
        nss_request__state__in=[RequestState.OPEN, RequestState.AT_SUBDELEGACION]
    )
    owes = Q(state=EnrollmentState.ACTIVE) & is_unproven
    return Case(When(owes, then=Value(True)), default=Value(False), output_field=BooleanField())
