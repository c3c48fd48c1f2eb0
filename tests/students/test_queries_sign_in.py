"""The door's look-ups go by an index: nobody reads all stays to let one student in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from students.models import Enrollment, StudentData
from students.queries.sign_in import date_to_tell, stay_by_matricula, stays_by_roster_email
from tests.factories.students import NOW, EnrollmentFactory, StudentFactory, nss

pytestmark = pytest.mark.django_db


LOOK_UPS = [(Enrollment.objects.filter(matricula="26050001"), "students_enrollment_matricula")]
if connection.vendor == "postgresql":  # SQLite compares without case by LIKE, which reads all rows
    LOOK_UPS += [
        (Enrollment.objects.filter(roster_email__iexact="a@b.mx"), "students_enrollment_email"),
        (StudentData.objects.filter(email__iexact="a@b.mx"), "students_studentdata_email"),
    ]


def plan_of(query) -> str:
    """Explain a query as the database runs it where reading all rows is dear."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return query.explain()


@pytest.mark.parametrize(("query", "index"), LOOK_UPS)
def test_a_look_up_uses_its_index(query, index):
    assert index in plan_of(query)


def test_stays_by_roster_email_in_whichever_case():
    stay = EnrollmentFactory(roster_email="Ana@correo.example")

    assert stays_by_roster_email("ANA@Correo.example") == [stay]


@pytest.mark.parametrize(
    ("due", "told", "expected"),
    [
        (None, date(2026, 8, 26), None),
        (date(2026, 8, 26), None, date(2026, 8, 26)),
        (date(2026, 8, 26), date(2026, 8, 28), date(2026, 8, 28)),
        (date(2026, 8, 20), date(2026, 8, 21), date(2026, 8, 21)),
        (date(2026, 8, 20), date(2026, 8, 20), None),
    ],
)
def test_date_to_tell_is_the_latest_and_none_while_the_clock_stands_or_once_it_passed(
    due, told, expected
):
    stay = EnrollmentFactory.build(
        student=StudentFactory.build(nss=None),
        plantel__time_zone="America/Tijuana",
        acuse_due_on=due,
        told_due_on=told,
    )
    late = datetime(2026, 8, 21, 23, 59, tzinfo=ZoneInfo("America/Tijuana"))

    assert date_to_tell(stay, now=late) == expected


def test_date_to_tell_is_none_where_no_acuse_is_asked():
    assert date_to_tell(EnrollmentFactory(student__nss=nss(1)), now=NOW) is None


def test_stay_by_matricula_as_it_is_typed():
    stay = EnrollmentFactory(matricula="AB260501")

    assert stay_by_matricula(" ab 260501") == stay
