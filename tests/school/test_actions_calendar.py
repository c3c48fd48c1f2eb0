"""school.actions.calendar: days that begin or cease to count, with who did it."""

from datetime import date

import pytest

from school.actions.calendar import NothingChanges, add_days, remove_days
from school.models import NonWorkingDay
from school.states import Role
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)


@pytest.fixture
def admin():
    return staff(Role.ADMIN, name="Rosa Admin")


def history():
    rows = NonWorkingDay.history.order_by("history_id")
    return list(rows.values_list("history_type", "date", "reason", "history_user", "history_date"))


def test_add_days_writes_each_with_who_and_when(admin):
    one, two = PlantelFactory(), PlantelFactory()

    added = add_days(
        {one.pk: [TUESDAY, MONDAY], two.pk: [MONDAY]}, reason=" Puente ", by=admin, now=NOW
    )

    assert added == 3
    assert list(one.non_working_days.values_list("date", "reason")) == [
        (MONDAY, "Puente"),
        (TUESDAY, "Puente"),
    ]
    assert history()[0] == ("+", MONDAY, "Puente", admin.pk, NOW)
    assert len(history()) == 3


def test_add_days_without_a_day_raises(admin):
    with pytest.raises(NothingChanges):
        add_days({PlantelFactory().pk: []}, reason="Puente", by=admin, now=NOW)


def test_remove_days_keeps_what_was_not_named(admin):
    kept, gone = NonWorkingDayFactory(date=MONDAY), NonWorkingDayFactory(date=MONDAY)

    removed = remove_days({gone.plantel_id: [MONDAY, TUESDAY]}, by=admin, now=NOW)

    assert removed == 1
    assert list(NonWorkingDay.objects.all()) == [kept]
    assert history()[-1] == ("-", MONDAY, "Contingencia", admin.pk, NOW)


def test_remove_days_that_are_not_there_raises(admin):
    with pytest.raises(NothingChanges):
        remove_days({PlantelFactory().pk: [MONDAY]}, by=admin, now=NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_the_days_of_one_and_of_three_planteles_cost_the_same(
    admin, count, django_assert_num_queries
):
    planteles = [PlantelFactory() for _ in range(count)]

    with django_assert_num_queries(9):
        add_days({one.pk: [MONDAY] for one in planteles}, reason="Puente", by=admin, now=NOW)
        remove_days({one.pk: [MONDAY] for one in planteles}, by=admin, now=NOW)
