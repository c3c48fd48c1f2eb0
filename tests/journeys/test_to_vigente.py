"""From an accepted acuse to «vigente», and who leaves on the way."""

import pytest
from playwright.sync_api import Page, expect

from affiliation.models import Batch, Movement
from affiliation.states import BatchState, MovementKind
from clinics.models import VigenciaCheck
from clinics.states import VigenciaResult
from notices.models import Notice
from renuncias.actions import ask_renuncia
from renuncias.states import Motive
from school.models import Plantel
from school.states import Role
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.affiliation import ProfileFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW
from tests.journeys import steps
from tests.journeys.world import ANA, RICARDO, World, prove

REGISTRO, OTHER_REGISTRO = "B1234567321", "B7654321321"


@pytest.fixture
def affiliating(world: World) -> World:
    """The plantel answers to IMSS under a registro patronal with a profile."""
    answers_under(world.plantel, REGISTRO)
    return world


def answers_under(plantel: Plantel, registro: str) -> None:
    """Give the plantel that registro patronal, and that a profile."""
    plantel.registro_patronal = registro
    plantel.save()
    ProfileFactory(registro_patronal=registro)


def test_accepted_to_vigente_with_a_rejection_and_a_no(
    open_page, worker, affiliating, smtp_sink, tmp_path
):
    desk, phone = open_page(1280, 800), open_page(360, 640)
    for pupil in (ANA, RICARDO):
        prove(affiliating, pupil)
    steps.enter_as_staff(desk, affiliating)
    steps.arrive_as(phone, stay_of(ANA).student.user)

    steps.make_batch(desk, "altas", 2)
    filled = steps.answer_relation(
        desk,
        tmp_path,
        {ANA.nss: ("Rechazado", "El nombre no coincide"), RICARDO.nss: ("Aplicado", "")},
    )
    steps.send_batch(desk, "IDSE-1")
    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="Tu plantel ya mandó tu afiliación")).to_be_visible()
    steps.import_answers(desk, filled)
    steps.wait_for_mail(desk, smtp_sink, RICARDO.email, "Ya estás afiliado al IMSS")
    phone.reload()
    expect(phone.get_by_role("heading", name="Tu acuse está aceptado")).to_be_visible()

    desk.goto("/seguimiento/hoy/")
    desk.get_by_role("link", name="Corregir").click()
    steps.press(desk, "Marcar como corregido")
    send_and_apply(desk, 1)
    steps.wait_for_mail(desk, smtp_sink, ANA.email, "Ya estás afiliado al IMSS")

    steps.open_clinic_step(desk, 2)
    phone.reload()
    phone.get_by_role("link", name="Ya me registré").click()
    phone.get_by_label("Número de tu UMF").fill("37")
    phone.get_by_label("Matutino").check()
    steps.press(phone, "Guardar mi clínica")
    steps.report_vigencia(phone, "NO")
    expect(phone.get_by_role("heading", name="Le avisamos a tu plantel")).to_be_visible()
    steps.wait_for_mail(desk, smtp_sink, ANA.email, "Avisamos a tu plantel")

    desk.goto("/seguimiento/hoy/")
    expect(desk.get_by_text("salió NO en vigencia")).to_be_visible()
    send_and_apply(desk, 1)
    desk.goto("/umf/vigencias/")
    steps.press(desk, "Ya se corrigió")
    expect(desk.get_by_text("que revise otra vez")).to_be_visible()
    assert Notice.objects.filter(message="M-16", to_email=ANA.email).count() == 1  # not by night
    steps.report_vigencia(phone, "SÍ")
    phone.get_by_label("Por mi escuela").check()
    steps.press(phone, "Continuar")
    phone.goto("/mi-tramite/")
    expect(phone.get_by_role("heading", name="¡Listo! Tu seguro está activo")).to_be_visible()
    assert [check.result for check in VigenciaCheck.objects.order_by("pk")] == [
        VigenciaResult.NONE,
        VigenciaResult.BY_SCHOOL,
    ]


def test_a_renuncia_after_the_acceptance_leaves_the_batch(open_page, worker, affiliating):
    desk = open_page(1280, 800)
    for pupil in (ANA, RICARDO):
        prove(affiliating, pupil)
    steps.arrive_as(desk, affiliating.responsable)
    steps.make_batch(desk, "altas", 2)

    ana = stay_of(ANA)
    ask_renuncia(ana, {"motive": Motive.IMSS_FAMILY}, by=ana.student.user, now=NOW)
    desk.reload()
    expect(desk.get_by_text("1 ya no debe ir en este lote")).to_be_visible()
    steps.press(desk, "Volver a hacer el lote")

    steps.send_batch(desk, "IDSE-1")
    assert sent_students() == [RICARDO.first_surname]


def test_a_baja_in_the_middle_of_an_open_batch(open_page, worker, affiliating, smtp_sink):
    desk = open_page(1280, 800)
    for pupil in (ANA, RICARDO):
        prove(affiliating, pupil)
    steps.arrive_as(desk, affiliating.responsable)
    steps.make_batch(desk, "altas", 2)
    steps.send_batch(desk, "IDSE-1")

    desk.goto(f"/alumnos/{stay_of(ANA).public_id}/baja/")
    desk.get_by_label("Baja definitiva").check()
    steps.press(desk, "Continuar")
    steps.press(desk, "Registrar la baja")
    steps.wait_for_mail(desk, smtp_sink, ANA.email, "Terminó tu seguro de estudiante")
    desk.goto(f"/lotes/{Batch.objects.get().public_id}/")
    steps.answer_all(desk, "Aplicado")

    steps.make_batch(desk, "bajas", 1)
    steps.send_batch(desk, "IDSE-2")
    steps.answer_all(desk, "Aplicado")
    assert list(insured()) == [RICARDO.first_surname]
    assert stay_of(ANA).sent_to_imss_at is None


def test_a_traslado_closes_here_and_opens_there(open_page, worker, affiliating):
    desk, there = open_page(1280, 800), open_page(1280, 800)
    other = PlantelFactory(clave="26ECB0006W", number="06", name="Nogales")
    answers_under(other, OTHER_REGISTRO)
    prove(affiliating, ANA)
    steps.arrive_as(desk, affiliating.responsable)
    steps.arrive_as(there, staff(Role.RESPONSABLE, other, name="Pedro Soto"))
    send_and_apply(desk, 1)

    desk.goto(f"/alumnos/{stay_of(ANA).public_id}/traslado/")
    desk.get_by_label("Plantel al que se va").select_option(label=str(other))
    steps.press(desk, "Continuar")
    steps.press(desk, "Hacer el traslado")

    make_and_send(desk, "bajas", 1)
    steps.answer_all(desk, "Aplicado")
    send_and_apply(there, 1)
    here, gone = (
        Enrollment.objects.get(plantel=other),
        Enrollment.objects.get(plantel=affiliating.plantel),
    )
    assert (here.state, gone.state) == (EnrollmentState.ACTIVE, EnrollmentState.WITHDRAWN)
    assert Movement.objects.get(is_in_force=True).enrollment == here


def make_and_send(desk: Page, word: str, count: int) -> None:
    """Make the next batch and send it."""
    steps.make_batch(desk, word, count)
    steps.send_batch(desk, "")


def send_and_apply(desk: Page, count: int) -> None:
    """Make the next batch of altas, send it, and enter that IMSS applied all of it."""
    make_and_send(desk, "altas", count)
    steps.answer_all(desk, "Aplicado")


def stay_of(pupil) -> Enrollment:
    return Enrollment.objects.get(student__curp=pupil.curp)


def insured():
    return Movement.objects.filter(is_in_force=True).values_list(
        "enrollment__student__first_surname", flat=True
    )


def sent_students() -> list[str]:
    sent = Batch.objects.get(state=BatchState.SENT, kind=MovementKind.ALTA)
    return [one.enrollment.student.first_surname for one in sent.movements.all()]
