"""Who leaves, from the ficha: asked, checked, registered, taken back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from school.states import Role
from students.actions.bajas import withdraw_student
from students.actions.cover import opt_out
from students.models import Baja, Enrollment
from students.queries.bajas import UNDO_FOR
from students.states import BajaKind, EnrollmentState
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
LEAVE, MOVE, BACK = (f"students:{verb}_student" for verb in ("withdraw", "transfer", "reinstate"))
SAID = {"kind": "TEMPORARY", "on_date": TODAY.isoformat(), "note": "Se enfermó"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def stay() -> Enrollment:
    return EnrollmentFactory(confirmed=True, plantel__number="05", plantel__name="Norte")


@pytest.fixture
def by(client, stay):
    user = staff(Role.RESPONSABLE, stay.plantel)
    client.force_login(user)
    return user


@pytest.fixture
def there():
    return PlantelFactory(number="06", name="Sur")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def address(name: str, stay) -> str:
    return reverse(name, args=[stay.public_id])


def file_of(stay) -> list[tuple[str, int]]:
    return [(reverse("followup:student_file", args=[stay.public_id]), 302)]


def test_withdraw_student_asks_then_checks_then_registers(client, stay, by):
    asked = text_of(client.get(address(LEAVE, stay)))
    checked = text_of(client.post(address(LEAVE, stay), SAID))
    stay.refresh_from_db()
    before = stay.state

    done = client.post(address(LEAVE, stay), SAID | {"confirmar": "1"}, follow=True)

    stay.refresh_from_db()
    baja = Baja.objects.get()
    assert "Baja temporal" in asked
    assert address(MOVE, stay) in asked
    assert "Le llega un correo: «Causaste baja temporal el 21 de agosto de 2026.»" in checked
    assert "Cuando regrese, se registra su reingreso" in checked
    assert before == EnrollmentState.ACTIVE
    assert stay.state == EnrollmentState.WITHDRAWN
    assert (baja.kind, baja.on_date, baja.note, baja.by) == ("TEMPORARY", TODAY, "Se enfermó", by)
    assert done.redirect_chain == file_of(stay)
    page = text_of(done)
    assert "Ana Gómez Martínez: baja temporal registrada" in page
    assert "Baja temporal desde el 21 de agosto de 2026: Se enfermó" in page
    assert address(BACK, stay) in page
    assert address(LEAVE, stay) not in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Elegir el tipo de baja"),
        ({"kind": "TRANSFER"}, "Elegir el tipo de baja"),
        ({"kind": "FINISHED", "on_date": "mañana"}, "Escribir el día de la baja"),
        (SAID | {"note": "x" * 201}, "Escribir la nota en 200 letras o menos"),
        (
            SAID | {"on_date": "2026-08-22", "confirmar": "1"},
            "la fecha de la baja va de ese día a hoy",
        ),
    ],
)
def test_withdraw_student_says_what_is_wrong(client, stay, by, said, sentence):
    page = client.post(address(LEAVE, stay), said)

    stay.refresh_from_db()
    assert sentence in text_of(page)
    assert stay.state == EnrollmentState.ACTIVE


def test_withdraw_student_says_who_is_not_told(client, stay, by):
    Enrollment.objects.update(roster_email="")
    stay.data.email = ""
    stay.data.save()
    without = text_of(client.post(address(LEAVE, stay), SAID))
    opt_out(stay, by=by, now=NOW)

    renounced = text_of(client.post(address(LEAVE, stay), SAID))

    assert "No le llega correo, porque no tiene" in without
    assert "No le llega correo: había renunciado al seguro." in renounced


def test_withdraw_student_whose_data_went_to_imss(client, stay, by):
    Enrollment.objects.update(sent_to_imss_at=NOW)

    page = text_of(client.post(address(LEAVE, stay), SAID | {"kind": "FINISHED"}))

    assert "¿Registrar el egreso de Ana Gómez Martínez?" in page
    assert "va en el lote de bajas" in page
    assert "se puede deshacer en su ficha durante 30 días" in page


@pytest.mark.parametrize("name", [LEAVE, MOVE])
def test_who_left_already_leaves_no_more(client, stay, by, name):
    withdraw_student(stay, kind=BajaKind.DEFINITIVE, on_date=TODAY, by=by, now=NOW)

    page = client.post(address(name, stay), SAID | {"confirmar": "1"}, follow=True)

    assert page.redirect_chain == file_of(stay)
    assert "Ya causó baja: no hay inscripción que terminar" in text_of(page)


@pytest.mark.parametrize("name", [LEAVE, MOVE, BACK])
def test_another_planteles_student_does_not_exist(client, by, name):
    other = EnrollmentFactory()

    assert client.get(address(name, other)).status_code == 404


def moving(there, **more) -> dict[str, object]:
    told = {"plantel": there.pk, "group": "3b", "matricula": "2606 0001", "on_date": str(TODAY)}
    return told | more


def test_transfer_student_asks_then_checks_then_moves(client, stay, by, there):
    closed = PlantelFactory(number="99", is_active=False)
    asked = text_of(client.get(address(MOVE, stay)))
    checked = text_of(client.post(address(MOVE, stay), moving(there)))

    done = client.post(address(MOVE, stay), moving(there, confirmar="1"), follow=True)

    moved = Enrollment.objects.get(plantel=there)
    assert f'value="{stay.matricula}"' in asked
    assert str(closed) not in asked
    assert f'<option value="{stay.plantel.pk}">' not in asked
    assert "¿Trasladar a Ana Gómez Martínez a Plantel 06 Sur?" in checked
    assert "Allá tiene un plazo nuevo para su acuse" in checked
    assert (moved.group, moved.matricula) == ("3B", "26060001")
    assert done.redirect_chain == file_of(stay)
    page = text_of(done)
    assert "Ana Gómez Martínez queda inscrito en Plantel 06 Sur" in page
    assert "Traslado a otro plantel (Plantel 06 Sur) desde el 21 de agosto de 2026" in page


def test_transfer_student_says_what_goes_along(client, stay, by, there):
    stay.student.nss = nss(1)
    stay.student.save()
    opt_out(stay, by=by, now=NOW)
    Enrollment.objects.update(sent_to_imss_at=NOW)

    page = text_of(client.post(address(MOVE, stay), moving(there)))

    assert "Su NSS ya está comprobado y pasa a su nueva inscripción" in page
    assert "Su renuncia se queda en este plantel" in page
    assert "Si los dos planteles tienen el mismo registro patronal no se manda baja" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"plantel": ""}, "Elegir a qué plantel se va"),
        ({"matricula": ""}, "Escribir la matrícula que tendrá"),
        ({"matricula": "¿?"}, "La matrícula lleva de 2 a 20 letras, números o guiones"),
        ({"group": "x" * 13}, "Escribir el grupo en 12 letras o menos"),
        ({"matricula": "26069999", "confirmar": "1"}, "Otra persona ya usa esa matrícula"),
        ({"on_date": "2026-08-22", "confirmar": "1"}, "la fecha de la baja va de ese día a hoy"),
    ],
)
def test_transfer_student_says_what_is_wrong(client, stay, by, there, said, sentence):
    EnrollmentFactory(matricula="26069999")

    page = client.post(address(MOVE, stay), moving(there, **said))

    stay.refresh_from_db()
    assert sentence in text_of(page)
    assert stay.state == EnrollmentState.ACTIVE


def test_transfer_student_where_there_is_no_other_plantel(client, stay, by):
    assert "No hay otro plantel activo" in text_of(client.get(address(MOVE, stay)))


@pytest.mark.parametrize(
    ("kind", "button"),
    [(BajaKind.TEMPORARY, "Registrar el reingreso"), (BajaKind.FINISHED, "Deshacer la baja")],
)
def test_reinstate_student(client, stay, by, kind, button):
    withdraw_student(stay, kind=kind, on_date=TODAY, by=by, now=NOW, note="Se mudó")
    asked = text_of(client.get(address(BACK, stay)))

    done = client.post(address(BACK, stay), follow=True)

    stay.refresh_from_db()
    assert button in asked
    assert "Se mudó" in asked
    assert stay.state == EnrollmentState.ACTIVE
    assert done.redirect_chain == file_of(stay)
    assert "Ana Gómez Martínez está inscrito otra vez" in text_of(done)


def test_reinstate_student_who_moved(client, stay, by, there):
    client.post(address(MOVE, stay), moving(there, confirmar="1"))

    page = text_of(client.get(address(BACK, stay)))

    assert "Traslado a otro plantel: Plantel 06 Sur" in page
    assert "En Plantel 06 Sur deja de estar inscrito." in page


def test_reinstate_student_too_late(client, stay, by):
    at = NOW - UNDO_FOR - timedelta(seconds=1)
    Enrollment.objects.update(enrolled_on=date(2026, 1, 1))
    stay.refresh_from_db()
    withdraw_student(stay, kind=BajaKind.DEFINITIVE, on_date=date(2026, 1, 2), by=by, now=at)
    asked = text_of(client.get(address(BACK, stay)))

    refused = client.post(address(BACK, stay), follow=True)

    assert "Pasaron más de 30 días y ya no se puede deshacer" in asked
    assert "Registrar el reingreso" not in asked
    assert "Pasaron más de 30 días de esa baja" in text_of(refused)


def test_reinstate_student_who_is_enrolled(client, stay, by):
    page = client.post(address(BACK, stay), follow=True)

    assert page.redirect_chain == file_of(stay)
    assert "Sigue inscrito: no hay baja que deshacer" in text_of(page)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [LEAVE, MOVE])
def test_somebody_was_faster(client, stay, by, there, name):
    """Between the reading of the stay and the action somebody else registered a baja."""

    def end() -> None:
        withdraw_student(stay, kind=BajaKind.DEFINITIVE, on_date=TODAY, by=by, now=NOW)

    said = {LEAVE: SAID, MOVE: moving(there)}[name] | {"confirmar": "1"}
    with just_before("FOR NO KEY UPDATE", end):
        page = client.post(address(name, stay), said, follow=True)

    assert "Otra persona ya lo atendió" in text_of(page)
    assert Baja.objects.get().kind == BajaKind.DEFINITIVE
