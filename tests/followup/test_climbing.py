"""A case that nobody moves climbs, once a step, whatever happened to the clock meanwhile."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.actions.climbing import escalate_cases
from followup.actions.escalations import move_escalation
from followup.climb import STEPS, steps_reached
from followup.models import EscalationStep
from followup.queries.escalations import (
    escalations_for,
    planteles_to_climb,
    with_waiting_days,
)
from followup.queries.mornings import is_morning_due
from followup.states import EscalationState, ReportKind
from followup.tasks import escalate
from notices.models import Notice
from notices.render import render_mail
from nss.states import RequestState
from school.calendar import Calendar
from school.models import Plantel
from school.states import Role
from students.actions.bajas import reinstate_student, withdraw_student
from students.actions.cover import opt_in, opt_out
from students.states import BajaKind
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import EnrollmentFactory
from tests.project.knock import undone

MAILBOX = {step.name: f"{one}@correo.example" for step, one in zip(STEPS, "rsad", strict=True)}
"""Of whom each step tells."""

MOVED = datetime(2026, 8, 24, 18, tzinfo=UTC)  # a Monday, at noon


def morning(working_days):
    """Return eight in the morning of that working day after the Monday; weeks have no holiday here."""
    weeks, days = divmod(working_days, 5)
    return MOVED.replace(hour=14) + timedelta(days=7 * weeks + days)


# The rule ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "noted", "told", "passed"),
    [
        (2, (), None, []),
        (3, (), "RESPONSABLE", []),
        (4, ("RESPONSABLE",), None, []),
        (5, ("RESPONSABLE",), "SUPLENTE", []),
        (9, (), "ADMIN", ["RESPONSABLE", "SUPLENTE"]),
        (11, ("RESPONSABLE", "SUPLENTE", "ADMIN"), None, []),
        (12, ("RESPONSABLE", "SUPLENTE", "ADMIN"), "DIRECCION", []),
        (30, ("RESPONSABLE", "SUPLENTE", "ADMIN", "DIRECCION"), None, []),
    ],
)
def test_steps_reached_tells_the_latest_once(days, noted, told, passed):
    step, skipped = steps_reached(days, noted)

    assert (step.name if step else None) == told
    assert [one.name for one in skipped] == passed


def test_steps_go_up_and_never_back():
    days = [step.days for step in STEPS]

    assert days == sorted(set(days))


# The sweep ---------------------------------------------------------------------------------------
@pytest.fixture
def plantel(db):
    return PlantelFactory(direction_email=MAILBOX["DIRECCION"])


@pytest.fixture
def people(plantel):
    return {
        "RESPONSABLE": staff(Role.RESPONSABLE, plantel, email="r@correo.example"),
        "SUPLENTE": MembershipFactory(
            user__email="s@correo.example",
            plantel=plantel,
            role=Role.RESPONSABLE,
            is_substitute=True,
        ).user,
        "ADMIN": staff(Role.ADMIN, email="a@correo.example"),
    }


def a_case(plantel, **fields):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
    values = {"kind": ReportKind.SUBDELEGACION, "created_at": MOVED}
    return StudentReportFactory(enrollment=stay, **values | fields)


def told():
    return [one.to_email for one in Notice.objects.order_by("pk")]


def ledger():
    return [(one.step, one.outcome) for one in EscalationStep.objects.order_by("pk")]


def test_a_case_that_nobody_touches_climbs_once_per_step(plantel, people):
    a_case(plantel)

    for day in range(1, 20):
        for _ in range(2):
            escalate_cases([plantel], now=morning(day))

    assert told() == list(MAILBOX.values())
    assert ledger() == [(step.name, "TOLD") for step in STEPS]


def test_a_case_that_moves_begins_again(plantel, people):
    report = a_case(plantel)
    escalate_cases([plantel], now=morning(3))

    move_escalation(report.escalation, EscalationState.IN_OFICIO, now=morning(4))
    for day in range(5, 8):
        escalate_cases([plantel], now=morning(day))

    assert told() == ["r@correo.example", "r@correo.example"]
    assert list(EscalationStep.objects.order_by("pk").values_list("round", flat=True)) == [1, 2]


def renounce(stay, by):
    opt_out(stay, by=by, now=morning(1))
    return lambda: opt_in(stay, by=by, now=morning(20))


def leave(stay, by):
    withdraw_student(stay, kind=BajaKind.TEMPORARY, on_date=stay.enrolled_on, by=by, now=morning(1))
    return lambda: reinstate_student(stay, by=by, now=morning(20))


@pytest.mark.parametrize("go", [renounce, leave])
def test_a_case_waits_anew_once_its_student_is_back(plantel, people, go):
    report = a_case(plantel)
    come_back = go(report.enrollment, people["RESPONSABLE"])

    escalate_cases([plantel], now=morning(19))
    come_back()
    days = []
    for day in (21, 23):
        escalate_cases([plantel], now=morning(day))
        cases = list(escalations_for(people["RESPONSABLE"]))
        days += [one.days for one in with_waiting_days(cases, now=morning(day))]

    assert ledger() == [("RESPONSABLE", "TOLD")]
    assert days == [1, 3]


def test_after_an_outage_the_latest_step_is_told_once(plantel, people):
    a_case(plantel)

    for _ in range(3):
        escalate_cases([plantel], now=morning(14))

    assert told() == ["d@correo.example"]
    assert ledger() == [*((one.name, "SKIPPED") for one in STEPS[:-1]), ("DIRECCION", "TOLD")]


def test_nobody_is_told_on_a_day_off(plantel, people):
    a_case(plantel)

    sent = escalate_cases([plantel], now=MOVED.replace(hour=14) + timedelta(days=5))

    assert (sent, told(), ledger()) == (0, [], [])


def test_a_step_without_anybody_is_noted(plantel):
    a_case(plantel)

    escalate_cases([plantel], now=morning(3))

    assert ledger() == [("RESPONSABLE", "NOBODY")]


@pytest.mark.parametrize("state", [EscalationState.RESOLVED, EscalationState.DISMISSED])
def test_a_closed_case_does_not_climb(plantel, people, state):
    a_case(plantel, case__state=state)

    escalate_cases([plantel], now=morning(9))

    assert ledger() == []


def test_one_mail_a_person_names_the_folios_by_plantel(plantel, people):
    other = PlantelFactory()
    MembershipFactory(user=people["RESPONSABLE"], plantel=other, role=Role.RESPONSABLE)
    reports = [a_case(plantel), a_case(plantel), a_case(other)]

    escalate_cases([plantel, other], now=morning(3))

    (mail,) = Notice.objects.all()
    folios = sorted(one.folio for one in reports[:2])
    assert mail.context["cases"] == 3
    assert mail.context["lista"].splitlines() == [
        f"{plantel}: {', '.join(folios)}",
        f"{other}: {reports[2].folio}",
    ]


def test_administration_reads_how_many_and_no_folio(plantel, people):
    a_case(plantel)
    a_case(plantel)

    escalate_cases([plantel], now=morning(8))

    (mail,) = Notice.objects.all()
    assert mail.context["lista"] == f"{plantel}: 2"


def test_direction_reads_how_many_and_nothing_of_anybody(plantel, people):
    reports = [a_case(plantel), a_case(plantel)]
    other = PlantelFactory(direction_email="d@correo.example")
    a_case(other)

    sent = escalate_cases([plantel, other], now=morning(12))

    mail = Notice.objects.get(plantel=plantel)
    written = render_mail(mail, {}).text
    assert (sent, told()) == (2, ["d@correo.example"] * 2)
    assert mail.context == {"plantel": str(plantel), "cases": 2, "dias": "12 días hábiles"}
    assert mail.to_name == f"Dirección, {plantel}"
    assert f"En {plantel} hay 2 casos de Subdelegación" in written
    for report in reports:
        student = report.enrollment.student
        for secret in (report.folio, student.first_surname, student.curp):
            assert secret not in written


def test_direction_is_not_told_of_a_case_that_moved(plantel, people):
    report = a_case(plantel)
    for day in range(1, 12):
        escalate_cases([plantel], now=morning(day))

    move_escalation(report.escalation, EscalationState.IN_OFICIO, now=morning(11))
    escalate_cases([plantel], now=morning(12))

    assert told() == [f"{one}@correo.example" for one in "rsa"]


def test_direction_without_an_address_is_noted(people):
    a_case(PlantelFactory())

    escalate_cases(list(Plantel.objects.all()), now=morning(12))

    assert (told(), ledger()[-1]) == ([], ("DIRECCION", "NOBODY"))


@pytest.mark.parametrize("count", [1, 3])
def test_escalate_cases_asks_the_same_however_many(
    plantel, people, count, django_assert_num_queries
):
    planteles = [plantel, *(PlantelFactory() for _ in range(count - 1))]
    for one in planteles:
        for _ in range(count):
            a_case(one)
            MembershipFactory(plantel=one, role=Role.RESPONSABLE)

    with django_assert_num_queries(13):
        escalate_cases(planteles, now=morning(3))


# The task ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "is_due"),
    [
        (datetime(2026, 8, 24, 13, 29, tzinfo=UTC), False),
        (datetime(2026, 8, 24, 13, 30, tzinfo=UTC), True),
        (datetime(2026, 8, 25, 3, tzinfo=UTC), False),
    ],
)
def test_is_morning_due_in_the_plantels_morning(plantel, moment, is_due):
    assert is_morning_due(plantel, ran_on=None, now=moment) is is_due


def test_escalate_finds_nothing_twice_a_day_with_one_query(
    plantel, people, time_machine, django_assert_num_queries
):
    a_case(plantel)
    time_machine.move_to(morning(3), tick=False)

    first = escalate()
    with django_assert_num_queries(1):
        second = escalate()

    assert (first, second) == (1, 0)
    assert planteles_to_climb().get().ran_on == morning(3).date()


# Outages -----------------------------------------------------------------------------------------
MEXICO, ONE_DAY = ZoneInfo("America/Mexico_City"), timedelta(days=1)
FIRST, LAST = date(2026, 8, 24), date(2026, 9, 26)
OUTAGES = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 10)), min_size=1, max_size=2)
"""So many days the scheduler lives, then it is dead for 1–10."""


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), MEXICO)


def days_alive(outages):
    """Return the days on which the scheduler ticks."""
    alive, day = [], FIRST
    for living, dead in [*outages, ((LAST - FIRST).days, 0)]:
        alive += [day + n * ONE_DAY for n in range(living)]
        day += (living + dead) * ONE_DAY
    return [one for one in alive if one <= LAST]


def tick(days):
    """Look at the cases twice each morning."""
    for day in days:
        for minute in (0, 1):
            with time_machine.travel(at(day, 9, minute), tick=False):
                escalate()


def climbed(since, days):
    """Return each step on the first working day that reaches it: told, unless that day reaches a higher one too."""
    calendar, lines = Calendar(), {}
    for step in reversed(STEPS):
        reached = [
            day
            for day in days
            if calendar.is_working(day) and calendar.working_days_between(since, day) >= step.days
        ]
        if reached:
            is_passed = reached[0] in {day for _, day in lines.values()}
            lines[step.name] = ("SKIPPED" if is_passed else "TOLD", reached[0])
    return lines


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    outages=OUTAGES,
    reported=st.lists(st.integers(0, 6), min_size=1, max_size=2),
    moved=st.integers(7, 10),
)
def test_after_any_outage_no_step_is_told_twice_and_none_is_forgotten(
    plantel, people, outages, reported, moved
):
    """Cases are reported at noon of the first days; one moves at noon of a later day, and begins again."""
    with undone():
        begun = [FIRST + n * ONE_DAY for n in reported]
        cases = [a_case(plantel, created_at=at(day, 12)).escalation for day in begun]
        moved_on, days = FIRST + moved * ONE_DAY, days_alive(outages)
        before = [day for day in days if day <= moved_on]
        after = [day for day in days if day > moved_on]

        tick(before)
        move_escalation(cases[0], EscalationState.IN_OFICIO, now=at(moved_on, 12))
        tick(after)

        rounds = {(one.pk, 1): climbed(day, days) for one, day in zip(cases, begun, strict=True)}
        rounds[cases[0].pk, 1] = climbed(begun[0], before)
        rounds[cases[0].pk, 2] = climbed(moved_on, after)
        expected = {
            (*key, step, *line) for key, lines in rounds.items() for step, line in lines.items()
        }
        lines = [
            (
                one.escalation_id,
                one.round,
                one.step,
                one.outcome,
                one.created_at.astimezone(MEXICO).date(),
            )
            for one in EscalationStep.objects.all()
        ]
        mails = [
            (one.to_email, one.created_at.astimezone(MEXICO).date()) for one in Notice.objects.all()
        ]
        told = {(MAILBOX[step], day) for *_, step, outcome, day in lines if outcome == "TOLD"}
        assert sorted(lines) == sorted(expected)
        assert sorted(mails) == sorted(told)
        assert all(len(rounds[one.pk, one.round]) == len(STEPS) for one in cases)
