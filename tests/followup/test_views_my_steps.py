"""E-07 «Mi trámite»: the texts of each stage, and who may not see it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from clinics.states import VigenciaResult
from common.dates import plain_date
from followup.queries.my_steps import next_step
from followup.queries.progress import standing_of
from followup.stages import STAGES
from followup.states import ReportKind, Stage
from nss.models import Acuse
from nss.states import AcuseState, ProofRoute, RequestState, ReturnReason
from school.queries.planteles import contact_of
from school.states import Role
from students.actions.clock import pause_clocks
from students.models import AccessEntry
from students.states import BajaKind, EnrollmentState, PauseReason
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import MembershipFactory, PlantelFactory, UserFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, leave, nss

pytestmark = pytest.mark.django_db


def current(**fields):
    """A stay whose deadline is tomorrow by the real clock, which the page reads."""
    fields = {"confirmed": True, "acuse_due_on": timezone.localdate() + timedelta(days=1)} | fields
    return EnrollmentFactory(enrolled_on=timezone.localdate() - timedelta(days=3), **fields)


def at_stage(stage):
    makers = {
        Stage.S_00: lambda: current(confirmed=False),
        Stage.S_01: current,
        Stage.S_01V: lambda: current(acuse_due_on=timezone.localdate() - timedelta(days=2)),
        Stage.S_02: lambda: (
            NSSRequestFactory(enrollment=current(), state=RequestState.AT_SUBDELEGACION).enrollment
        ),
        Stage.S_03: lambda: proven(ProofRoute.SUBDELEGACION),
        Stage.S_04: lambda: AcuseFactory(request__enrollment=current()).request.enrollment,
        Stage.S_04B: lambda: (
            AcuseFactory(request__enrollment=current(), draft=True).request.enrollment
        ),
        Stage.S_05: lambda: (
            AcuseFactory(
                request__enrollment=current(),
                state=AcuseState.RETURNED,
                return_reason=ReturnReason.UNREADABLE,
            ).request.enrollment
        ),
        Stage.S_06: lambda: proven(ProofRoute.ACUSE),
        Stage.S_07: lambda: (
            MovementFactory(enrollment=proven(ProofRoute.ACUSE), sent=True).enrollment
        ),
        Stage.S_08: lambda: (
            MovementFactory(enrollment=proven(ProofRoute.ACUSE), applied=True).enrollment
        ),
        Stage.S_09: lambda: UMFRegistrationFactory(enrollment=proven(ProofRoute.ACUSE)).enrollment,
        Stage.S_10: with_clinic,
        Stage.S_11: lambda: VigenciaCheckFactory(enrollment=with_clinic()).enrollment,
        Stage.S_12: lambda: (
            VigenciaCheckFactory(enrollment=with_clinic(), result=VigenciaResult.NONE).enrollment
        ),
        Stage.S_13A: lambda: issued(current()).enrollment,
        Stage.S_13: lambda: registered(current()).enrollment,
        Stage.S_14: lambda: current(state=EnrollmentState.WITHDRAWN),
    }
    return makers[stage]()


def proven(route):
    enrollment = current(student__nss=nss(1))
    NSSRequestFactory(enrollment=enrollment, state=RequestState.PROVEN, route=route, proven_at=NOW)
    return enrollment


def with_clinic():
    stay = proven(ProofRoute.ACUSE)
    return UMFRegistrationFactory(enrollment=stay, registered=True).enrollment


def read(client, enrollment) -> str:
    client.force_login(enrollment.student.user)
    response = client.get(reverse("followup:my_steps"))
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize("stage", list(Stage))
def test_my_steps_says_what_the_table_of_stages_says(client, stage):
    page = read(client, at_stage(stage))

    text = STAGES[stage]
    assert text.heading.partition("{")[0] in page
    assert text.body.replace("**", "").partition("{")[0] in page
    assert ("a más tardar el" in page) == (text.says_deadline or stage == Stage.S_04)
    assert "{" not in page


@pytest.mark.parametrize(
    ("stage", "tags"),
    [
        (Stage.S_00, "Confirma tus datos Te toca Saca tu NSS Más adelante Sube tu acuse"),
        (Stage.S_01, "Confirma tus datos Listo Saca tu NSS Te toca Sube tu acuse Más adelante"),
        (Stage.S_02, "Confirma tus datos Listo Lo saca tu plantel En espera Tu plantel te afilia"),
        (Stage.S_03, "Saca tu NSS Listo Tu plantel te afilia En espera"),
        (Stage.S_04, "Sube tu acuse En espera Tu plantel te afilia Más adelante"),
        (Stage.S_05, "Sube tu acuse Te toca Tu plantel te afilia Más adelante"),
        (Stage.S_06, "Sube tu acuse Listo Tu plantel te afilia En espera"),
        (Stage.S_07, "Tu plantel te afilia En espera Regístrate en tu clínica Más adelante"),
        (Stage.S_08, "Tu plantel te afilia Listo Regístrate en tu clínica En espera"),
        (Stage.S_09, "Regístrate en tu clínica Te toca Revisa tu vigencia Más adelante"),
        (Stage.S_10, "Regístrate en tu clínica Listo Revisa tu vigencia Te toca"),
        (Stage.S_11, "Regístrate en tu clínica Listo Revisa tu vigencia Listo"),
        (Stage.S_12, "Tu plantel te afilia En espera Regístrate en tu clínica Listo"),
    ],
)
def test_my_steps_tags_the_steps(client, stage, tags):
    assert tags in read(client, at_stage(stage))


def test_my_steps_of_a_number_from_the_subdelegacion_never_speaks_of_an_acuse(client):
    stay = MovementFactory(enrollment=proven(ProofRoute.SUBDELEGACION), applied=True).enrollment

    page = read(client, stay)

    assert "Saca tu NSS Listo Tu plantel te afilia Listo" in page


def test_my_steps_still_asks_for_the_data_after_an_acuse_at_the_window(client):
    stay = AcuseFactory(request__enrollment=current(confirmed=False)).request.enrollment

    page = read(client, stay)

    assert "Confirma tus datos Te toca Saca tu NSS Listo Sube tu acuse En espera" in page


def test_my_steps_asks_for_the_data_before_an_acuse_returned_at_the_window(client):
    acuse = AcuseFactory(
        request__enrollment=current(confirmed=False),
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.UNREADABLE,
    )

    page = read(client, acuse.request.enrollment)

    assert "Confirma tus datos Te toca Saca tu NSS Listo Sube tu acuse Más adelante" in page


def test_my_steps_of_a_stay_that_is_over_shows_no_steps(client):
    assert "Tu avance" not in read(client, at_stage(Stage.S_14))


@pytest.mark.parametrize(
    ("kind", "sentence", "comes_back"),
    [
        (BajaKind.TEMPORARY, "Causaste baja temporal el ", True),
        (BajaKind.DEFINITIVE, "Causaste baja definitiva el ", False),
        (BajaKind.FINISHED, "Concluiste tu bachillerato el ", False),
    ],
)
def test_my_steps_of_a_stay_that_is_over_says_how_and_when(client, kind, sentence, comes_back):
    stay = current()
    leave(stay, by=staff(Role.RESPONSABLE, stay.plantel), now=timezone.now(), kind=kind)

    page = read(client, stay)

    assert f"{sentence}{plain_date(stay.enrolled_on)}." in page
    assert ("Si regresas, tu trámite sigue donde estaba." in page) == comes_back


def test_my_steps_names_reason_and_remedy_of_a_return(client):
    page = read(client, at_stage(Stage.S_05))

    assert (
        "Motivo: Tu foto salió borrosa, oscura o cortada. "
        "Qué hacer: Ponla sobre una mesa con luz y que salga toda la hoja."
    ) in page
    assert "Subir otro archivo" in page


def test_my_steps_says_that_a_sent_file_does_not_open(client):
    acuse = AcuseFactory(request__enrollment=current(), state=AcuseState.REFUSED)

    page = read(client, acuse.request.enrollment)

    assert "Tu acuse necesita un cambio" in page
    assert "Motivo: El archivo no abre o tiene contraseña." in page
    assert "Subir otro archivo" in page


def test_my_steps_asks_for_the_number_alone_when_only_it_was_wrong(client):
    acuse = AcuseFactory(
        request__enrollment=current(),
        state=AcuseState.RETURNED,
        return_reason=ReturnReason.NSS_DIFFERS,
    )

    page = read(client, acuse.request.enrollment)

    assert "Escribir mi NSS" in page
    assert "Subir otro archivo" not in page


def test_my_steps_of_a_case_names_report_and_responsable_and_says_the_pause(client):
    enrollment = at_stage(Stage.S_02)
    MembershipFactory(
        plantel=enrollment.plantel, role=Role.RESPONSABLE, user=UserFactory(name="Laura Ríos")
    )
    report = StudentReportFactory(enrollment=enrollment, kind=ReportKind.SUBDELEGACION)
    pause_clocks([enrollment.pk], PauseReason.SUBDELEGACION, now=NOW)

    page = read(client, enrollment)

    assert "No vayas a la Subdelegación. Laura Ríos hace ese trámite por ti." in page
    assert f"Reporte {report.folio}, viernes 21 de agosto." in page
    assert (
        "Tu plazo está en pausa desde el viernes 21 de agosto (el plantel pide el NSS en la Subdelegación)."
        in page
    )


def test_my_steps_of_a_case_names_the_document_that_the_subdelegacion_asked_for(client):
    enrollment = at_stage(Stage.S_02)
    enrollment.plantel.room = "Aula 12"
    enrollment.plantel.save()
    report = StudentReportFactory(
        enrollment=enrollment, kind=ReportKind.SUBDELEGACION, case__missing="acta certificada"
    )
    asked = (
        "Para darte tu NSS, la Subdelegación pide: acta certificada. "
        "Llévalo a Aula 12, en tu plantel."
    )

    page = read(client, enrollment)
    own = client.get(reverse("followup:show_report", args=[report.public_id])).content.decode()

    assert asked in page
    assert asked in strip_tags(own)


def test_my_steps_in_review_says_the_pause(client):
    enrollment = at_stage(Stage.S_04)
    pause_clocks([enrollment.pk], PauseReason.REVIEW, now=NOW)

    page = read(client, enrollment)

    assert (
        "Tu plazo está en pausa desde el viernes 21 de agosto (lo revisa Control Escolar)." in page
    )
    assert "¿Por qué ese día?" not in page


def test_my_steps_without_a_deadline_says_none(client):
    page = read(client, current(acuse_due_on=None))

    assert "Tu plazo" not in page
    assert "Entrega tu acuse a más tardar" not in page


def test_my_steps_says_how_the_deadline_was_counted(client):
    page = read(client, at_stage(Stage.S_01))

    assert "¿Por qué ese día? Contamos 3 días hábiles desde el" in page


@pytest.mark.parametrize(
    ("due_in", "words"),
    [
        (2, "Entrega tu acuse a más tardar el viernes 28 de agosto (te quedan 2 días hábiles)."),
        (1, "Entrega tu acuse a más tardar el jueves 27 de agosto (te queda 1 día hábil)."),
        (0, "Entrega tu acuse a más tardar el miércoles 26 de agosto (hoy es el último día)."),
        (-1, "Tu plazo venció el martes 25 de agosto, pero aún recibimos tu acuse."),
    ],
)
def test_my_steps_says_how_much_of_the_deadline_is_left(client, time_machine, due_in, words):
    time_machine.move_to("2026-08-26T16:00:00Z")
    enrollment = current(acuse_due_on=date(2026, 8, 26) + timedelta(days=due_in), confirmed=False)

    assert words in read(client, enrollment)


@pytest.mark.parametrize(
    ("stage", "heading"),
    [(Stage.S_04, "Recibimos tu acuse"), (Stage.S_05, "Tu acuse necesita un cambio")],
)
def test_next_step_when_somebody_acted_since_the_stage_was_read(stage, heading):
    standing = standing_of(at_stage(stage), now=timezone.now())
    Acuse.objects.update(state=AcuseState.REPLACED)

    step = next_step(standing, contact_of(standing.plantel))

    assert step.heading == heading


def test_my_steps_asks_to_confirm_an_email_until_it_is(client):
    enrollment = current()
    assert "Confirma tu correo" not in read(client, enrollment)

    enrollment.data.email_confirmed_at = None
    enrollment.data.save()

    assert f"Confirma tu correo {enrollment.data.email}" in read(client, enrollment)


def test_my_steps_shows_nobody_elses_number(client):
    other = proven(ProofRoute.ACUSE)

    page = read(client, at_stage(Stage.S_01))

    assert other.student.nss not in page
    assert "24 26 08" not in page


def test_my_steps_takes_staff_to_hoy(client):
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    response = client.get(reverse("followup:my_steps"))

    assert response.url == reverse("followup:today")


def test_my_steps_is_nobody_elses(client):
    client.force_login(UserFactory())

    assert client.get(reverse("followup:my_steps")).status_code == 404


@pytest.mark.parametrize("reports", [1, 3])
def test_my_steps_takes_a_fixed_number_of_queries(client, django_assert_num_queries, reports):
    enrollment = at_stage(Stage.S_01)
    for _ in range(reports):
        StudentReportFactory(enrollment=enrollment)
    client.force_login(enrollment.student.user)
    client.get(reverse("followup:my_steps"))

    with django_assert_num_queries(11):
        client.get(reverse("followup:my_steps"))


# Own report, own number --------------------------------------------------------------------------
def test_show_report_is_the_owners_alone(client):
    report = StudentReportFactory()
    url = reverse("followup:show_report", args=[report.public_id])

    client.force_login(report.enrollment.student.user)
    assert client.get(url).status_code == 200
    client.force_login(EnrollmentFactory().student.user)
    assert client.get(url).status_code == 404


def test_show_report_of_a_case_says_no_vayas_and_the_pause(client):
    report = StudentReportFactory(kind=ReportKind.SUBDELEGACION)
    pause_clocks([report.enrollment_id], PauseReason.SUBDELEGACION, now=NOW)
    client.force_login(report.enrollment.student.user)

    page = strip_tags(
        client.get(reverse("followup:show_report", args=[report.public_id])).content.decode()
    )

    assert report.folio in page
    assert "No vayas a la Subdelegación." in page
    assert "Tu plazo está en pausa desde el viernes 21 de agosto" in page
    assert (
        "Si pasan 3 días hábiles sin novedades, le recordamos a tu plantel automáticamente." in page
    )


def test_download_nss_gives_the_own_number_and_writes_no_look(client):
    enrollment = proven(ProofRoute.SUBDELEGACION)
    client.force_login(enrollment.student.user)

    response = client.get(reverse("followup:download_nss"))

    assert response.headers["Content-Disposition"] == 'attachment; filename="mi-nss.txt"'
    assert "NSS: 24 26 08 0001" in response.content.decode()
    assert not AccessEntry.objects.exists()


def test_download_nss_without_one_is_not_there(client):
    client.force_login(current().student.user)

    assert client.get(reverse("followup:download_nss")).status_code == 404


def test_my_steps_of_a_renuncia_says_where_it_goes(client):
    page = read(client, issued(current()).enrollment)

    assert (
        "Pide el formato en Control Escolar o descárgalo, fírmalo y entrégalo en "
        "Control Escolar, edificio A."
    ) in page
    assert "Te toca a ti" in page
    assert "Descargar formato Cambié de opinión" in page


def test_my_steps_of_a_minors_renuncia_names_who_else_signs(client):
    renuncia = issued(current())
    renuncia.needs_guardian = True
    renuncia.save()

    page = read(client, renuncia.enrollment)

    assert "fírmalo, con tu mamá, papá o tutor, y entrégalo" in page


def test_my_steps_of_a_signed_renuncia_is_the_plantels_turn(client):
    page = read(client, signed(current()).enrollment)

    assert "Recibimos tu renuncia firmada La estamos revisando." in page
    assert "Le toca a tu plantel" in page
    assert "Cambié de opinión" not in page


def test_my_steps_of_a_registered_renuncia_lets_the_student_come_back(client):
    page = read(client, registered(current()).enrollment)

    assert "Registramos tu renuncia" in page
    assert "Quiero afiliarme" in page
