"""C-01: what waits between an accepted acuse and «vigente»."""

from datetime import timedelta

import pytest

from clinics.states import VigenciaResult
from followup.queries.today_insurance import insurance_rows
from followup.queries.today_rows import WorkRow
from nss.states import ProofRoute, RequestState
from school.access import ABILITIES
from school.states import Role
from students.states import EnrollmentState
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


def rows(plantel) -> list[WorkRow]:
    return insurance_rows({one: [plantel] for one in ABILITIES[Role.RESPONSABLE]})


def proven(number: int, **fields):
    enrollment = EnrollmentFactory(confirmed=True, student__nss=nss(number), **fields)
    NSSRequestFactory(
        enrollment=enrollment, state=RequestState.PROVEN, route=ProofRoute.ACUSE, proven_at=NOW
    )
    return enrollment


def fill(plantel, first: int) -> None:
    """Put one of each thing that waits, and some that do not, into the plantel."""
    stays = [proven(first + number, plantel=plantel) for number in range(5)]
    MovementFactory(enrollment=stays[1])
    MovementFactory(enrollment=stays[2], sent=True)
    MovementFactory(enrollment=stays[3], applied=True)
    MovementFactory(enrollment=stays[4], rejected=True, answered_at=NOW - timedelta(days=1))
    left = EnrollmentFactory(plantel=plantel, state=EnrollmentState.WITHDRAWN)
    MovementFactory(enrollment=left, applied=True)
    UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)
    for result in VigenciaResult:
        stay = EnrollmentFactory(plantel=plantel, confirmed=True)
        UMFRegistrationFactory(enrollment=stay, registered=True)
        VigenciaCheckFactory(enrollment=stay, result=result)


def test_insurance_rows_of_nothing_are_calm(plantel):
    assert [(row.calm, row.count, row.oldest) for row in rows(plantel)] == [
        ("vigencias", 0, ""),
        ("vigencias por contestar", 0, ""),
        ("altas", 0, ""),
        ("rechazos del IMSS", 0, ""),
        ("lotes", 0, ""),
        ("bajas", 0, ""),
    ]


def test_insurance_rows_count_what_waits_in_these_planteles_alone(plantel):
    fill(plantel, 1)
    fill(PlantelFactory(), 11)

    told = "El más viejo espera desde el"
    assert [(row.count, row.sentence, row.oldest) for row in rows(plantel)] == [
        (1, "salió NO en vigencia", f"{told} viernes 21 de agosto."),
        (1, "sin decir qué salió en su vigencia", ""),
        (2, "aceptados por mandar al IMSS", ""),
        (1, "movimiento que el IMSS rechazó", f"{told} jueves 20 de agosto."),
        (1, "lote hecho y sin enviar", f"{told} viernes 21 de agosto."),
        (1, "baja por mandar al IMSS", ""),
    ]


def test_insurance_rows_lead_to_where_the_work_is_done(client, plantel):
    client.force_login(staff(Role.RESPONSABLE, plantel))

    assert {row.calm: client.get(row.url).status_code for row in rows(plantel)} == {
        "vigencias": 200,
        "vigencias por contestar": 200,
        "altas": 200,
        "rechazos del IMSS": 200,
        "lotes": 200,
        "bajas": 200,
    }


@pytest.mark.parametrize(
    ("role", "calm"),
    [
        (Role.REVISOR, ["vigencias", "vigencias por contestar"]),
        (Role.CONSULTA, ["vigencias", "vigencias por contestar"]),
        (Role.ADMIN, []),
    ],
)
def test_insurance_rows_are_those_of_the_role(plantel, role, calm):
    found = insurance_rows({one: [plantel] for one in ABILITIES[role]})

    assert [row.calm for row in found] == calm


@pytest.mark.parametrize("times", [1, 3])
def test_insurance_rows_take_a_query_each(plantel, times, django_assert_num_queries):
    for number in range(times):
        fill(plantel, 1 + 10 * number)

    with django_assert_num_queries(6):
        rows(plantel)
