"""E15: in a crowd each of the seven identifiers brings its student first, by an index and not by reading everybody.

PostgreSQL is given enough rows that its planner has a choice; nothing is forbidden to it. SQLite, which is for a
handful of students, finds the same ones by a plain filter.
"""

import re

import factory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.queries.search import find_students
from nss.states import AcuseState
from school.models import Plantel
from students.models import Enrollment
from tests.factories.crowd import crowd
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = connection.vendor == "postgresql"
TYPED = {
    "26050148": "students_enrollment_matricula",
    "GOMA080214MSRMRNA5": "students_student_curp",
    "goma0802": "students_student_curp",
    "99 26 08 1234 5": "students_student_nss",
    "2345": "students_student_nss_end",
    "NÚÑEZ ana marti": "students_student_words",
    "Ana.Nunez@correo.example": "students_enrollment_email",
    "871 123 4567": "students_enrollment_phone",
    "A26-05-000148": "nss_acuse_folio",
}


@pytest.fixture
def ana():
    plantel, cycle = PlantelFactory(), SchoolCycleFactory()
    if ON_POSTGRESQL:
        crowd([plantel, PlantelFactory()], cycle, 20_000)
        other = NSSRequestFactory(enrollment=Enrollment.objects.earliest("pk"))
        AcuseFactory.create_batch(
            400,
            request=other,
            state=AcuseState.REPLACED,
            folio=factory.Sequence("A25-05-{:06d}".format),
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE nss_acuse")
    stay = EnrollmentFactory(
        plantel=plantel,
        cycle=cycle,
        matricula="26050148",
        roster_email="ana.nunez@correo.example",
        roster_phone="8711234567",
        student__curp="GOMA080214MSRMRNA5",
        student__nss="99260812345",
        student__search_name="ana nunez martinez",
    )
    AcuseFactory(request=NSSRequestFactory(enrollment=stay), folio="A26-05-000148")
    return stay


def test_each_identifier_brings_its_student_first_by_its_index(ana):
    found, plans = {}, {}
    for text in TYPED:
        with CaptureQueriesContext(connection) as queries:
            answer = find_students(Plantel.objects.all(), text, now=NOW)
        found[text] = answer.exact or (answer.rows[0] if answer.rows else None)
        plans[text] = [plan_of(query["sql"]) for query in queries.captured_queries]

    assert found == dict.fromkeys(TYPED, ana)
    if ON_POSTGRESQL:
        assert {text: index for text, index in TYPED.items() if not uses(plans[text], index)} == {}
        assert {text for text in TYPED if reads_everybody(plans[text])} == set()


def plan_of(sql: str) -> str:
    """Explain a query as the database just ran it."""
    if not ON_POSTGRESQL:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def uses(plans: list[str], index: str) -> bool:
    """Tell whether one of the plans goes by that index."""
    return any(re.search(rf"Index (Only )?Scan (using|on) {index}", plan) for plan in plans)


def reads_everybody(plans: list[str]) -> bool:
    """Tell whether one of the plans reads a table of students from its first row to its last."""
    tables = r"Seq Scan on students_(student|enrollment|studentdata)\b"
    return any(re.search(tables, plan) for plan in plans)
