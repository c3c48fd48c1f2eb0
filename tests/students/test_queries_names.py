"""The order of names on every page and paper."""

import pytest

from students.models import Enrollment
from students.queries.access_codes import slips_wanted
from students.queries.names import by_name
from tests.factories.school import PlantelFactory
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db
IN_ORDER = (
    ("ÁLVAREZ", "", "Luz"),
    ("Alvarez", "Díaz", "Ana"),
    ("Nunez", "Paz", "Ana"),
    ("Núñez", "Paz", "Ana"),
    ("Núñez", "Paz", "Zoé"),
    ("Ocampo", "Paz", "Ana"),
    ("Zúñiga", "Ávila", "Ana"),
    ("Zúñiga", "Ayala", "Ana"),
)


def test_by_name_is_the_order_of_a_spanish_list():
    plantel = PlantelFactory()
    stays = [
        EnrollmentFactory(
            plantel=plantel,
            group="2A",
            student__first_surname=first,
            student__second_surname=second,
            student__given_names=given,
        )
        for first, second, given in reversed(IN_ORDER)
    ]

    ordered = Enrollment.objects.filter(plantel=plantel).order_by(*by_name(), "pk")

    assert list(ordered) == stays[::-1]
    assert list(slips_wanted(plantel, None, reprint=False)) == stays[::-1]
