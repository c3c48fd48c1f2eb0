"""school.actions.cycles: a ciclo opened or changed, with who did it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from school.actions.cycles import CycleRefused, CycleTerms, create_cycle, edit_cycle
from school.models import SchoolCycle
from school.states import DayCount, Role
from tests.factories.school import SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db
TERMS = CycleTerms(
    name="2027-A",
    starts_on=date(2027, 2, 1),
    ends_on=date(2027, 7, 30),
    acuse_days=4,
    acuse_day_count=DayCount.NATURAL,
    review_days=1,
    needs_guardian_signature=False,
    clinics_open_on=date(2027, 2, 22),
)


@pytest.fixture
def admin():
    return staff(Role.ADMIN, name="Rosa Admin")


def test_create_cycle_keeps_its_terms_and_who_opened_it(admin):
    SchoolCycleFactory()

    cycle = create_cycle(TERMS, by=admin, now=NOW)

    cycle.refresh_from_db()
    assert {name: getattr(cycle, name) for name in vars(TERMS)} == vars(TERMS)
    past = cycle.history.get()
    assert (past.history_user, past.history_date, past.history_type) == (admin, NOW, "+")


def test_edit_cycle_may_keep_its_own_days(admin):
    cycle = create_cycle(TERMS, by=admin, now=NOW)

    edit_cycle(cycle, replace(TERMS, acuse_days=5), by=admin, now=NOW)

    assert SchoolCycle.objects.get().acuse_days == 5
    assert cycle.history.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"starts_on": date(2027, 1, 29)}, "starts_on", "no se encimen con el ciclo 2026-B"),
        ({"name": "2026-B"}, "name", "Elegir otro nombre"),
    ],
)
def test_create_cycle_refuses(admin, changes, field, sentence):
    SchoolCycleFactory()

    with pytest.raises(CycleRefused, match=sentence) as refused:
        create_cycle(replace(TERMS, **changes), by=admin, now=NOW)

    assert (refused.value.field, SchoolCycle.objects.count()) == (field, 1)


def test_create_cycle_may_begin_the_day_after_another(admin):
    before = SchoolCycleFactory()

    create_cycle(replace(TERMS, starts_on=before.ends_on + timedelta(days=1)), by=admin, now=NOW)

    assert SchoolCycle.objects.count() == 2
