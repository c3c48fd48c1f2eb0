"""What a ciclo's numbers would have been under another rule: from what happened, without writing anything.

Each stay is one of a few cases (the same plantel, days and events), and the pure function is asked once a case.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from school.calendar import Calendar
from school.models import Plantel, SchoolCycle
from school.queries.planteles import own_days
from students.deadlines import Event, Rule, due_date
from students.models import Enrollment
from students.queries.deadlines import Stretch, events_of, stretches
from students.states import CLOSED_ENROLLMENT, EnrollmentState, PauseReason

_HANDED_OVER = {PauseReason.REVIEW, PauseReason.SUBDELEGACION}
_GONE = {EnrollmentState.OPTED_OUT, *CLOSED_ENROLLMENT}


@dataclass(frozen=True)
class Policy:
    """A rule for the student, and the business days in which a review is promised."""

    rule: Rule
    review_days: int


@dataclass(frozen=True)
class Outcome:
    """A ciclo in numbers. `wait_median` and `wait_p90` are business days from an acuse to its review."""

    in_time: int
    late: int
    overdue: int
    corrected: int
    corrected_late: int
    reviewed: int
    reviewed_late: int
    wait_median: int
    wait_p90: int


class Deed(NamedTuple):
    """What a student did, or did not yet (None), after these events by that calendar."""

    calendar: int
    events: tuple[Event, ...]
    on: date | None


@dataclass(frozen=True)
class Story:
    """What happened in a ciclo, each case with how often; a review is a calendar, its first and its last day.

    Planteles with the same days off share one calendar, named by the id of the first of them.
    """

    calendars: dict[int, Calendar]
    deliveries: Counter[Deed]
    corrections: Counter[Deed]
    reviews: Counter[tuple[int, date, date]]


def story_of(cycle: SchoolCycle, planteles: QuerySet[Plantel]) -> Story:
    """Read what happened in the ciclo in these planteles; four queries, however many students."""
    stays = Enrollment.objects.filter(cycle=cycle, plantel__in=planteles)
    zones = {plantel.pk: plantel.zone for plantel in planteles}
    days = own_days(zones)
    shared = _shared(days)
    happened: defaultdict[int, list[Stretch]] = defaultdict(list)
    for pk, *row in stretches(stays):
        happened[pk].append(Stretch(*row))
    calendars = {pk: Calendar(days[pk]) for pk in shared.values()}
    story = Story(calendars, Counter(), Counter(), Counter())
    rows = stays.order_by().values_list(
        *("pk", "plantel", "enrolled_on", "state", "nss_request__proven_at"),
        Min("nss_request__acuses__sent_at"),
    )
    untouched = Counter[tuple[int, date]]()
    for pk, plantel, enrolled_on, state, *moments in rows:
        life, zone, calendar = sorted(happened.get(pk, ())), zones[plantel], shared[plantel]
        if not (life or any(moments) or state in _GONE):
            untouched[calendar, enrolled_on] += 1
            continue
        handed = [row.started_at for row in life if row.reason in _HANDED_OVER]
        first = min(filter(None, [*moments, *handed]), default=None)
        if first or state not in _GONE:
            story.deliveries[_deed(calendar, enrolled_on, life, first, zone)] += 1
        _count_reviews(story, calendar, enrolled_on, life, zone)
    for (calendar, enrolled_on), count in untouched.items():
        story.deliveries[Deed(calendar, events_of(enrolled_on, (), UTC), None)] += count
    return story


def _shared(days: Mapping[int, Mapping[date, str]]) -> dict[int, int]:
    """The first plantel with the same days off, by the id of each."""
    first: dict[frozenset[date], int] = {}
    return {pk: first.setdefault(frozenset(own), pk) for pk, own in days.items()}


def outcome(story: Story, policy: Policy, *, today: date) -> Outcome:
    """Judge what happened by that policy; who has not handed over and still has time counts nowhere."""
    delivered = _judged(story, story.deliveries, policy, today)
    corrected = _judged(story, story.corrections, policy, today)
    waits = Counter[int]()
    for (calendar, first, last), count in story.reviews.items():
        waits[story.calendars[calendar].working_days_between(first, last)] += count
    late = sum(count for wait, count in waits.items() if wait > policy.review_days)
    return Outcome(
        in_time=delivered["in time"],
        late=delivered["late"],
        overdue=delivered["overdue"],
        corrected=corrected["in time"],
        corrected_late=corrected["late"] + corrected["overdue"],
        reviewed=waits.total() - late,
        reviewed_late=late,
        wait_median=_quantile(waits, 0.5),
        wait_p90=_quantile(waits, 0.9),
    )


def _judged(story: Story, deeds: Counter[Deed], policy: Policy, today: date) -> Counter[str]:
    totals = Counter[str]()
    for deed, count in deeds.items():
        until = due_date(deed.events, policy.rule, story.calendars[deed.calendar])
        if until is None or until >= (deed.on or today):
            totals["in time" if deed.on else "open"] += count
        else:
            totals["late" if deed.on else "overdue"] += count
    return totals


def _count_reviews(
    story: Story, calendar: int, enrolled_on: date, life: Sequence[Stretch], zone: ZoneInfo
) -> None:
    reviews = [row for row in life if row.reason == PauseReason.REVIEW]
    for number, row in enumerate(reviews):
        if row.ended_at is None:
            continue
        story.reviews[calendar, _day(row.started_at, zone), _day(row.ended_at, zone)] += 1
        if row.is_return:
            again = [later.started_at for later in reviews[number + 1 : number + 2]]
            before = [one for one in life if one.started_at <= row.ended_at]
            deed = _deed(calendar, enrolled_on, before, again[0] if again else None, zone)
            story.corrections[deed] += 1


def _deed(
    calendar: int,
    enrolled_on: date,
    life: Sequence[Stretch],
    moment: datetime | None,
    zone: ZoneInfo,
) -> Deed:
    """What happened up to the moment decides until when the student had."""
    before = [row for row in life if moment is None or row.started_at < moment]
    events = events_of(enrolled_on, before, zone)
    return Deed(calendar, events, _day(moment, zone) if moment else None)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _quantile(waits: Counter[int], share: float) -> int:
    """The least wait that at least that share of the reviews did not exceed; 0 without any."""
    reached, wanted = 0, share * waits.total()
    for wait in sorted(waits):
        reached += waits[wait]
        if reached >= wanted:
            return wait
    return 0
