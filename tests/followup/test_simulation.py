"""The policy simulator: what happened, judged by the real rule and by another."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from followup.queries.simulation import Outcome, Policy, outcome, story_of
from nss.states import ProofRoute, RequestState
from school.models import Plantel
from school.states import Role
from students.actions.clock import pause_clocks, resume_clock
from students.deadlines import Rule
from students.models import Enrollment
from students.states import EnrollmentState, PauseReason
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db
REAL = Policy(Rule(), 2)
END = date(2026, 9, 30)
ASKED = {"ciclo": "2026-B", "dias": 5, "cuenta": "BUSINESS", "revision": 3, "correccion": 2}
URL = reverse("followup:simulate_policy")


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def cycle():
    return SchoolCycleFactory()


def after(days):
    return NOW + timedelta(days=days)


def review(stay, *, sent, until=None, is_return=False):
    """In review from so many days after enrolment up to so many."""
    pause_clocks([stay.pk], PauseReason.REVIEW, now=after(sent))
    if until is not None:
        resume_clock(stay, PauseReason.REVIEW, now=after(until), is_return=is_return)


def story(cycle, *planteles):
    return story_of(cycle, Plantel.objects.filter(pk__in=[one.pk for one in planteles]))


def seen(cycle, plantel, policy=REAL, today=END):
    return outcome(story(cycle, plantel), policy, today=today)


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_outcome_of_nothing(cycle, plantel):
    assert seen(cycle, plantel) == Outcome(0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_outcome_judges_the_first_time_that_the_student_handed_over(cycle, plantel):
    at_once, late, at_the_office = (EnrollmentFactory(plantel=plantel) for _ in range(3))
    EnrollmentFactory(plantel=plantel)  # never
    EnrollmentFactory()  # in another plantel
    review(at_once, sent=5)
    review(late, sent=6)
    pause_clocks([at_the_office.pk], PauseReason.SUBDELEGACION, now=after(3))
    NSSRequestFactory(
        enrollment__plantel=plantel,
        state=RequestState.PROVEN,
        route=ProofRoute.WINDOW,
        proven_at=after(4),
    )

    was, would = seen(cycle, plantel), seen(cycle, plantel, Policy(Rule(days=4), 2))

    assert (was.in_time, was.late, was.overdue) == (3, 1, 1)
    assert (would.in_time, would.late, would.overdue) == (4, 0, 1)


def test_outcome_leaves_out_who_left_and_who_still_has_time(cycle, plantel):
    for state in (EnrollmentState.OPTED_OUT, EnrollmentState.WITHDRAWN):
        EnrollmentFactory(plantel=plantel, state=state)
    EnrollmentFactory(plantel=plantel)
    standing = EnrollmentFactory(plantel=plantel)
    pause_clocks([standing.pk], PauseReason.RENUNCIA, now=after(1))

    found = seen(cycle, plantel, today=date(2026, 8, 26))

    assert (found.in_time, found.late, found.overdue) == (0, 0, 0)


def test_outcome_of_corrections_follows_the_days_to_correct(cycle, plantel):
    first, never = EnrollmentFactory(plantel=plantel), EnrollmentFactory(plantel=plantel)
    review(first, sent=5, until=5, is_return=True)
    review(first, sent=9)
    review(never, sent=5, until=5, is_return=True)

    was = seen(cycle, plantel)
    would = seen(cycle, plantel, Policy(Rule(return_days=1), 2))

    assert (was.corrected, was.corrected_late) == (0, 2)
    assert (would.corrected, would.corrected_late) == (0, 2)
    assert seen(cycle, plantel, Policy(Rule(return_days=3), 2)).corrected == 1


def test_outcome_of_reviews_counts_business_days(cycle, plantel):
    for until in (3, 4, 5, 10):
        review(EnrollmentFactory(plantel=plantel), sent=0, until=until)

    was, would = seen(cycle, plantel), seen(cycle, plantel, Policy(Rule(), 3))

    assert (was.reviewed, was.reviewed_late) == (2, 2)
    assert (would.reviewed, would.reviewed_late) == (3, 1)
    assert (was.wait_median, was.wait_p90) == (2, 6)


def test_outcome_counts_by_each_plantels_own_days(cycle, plantel):
    closed, twin = PlantelFactory(), PlantelFactory()
    NonWorkingDayFactory(plantel=closed, date=date(2026, 8, 24))
    for place in (plantel, closed, twin):
        review(EnrollmentFactory(plantel=place), sent=6)

    found = story(cycle, plantel, closed, twin)

    judged = outcome(found, REAL, today=END)
    assert (judged.in_time, judged.late) == (1, 2)
    assert sorted(found.calendars) == [plantel.pk, closed.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_story_of_asks_the_database_as_often_for_one_as_for_three(
    cycle, plantel, count, django_assert_num_queries
):
    for _ in range(count):
        review(EnrollmentFactory(plantel=plantel), sent=0, until=3)

    with django_assert_num_queries(4):
        story(cycle, plantel)


def test_simulate_policy_shows_both_and_changes_nothing(client, cycle, plantel):
    review(EnrollmentFactory(plantel=plantel), sent=6, until=11)
    before = list(Enrollment.objects.values())
    client.force_login(staff(Role.RESPONSABLE, plantel))

    page = text(client.get(URL, ASKED))

    assert "Con esa regla habrían entregado a tiempo 1 estudiante más." in page
    assert "Entregaron a tiempo 0 1 Entregaron tarde 1 0" in page
    assert "Acuses revisados en lo prometido 0 1" in page
    assert list(Enrollment.objects.values()) == before


def test_simulate_policy_counts_the_own_planteles_alone(client, cycle, plantel):
    for _ in range(2):
        review(EnrollmentFactory(plantel=plantel), sent=4)
    review(EnrollmentFactory(), sent=4)
    client.force_login(staff(Role.RESPONSABLE, plantel))

    fewer = text(client.get(URL, ASKED | {"dias": 1, "plantel": plantel.clave}))
    other = text(client.get(URL, ASKED | {"plantel": Plantel.objects.last().clave}))

    assert "Con esa regla habrían entregado a tiempo 2 estudiantes menos." in fewer
    assert "Elegir un plantel de la lista" in other


def test_simulate_policy_as_csv(client, cycle, plantel):
    client.force_login(staff(Role.ADMIN))

    response = client.get(URL, ASKED | {"formato": "csv"})

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[:2] == ["\ufeffDato,Como fue,Con la otra regla", "Entregaron a tiempo,0,0"]


def test_simulate_policy_begins_with_the_rule_of_the_ciclo(client, plantel):
    client.force_login(staff(Role.ADMIN))
    assert client.get(URL).status_code == 200

    SchoolCycleFactory(acuse_days=4)

    assert 'value="4"' in client.get(URL).content.decode()
    assert "los mismos estudiantes" in text(client.get(URL, ASKED))
