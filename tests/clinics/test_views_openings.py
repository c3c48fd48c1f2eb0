"""The day of the clinic step: the one that the ciclo proposes, «Cambiar o quitar la fecha»."""

from datetime import date

import pytest
from django.urls import reverse

from clinics.models import UMFRegistration
from clinics.states import RegistrationState
from notices.models import Notice
from notices.states import NoticeState
from tests.clinics.conftest import shown
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.factories.students import EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("friday")]
CLINICS, OPEN, MOVE, WITHDRAW = (
    reverse(f"clinics:{name}")
    for name in ("clinics", "open_clinics", "move_openings", "withdraw_openings")
)
FIRST, SECOND = date(2026, 9, 1), date(2026, 9, 8)


def invited(plantel, *, opens_on=FIRST, **stay):
    return UMFRegistrationFactory(
        opens_on=opens_on, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel, **stay)
    )


def asked(plantel, **more):
    return {"plantel": plantel.clave, "fecha": FIRST.isoformat(), **more}


def days():
    return list(UMFRegistration.objects.order_by("pk").values_list("opens_on", flat=True))


@pytest.mark.parametrize(
    ("day", "proposed"),
    [
        (date(2026, 8, 20), ""),
        (date(2026, 8, 21), "El ciclo propone el viernes 21 de agosto; se puede cambiar."),
        (date(2026, 9, 7), "El ciclo propone el lunes 7 de septiembre; se puede cambiar."),
        (date(2027, 8, 21), "El ciclo propone el sábado 21 de agosto; se puede cambiar."),
        (date(2027, 8, 22), ""),
        (None, ""),
    ],
)
def test_opening_proposes_the_day_of_the_ciclo_while_it_can_be_chosen(
    client, laura, plantel, day, proposed
):
    SchoolCycleFactory(clinics_open_on=day)

    page = client.get(OPEN)

    assert (f'value="{day}"' in page.content.decode()) == bool(proposed)
    assert ("El ciclo propone" in shown(page)) == bool(proposed)
    assert proposed in shown(page)


def test_opening_takes_the_day_that_is_written_over_the_one_of_the_ciclo(client, laura, plantel):
    SchoolCycleFactory(clinics_open_on=date(2026, 9, 7))
    MovementFactory(applied=True, enrollment=EnrollmentFactory(confirmed=True, plantel=plantel))

    page = shown(client.get(OPEN, {"plantel": plantel.clave, "dia": ""}))

    assert "El paso se abre hoy" in page
    assert days() == []


def test_moving_is_offered_while_somebody_is_invited(client, laura, plantel):
    UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)
    before = shown(client.get(CLINICS))
    invited(plantel)

    assert "Cambiar o quitar la fecha" not in before
    assert "Cambiar o quitar la fecha" in shown(client.get(CLINICS))


def test_moving_without_anybody_invited_says_so(client, laura):
    assert "No hay fechas que cambiar" in shown(client.get(MOVE))


def test_moving_counts_before_it_changes(client, laura, plantel):
    told = invited(plantel, group="101").enrollment
    NoticeFactory(message="M-13", about=f"enrollment:{told.pk}", state=NoticeState.SENT)
    invited(plantel, group="101")
    invited(plantel, group="102", opens_on=SECOND)

    page = shown(client.get(MOVE, asked(plantel, grupo="101", dia="2026-09-15")))

    assert "martes 1 de septiembre (2)" in page
    assert "2 estudiantes con fecha martes 1 de septiembre" in page
    assert "Plantel 05" in page
    assert "A 1 ya se le avisó: le llega un correo con el cambio." in page
    assert "Cambiar al martes 15 de septiembre" in page
    assert "Quitar la fecha a 2 estudiantes" in page
    assert days() == [FIRST, FIRST, SECOND]


def test_moving_without_a_new_day_offers_to_withdraw_alone(client, laura, plantel):
    invited(plantel)

    page = shown(client.get(MOVE, asked(plantel)))

    assert "A nadie se le ha avisado todavía." in page
    assert "Quitar la fecha a 1 estudiante" in page
    assert "Cambiar al" not in page


def test_moving_changes_the_day_of_a_group(client, laura, plantel):
    invited(plantel, group="101")
    invited(plantel, group="102")

    page = shown(client.post(MOVE, asked(plantel, grupo="101", dia="2026-09-08"), follow=True))

    assert days() == [SECOND, FIRST]
    assert "El paso de clínica se abre el martes 8 de septiembre para 1 estudiante." in page


def test_moving_to_today_opens_at_once(client, laura, plantel):
    invited(plantel)
    invited(plantel)

    page = shown(client.post(MOVE, asked(plantel, dia="2026-08-21"), follow=True))

    assert "El paso de clínica está abierto desde hoy para 2 estudiantes." in page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "Escribir el día nuevo"),
        ("2026-09-01", "Ya tienen esa fecha."),
        ("2026-08-20", "Escribir un día de hoy en adelante"),
        ("2027-08-22", "Escribir un día dentro de un año"),
        ("mañana", "Escribir el día como 31/12/2026"),
    ],
)
def test_moving_refuses_a_wrong_day(client, laura, plantel, day, said):
    invited(plantel)

    assert said in shown(client.post(MOVE, asked(plantel, dia=day)))
    assert days() == [FIRST]


@pytest.mark.parametrize("path", [MOVE, WITHDRAW])
def test_moving_a_day_that_nobody_has_says_so(client, laura, plantel, path):
    invited(plantel, opens_on=SECOND)

    page = shown(client.post(path, asked(plantel, dia="2026-09-10")))

    assert "Elegir de la lista" in page
    assert days() == [SECOND]


def test_moving_a_group_without_that_day_says_so(client, laura, plantel):
    invited(plantel, group="101")
    invited(plantel, group="102", opens_on=SECOND)

    page = shown(client.get(MOVE, asked(plantel, grupo="102")))

    assert "Nadie con esa fecha aquí" in page


@pytest.mark.parametrize("path", [MOVE, WITHDRAW])
def test_moving_nobody_says_so(client, laura, plantel, path):
    invited(plantel, group="101")
    invited(plantel, group="102", opens_on=SECOND)

    page = shown(client.post(path, asked(plantel, grupo="102", dia="2026-09-10")))

    assert "En esa selección a nadie le cambia la fecha" in page
    assert days() == [FIRST, SECOND]


def test_withdrawing_takes_the_day_away(client, laura, plantel):
    invited(plantel)
    done = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)

    page = shown(client.post(WITHDRAW, asked(plantel), follow=True))

    assert "Se quitó la fecha del paso de clínica a 1 estudiante." in page
    assert UMFRegistration.objects.get() == done
    assert done.state == RegistrationState.REGISTERED


def test_another_plantel_is_not_moved(client, laura, plantel):
    invited(plantel)
    other = invited(PlantelFactory())

    client.post(MOVE, asked(other.plantel, dia="2026-09-08"))
    client.post(WITHDRAW, asked(other.plantel))

    assert days() == [FIRST, FIRST]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_moving_takes_a_fixed_number_of_queries(
    client, laura, plantel, rows, django_assert_num_queries
):
    for _ in range(rows):
        invited(plantel)

    with django_assert_num_queries(16):
        client.get(MOVE, asked(plantel, dia="2026-09-08"))
