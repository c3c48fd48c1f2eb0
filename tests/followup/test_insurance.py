"""What a student's file says of the batch, the clinic and the vigencia."""

from datetime import date

import pytest

from clinics.states import Turno, VigenciaResult
from followup.queries.insurance import insurance_of
from followup.queries.student_file import Datum
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
ALTA = Datum("Alta, lote L-1", "Aplicado por el IMSS, viernes 21 de agosto")


def applied(stay):
    MovementFactory(enrollment=stay, applied=True, batch__folio="L-1")
    return stay


def test_insurance_of_who_never_went_to_imss_is_nothing():
    assert insurance_of(EnrollmentFactory(), today=TODAY) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "En espera de respuesta"),
        ({"sent": True}, "En espera de respuesta, viernes 21 de agosto"),
        ({"state": "DROPPED"}, "Fuera del lote"),
        (
            {"rejected": True, "rejection": "CURP"},
            "Rechazado por el IMSS: CURP, viernes 21 de agosto",
        ),
        ({"applied": True}, "Aplicado por el IMSS, viernes 21 de agosto"),
    ],
)
def test_insurance_of_a_movement_says_what_became_of_it(fields, said):
    stay = EnrollmentFactory()
    MovementFactory(enrollment=stay, batch__folio="L-1", **fields)

    assert insurance_of(stay, today=TODAY) == [Datum("Alta, lote L-1", said)]


def test_insurance_of_several_movements_has_the_newest_first():
    stay = applied(EnrollmentFactory())
    MovementFactory(enrollment=stay, kind="02", batch__folio="L-2")

    assert [row.label for row in insurance_of(stay, today=TODAY)] == [
        "Baja, lote L-2",
        "Alta, lote L-1",
    ]


@pytest.mark.parametrize(
    ("opens_on", "said"),
    [
        (date(2026, 8, 24), "Falta registrarse; se abre el lunes 24 de agosto"),
        (date(2026, 8, 21), "Falta registrarse; se abrió el viernes 21 de agosto"),
    ],
)
def test_insurance_of_a_clinic_step_that_waits(opens_on, said):
    stay = applied(EnrollmentFactory())
    UMFRegistrationFactory(enrollment=stay, opens_on=opens_on)

    assert insurance_of(stay, today=TODAY) == [ALTA, Datum("Clínica", said)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"consultorio": "4"},
            "UMF 37, turno matutino, consultorio 4, registrada el viernes 21 de agosto",
        ),
        ({"turno": Turno.UNKNOWN}, "UMF 37, registrada el viernes 21 de agosto"),
    ],
)
def test_insurance_of_a_clinic(fields, said):
    stay = applied(EnrollmentFactory())
    UMFRegistrationFactory(enrollment=stay, registered=True, **fields)

    assert insurance_of(stay, today=TODAY) == [ALTA, Datum("Clínica", said)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"result": VigenciaResult.NONE}, "NO, viernes 21 de agosto"),
        ({"is_sure": False}, "SÍ, por el plantel, no sabe por quién, viernes 21 de agosto"),
    ],
)
def test_insurance_of_a_vigencia(fields, said):
    stay = VigenciaCheckFactory(**fields).enrollment

    assert insurance_of(stay, today=TODAY)[-1] == Datum("Vigencia", said)


@pytest.mark.parametrize("movements", [1, 3])
def test_insurance_takes_three_queries(movements, django_assert_num_queries):
    stay = VigenciaCheckFactory().enrollment
    for _ in range(movements):
        MovementFactory(enrollment=stay, rejected=True)

    with django_assert_num_queries(3):
        insurance_of(stay, today=TODAY)
