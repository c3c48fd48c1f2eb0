"""followup.demo.oficios: what the portal's own verbs leave when cases are asked for, and some are answered."""

from datetime import date

import pytest
from django.core.files.storage import default_storage

from followup.demo.oficios import IN_OFICIO, add_oficios
from followup.models import Oficio
from followup.states import EscalationState, ItemOutcome
from papers.models import PrintJob
from papers.states import PrintState
from school.models import Subdelegacion
from school.states import Role
from students.identity import nss_has_valid_digit
from students.models import Student
from tests.factories.school import PlantelFactory, staff
from tests.followup.test_actions_oficios import a_case

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 9, 7)


def a_school(number: str, *, cases: int):
    """Return a plantel with that many complete cases, reported on Friday 21 August."""
    office, _ = Subdelegacion.objects.get_or_create(name="Hermosillo")
    plantel = PlantelFactory(number=number, subdelegacion=office)
    staff(Role.RESPONSABLE, plantel)
    for _ in range(cases):
        a_case(plantel)
    return plantel


def test_add_oficios_leaves_cases_in_every_state_but_the_first():
    plantel, nobody, third = (
        a_school("01", cases=10),
        a_school("02", cases=0),
        a_school("03", cases=1),
    )

    add_oficios([plantel, nobody, third], today=MONDAY)

    states = plantel.escalations.order_by("pk").values_list("state", "missing")
    assert list(states) == [
        (EscalationState.DELIVERED, ""),
        (EscalationState.RESOLVED, ""),
        (EscalationState.READY, "Acta de nacimiento legible"),
        (EscalationState.DISMISSED, ""),
        *[(EscalationState.DELIVERED, "")] * 2,
        *[(EscalationState.IN_OFICIO, "")] * 3,
        (EscalationState.READY, ""),
    ]
    assert third.escalations.get().state == EscalationState.READY


def test_add_oficios_draws_both_letters_and_delivers_the_first():
    plantel = a_school("01", cases=10)

    add_oficios([plantel], today=MONDAY)

    first, second = Oficio.objects.order_by("pk")
    assert [f"{one.created_at.astimezone(plantel.zone):%m-%d %H}" for one in (first, second)] == [
        "08-31 10",
        "09-04 10",
    ]
    assert (first.items.count(), second.items.count()) == (IN_OFICIO, IN_OFICIO // 2)
    assert f"{first.delivered_at.astimezone(plantel.zone):%m-%d}" == "09-01"
    assert second.delivered_at is None
    jobs = PrintJob.objects.all()
    assert [job.state for job in jobs] == [PrintState.READY] * 2
    assert all(default_storage.exists(job.path) for job in jobs)


def test_add_oficios_gives_a_number_that_could_be_one():
    plantel = a_school("01", cases=3)

    add_oficios([plantel], today=MONDAY)

    (number,) = Student.objects.exclude(nss=None).values_list("nss", flat=True)
    outcomes = Oficio.objects.get().items.values_list("outcome", flat=True)
    assert nss_has_valid_digit(number)
    assert list(outcomes) == ["", ItemOutcome.NSS, ItemOutcome.MISSING]
