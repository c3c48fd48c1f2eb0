"""students.deadlines: the student's clock and how it explains itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.calendar import Calendar
from students.deadlines import (
    IN_REVIEW,
    Due,
    Event,
    EventKind,
    Rule,
    days_left,
    due,
    due_date,
    review_due,
)

FRIDAY = date(2026, 8, 21)
ENROLLED = Event(EventKind.ENROLLED, FRIDAY)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
OWN_DAYS = st.dictionaries(DAYS, st.just("puente"), max_size=20)
RULES = st.builds(
    Rule, days=st.integers(1, 10), business_days=st.booleans(), return_days=st.integers(1, 4)
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """An enrolment, then what a trámite can live through, in order."""
    day = draw(DAYS)
    events = [Event(EventKind.ENROLLED, day)]
    paused = ""
    for _ in range(draw(st.integers(0, 5))):
        day += timedelta(days=draw(st.integers(0, 9)))
        if paused:
            ends = EventKind.RETURNED if paused == IN_REVIEW else EventKind.RESUMED
            events.append(Event(ends, day, reason=paused))
            paused = ""
            continue
        kind = draw(st.sampled_from([EventKind.PAUSED, EventKind.EXTENDED, EventKind.RETURNED]))
        if kind is EventKind.EXTENDED and draw(st.booleans()):
            until = day + timedelta(days=draw(st.integers(-3, 20)))
            events.append(Event(kind, day, until=until))
            continue
        if kind is EventKind.PAUSED:
            paused = draw(st.sampled_from([IN_REVIEW, "lo pide tu plantel al IMSS"]))
        events.append(Event(kind, day, 2 if kind is EventKind.EXTENDED else 0, paused))
    return events


def later_or_same(after: Due, before: Due) -> bool:
    """A paused clock has no date: later than any."""
    if after.date is None:
        return True
    return before.date is not None and after.date >= before.date


@pytest.mark.parametrize(
    ("enrolled_on", "rule", "date_due", "why"),
    [
        (
            FRIDAY,
            Rule(),
            date(2026, 8, 26),
            "3 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23",
        ),
        (
            date(2026, 8, 24),
            Rule(),
            date(2026, 8, 27),
            "3 días hábiles desde el lunes 24 de agosto",
        ),
        (
            FRIDAY,
            Rule(business_days=False),
            date(2026, 8, 24),
            "3 días naturales desde el viernes 21 de agosto",
        ),
        (
            date(2026, 8, 24),
            Rule(days=1),
            date(2026, 8, 25),
            "1 día hábil desde el lunes 24 de agosto",
        ),
        (
            date(2026, 9, 15),
            Rule(days=1),
            date(2026, 9, 17),
            "1 día hábil desde el martes 15 de septiembre; "
            "sin contar miércoles 16 (Día de la Independencia)",
        ),
        (
            date(2026, 10, 30),
            Rule(),
            date(2026, 11, 4),
            "3 días hábiles desde el viernes 30 de octubre; "
            "sin contar sábado 31 y domingo 1 de noviembre",
        ),
    ],
)
def test_due_after_enrolment_explains_itself(
    enrolled_on: date, rule: Rule, date_due: date, why: str
) -> None:
    deadline = due([Event(EventKind.ENROLLED, enrolled_on)], rule, Calendar())

    assert deadline == Due(date=date_due, remaining=rule.days, paused=False, why=why)


def test_due_says_a_long_run_of_the_plantels_days_once() -> None:
    first = date(2026, 12, 19)
    holidays = {first + timedelta(days=offset): "vacaciones" for offset in range(18)}

    deadline = due([Event(EventKind.ENROLLED, date(2026, 12, 17))], Rule(), Calendar(holidays))

    assert deadline.date == date(2027, 1, 7)
    assert deadline.why == (
        "3 días hábiles desde el jueves 17 de diciembre; "
        "sin contar del sábado 19 de diciembre al martes 5 de enero (vacaciones)"
    )


def test_due_while_paused_has_no_date_and_keeps_the_days() -> None:
    deadline = due([ENROLLED, Event(EventKind.PAUSED, date(2026, 8, 25))], Rule(), Calendar())

    assert deadline == Due(
        date=None,
        remaining=2,
        paused=True,
        why="3 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23; "
        "en pausa desde el martes 25 de agosto",
        pause="en pausa desde el martes 25 de agosto",
    )


def test_due_after_a_pause_counts_only_the_days_that_were_left() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 25)),
        Event(EventKind.RESUMED, date(2026, 9, 1)),
    ]

    deadline = due(events, Rule(), Calendar())

    assert deadline == Due(
        date=date(2026, 9, 3),
        remaining=2,
        paused=False,
        why="3 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23; "
        "en pausa del martes 25 de agosto al martes 1 de septiembre",
    )


def test_due_pause_on_the_last_day_gives_that_day_back() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 26)),
        Event(EventKind.RESUMED, date(2026, 8, 27)),
    ]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 28)


def test_due_pause_before_enrolment_and_on_its_day_costs_nothing() -> None:
    events = [
        Event(EventKind.PAUSED, date(2026, 8, 19)),
        ENROLLED,
        Event(EventKind.RESUMED, FRIDAY),
    ]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 26)


def test_due_pause_after_the_deadline_leaves_it_missed() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 28)),
        Event(EventKind.RESUMED, date(2026, 8, 31)),
    ]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 26)


def test_due_overlapping_pauses_end_with_the_last_one() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 24), reason=IN_REVIEW),
        Event(EventKind.PAUSED, date(2026, 8, 25), reason="lo pide tu plantel al IMSS"),
        Event(EventKind.RESUMED, date(2026, 8, 26), reason=IN_REVIEW),
    ]
    ending = Event(EventKind.RESUMED, date(2026, 8, 28), reason="lo pide tu plantel al IMSS")

    assert due(events, Rule(), Calendar()).paused is True
    deadline = due([*events, ending], Rule(), Calendar())
    assert deadline.date == date(2026, 9, 2)
    assert deadline.why.endswith(
        "en pausa del lunes 24 al viernes 28 de agosto "
        "(lo revisa Control Escolar y lo pide tu plantel al IMSS)"
    )


def test_due_two_uploads_in_review_are_one_pause() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 24), reason=IN_REVIEW),
        Event(EventKind.PAUSED, date(2026, 8, 25), reason=IN_REVIEW),
        Event(EventKind.RESUMED, date(2026, 8, 26), reason=IN_REVIEW),
    ]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 31)


def test_due_resumed_without_a_pause_changes_nothing() -> None:
    events = [ENROLLED, Event(EventKind.RESUMED, date(2026, 8, 25))]

    assert due(events, Rule(), Calendar()) == due([ENROLLED], Rule(), Calendar())


def test_due_returned_late_gives_two_business_days() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 26), reason=IN_REVIEW),
        Event(EventKind.RETURNED, date(2026, 8, 28)),
    ]

    deadline = due(events, Rule(), Calendar())

    assert deadline == Due(
        date=date(2026, 9, 1),
        remaining=2,
        paused=False,
        why="3 días hábiles desde el viernes 21 de agosto; "
        "sin contar sábado 22, domingo 23, sábado 29 y domingo 30; "
        "en pausa del miércoles 26 al viernes 28 de agosto (lo revisa Control Escolar); "
        "el acuse se devolvió el viernes 28 de agosto, "
        "con al menos 2 días hábiles para corregirlo",
    )


def test_due_returned_early_keeps_the_days_that_were_left() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 24), reason=IN_REVIEW),
        Event(EventKind.RETURNED, date(2026, 8, 25)),
    ]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 28)


def test_due_returned_without_a_pause_never_shortens() -> None:
    early = [ENROLLED, Event(EventKind.RETURNED, date(2026, 8, 24))]
    late = [ENROLLED, Event(EventKind.RETURNED, date(2026, 9, 10))]

    assert due(early, Rule(), Calendar()).date == date(2026, 8, 26)
    assert due(late, Rule(), Calendar()).date == date(2026, 9, 14)


def test_due_returned_on_the_day_of_enrolment_keeps_the_first_date() -> None:
    events = [ENROLLED, Event(EventKind.RETURNED, FRIDAY)]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 26)


def test_due_returned_inside_another_pause_waits_for_it() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 26), reason="lo pide tu plantel al IMSS"),
        Event(EventKind.PAUSED, date(2026, 8, 27), reason=IN_REVIEW),
        Event(EventKind.RETURNED, date(2026, 8, 28)),
        Event(EventKind.RESUMED, date(2026, 8, 31), reason="lo pide tu plantel al IMSS"),
    ]

    assert due(events[:-1], Rule(), Calendar()).paused is True
    assert due(events, Rule(), Calendar()).date == date(2026, 9, 2)


def test_due_returned_in_natural_days_still_leaves_two_business_days() -> None:
    events = [ENROLLED, Event(EventKind.RETURNED, date(2026, 8, 28))]

    assert due(events, Rule(business_days=False), Calendar()).date == date(2026, 9, 1)


def test_due_extended_adds_days_and_says_why() -> None:
    events = [ENROLLED, Event(EventKind.EXTENDED, date(2026, 8, 24), 2, "huracán")]

    deadline = due(events, Rule(), Calendar())

    assert deadline.date == date(2026, 8, 28)
    assert deadline.why == (
        "3 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23; "
        "prórroga de 2 días hábiles (huracán)"
    )


def test_due_extended_after_the_deadline_counts_from_the_extension() -> None:
    events = [ENROLLED, Event(EventKind.EXTENDED, date(2026, 9, 7), 2)]

    assert due(events, Rule(), Calendar()).date == date(2026, 9, 9)


def test_due_extended_while_paused_keeps_the_days_for_later() -> None:
    events = [
        ENROLLED,
        Event(EventKind.PAUSED, date(2026, 8, 24)),
        Event(EventKind.EXTENDED, date(2026, 8, 25), 2),
    ]

    assert due(events, Rule(), Calendar()).remaining == 5


def test_due_extended_up_to_a_day_says_which() -> None:
    events = [ENROLLED, Event(EventKind.EXTENDED, date(2026, 9, 7), until=date(2026, 9, 11))]

    deadline = due(events, Rule(), Calendar())

    assert deadline.date == date(2026, 9, 11)
    assert deadline.why == (
        "3 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23; "
        "prórroga hasta el viernes 11 de septiembre"
    )


def test_due_extended_up_to_a_day_that_does_not_count_goes_to_the_next() -> None:
    events = [ENROLLED, Event(EventKind.EXTENDED, date(2026, 8, 24), until=date(2026, 8, 29))]

    assert due(events, Rule(), Calendar()).date == date(2026, 8, 31)


def test_due_extended_up_to_a_day_in_natural_days() -> None:
    events = [ENROLLED, Event(EventKind.EXTENDED, date(2026, 8, 24), until=date(2026, 8, 29))]

    assert due(events, Rule(business_days=False), Calendar()).date == date(2026, 8, 29)


def test_due_extended_up_to_an_earlier_day_changes_nothing() -> None:
    extension = Event(EventKind.EXTENDED, date(2026, 8, 24), until=date(2026, 8, 25))

    assert due([ENROLLED, extension], Rule(), Calendar()) == due([ENROLLED], Rule(), Calendar())


@pytest.mark.parametrize("events", [[], [ENROLLED, ENROLLED]])
def test_due_refuses_anything_but_one_enrolment(events: list[Event]) -> None:
    with pytest.raises(ValueError, match="exactly one enrolment"):
        due(events, Rule(), Calendar())


@pytest.mark.parametrize("lengths", [{"days": 0}, {"return_days": 0}])
def test_rule_refuses_a_deadline_of_no_days(lengths: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="less than one day"):
        Rule(**lengths)


def test_review_due_counts_business_days() -> None:
    assert review_due(FRIDAY, 2, Calendar()) == Due(
        date=date(2026, 8, 25),
        remaining=2,
        paused=False,
        why="2 días hábiles desde el viernes 21 de agosto; sin contar sábado 22 y domingo 23",
    )


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 8, 21), 3),
        (date(2026, 8, 23), 3),
        (date(2026, 8, 25), 1),
        (date(2026, 8, 26), 0),
        (date(2026, 8, 27), -1),
        (date(2026, 8, 31), -3),
    ],
)
def test_days_left_counts_to_zero_and_past_it(today: date, left: int) -> None:
    deadline = due([ENROLLED], Rule(), Calendar())

    assert days_left(deadline, Rule(), Calendar(), today=today) == left


def test_days_left_is_negative_on_the_weekend_after_the_deadline() -> None:
    deadline = due([Event(EventKind.ENROLLED, date(2026, 8, 18))], Rule(), Calendar())

    assert deadline.date == FRIDAY
    assert days_left(deadline, Rule(), Calendar(), today=date(2026, 8, 22)) == -1


def test_days_left_while_paused_are_the_days_kept() -> None:
    deadline = due([ENROLLED, Event(EventKind.PAUSED, FRIDAY)], Rule(), Calendar())

    assert days_left(deadline, Rule(), Calendar(), today=date(2027, 1, 1)) == 3


@given(DAYS, RULES, OWN_DAYS)
def test_due_counts_exactly_the_days_of_the_rule(
    enrolled_on: date, rule: Rule, own: dict[date, str]
) -> None:
    calendar = Calendar(own)

    deadline = due([Event(EventKind.ENROLLED, enrolled_on)], rule, calendar)

    assert days_left(deadline, rule, calendar, today=enrolled_on) == rule.days


@given(histories(), RULES, OWN_DAYS)
def test_due_date_is_the_date_of_due(events: list[Event], rule: Rule, own: dict[date, str]) -> None:
    calendar = Calendar(own)

    assert due_date(events, rule, calendar) == due(events, rule, calendar).date


@given(histories(), RULES, OWN_DAYS, DAYS, st.integers(0, 15))
def test_due_another_pause_never_brings_it_nearer(
    events: list[Event], rule: Rule, own: dict[date, str], paused_on: date, length: int
) -> None:
    calendar = Calendar(own)
    start = events[0].on + (paused_on - date(2026, 1, 1)) % timedelta(days=40)
    pause = [
        Event(EventKind.PAUSED, start, reason="el IMSS no responde"),
        Event(EventKind.RESUMED, start + timedelta(days=length), reason="el IMSS no responde"),
    ]

    assert later_or_same(due([*events, *pause], rule, calendar), due(events, rule, calendar))


@given(histories(), RULES, OWN_DAYS, st.integers(0, 40))
def test_due_another_non_working_day_never_brings_it_nearer(
    events: list[Event], rule: Rule, own: dict[date, str], offset: int
) -> None:
    before = due(events, rule, Calendar(own))
    another = {events[0].on + timedelta(days=offset): "contingencia"}

    after = due(events, rule, Calendar(own | another))

    assert later_or_same(after, before)


@given(histories(), RULES, OWN_DAYS, st.integers(1, 5), st.integers(0, 40))
def test_due_an_extension_never_brings_it_nearer(
    events: list[Event], rule: Rule, own: dict[date, str], days: int, offset: int
) -> None:
    calendar = Calendar(own)
    extension = Event(EventKind.EXTENDED, events[0].on + timedelta(days=offset), days)

    assert later_or_same(due([*events, extension], rule, calendar), due(events, rule, calendar))


@given(histories(), RULES, OWN_DAYS, st.integers(0, 40), st.integers(-20, 60))
def test_due_an_extension_up_to_a_day_never_brings_it_nearer(
    events: list[Event], rule: Rule, own: dict[date, str], offset: int, length: int
) -> None:
    calendar, given_on = Calendar(own), events[0].on + timedelta(days=offset)
    until = given_on + timedelta(days=length)
    extended = due([*events, Event(EventKind.EXTENDED, given_on, until=until)], rule, calendar)

    assert later_or_same(extended, due(events, rule, calendar))
    assert extended.date is None or extended.date >= until


@given(histories(), RULES, OWN_DAYS)
def test_due_after_a_return_leaves_its_business_days(
    events: list[Event], rule: Rule, own: dict[date, str]
) -> None:
    calendar = Calendar(own)
    returned_on = events[-1].on + timedelta(days=1)

    deadline = due([*events, Event(EventKind.RETURNED, returned_on)], rule, calendar)

    least = calendar.add_working_days(returned_on, rule.return_days)
    assert deadline.date is None or deadline.date >= least
