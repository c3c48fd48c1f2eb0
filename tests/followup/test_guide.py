"""The guide is whole: every sentence of the printed one has its words on the page, and everybody may read it."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

PRINTED_TO_PAGE = {
    "Atención médica (consulta en la clínica correspondiente)": (
        "Atención médica: consulta en la clínica que te corresponde"
    ),
    "Dotación de medicamentos": "Medicamentos",
    "Atención quirúrgica y hospitalaria": "Cirugías y hospital",
    "Atención obstétrica (alumnas, atención al recién nacido únicamente en el momento del nacimiento)": (
        "Atención obstétrica para alumnas; a la o el recién nacido se le atiende únicamente en el momento "
        "del nacimiento"
    ),
    "Atención odontológica": "Dentista (atención odontológica)",
    "Análisis de laboratorio y rayos X": "Análisis de laboratorio y rayos X",
    "Ingresa al portal del IMSS www.imss.gob.mx": "www.imss.gob.mx",
    "1 Derechohabientes, pensionados y público en general": (
        "Elige Derechohabientes, pensionados y público en general."
    ),
    "2 Escritorio virtual": "Entra a Escritorio virtual.",
    "3 Asignación de NSS [iniciar trámite]": "Busca Asignación de NSS y toca Iniciar trámite.",
    "4 Capturar datos (CURP, correo electrónico y datos de domicilio con código postal)": (
        "Escribe tus datos: CURP, correo electrónico y domicilio con código postal."
    ),
    "5 Confirmar datos en correo electrónico para continuar con la captura": (
        "Abre el correo que te manda el IMSS y confirma para continuar la captura."
    ),
    "6 Obtener acuse impreso y entregarlo al responsable de la afiliación de Control Escolar": (
        "Obtén tu acuse y entrégalo: súbelo aquí (PDF o foto) o llévalo impreso a la persona responsable "
        "de afiliación de Control Escolar."
    ),
    "El plantel indicará al alumno en qué momento debe concluir el trámite del carnet": (
        "Después, cuando tu plantel te lo indique:"
    ),
    "7 Ingresar al portal con el NSS, CURP, correo y registrar sus datos en ALTA EN CLÍNICA O UMF": (
        "vuelve a la página del IMSS con tu NSS, CURP y correo, y registra tus datos en Alta en clínica o UMF."
    ),
    "donde podrá obtener el Carnet de citas, o acudir a la Unidad Médico Familiar asignada": (
        "Ahí puedes obtener tu carnet de citas; o acude a la Unidad de Medicina Familiar que te asignaron."
    ),
    "es un derecho desde la inscripción hasta concluir, o baja temporal o definitiva": (
        "es un derecho que tienes desde que te inscribes y hasta que concluyes tu educación media superior, "
        "o causas baja temporal o definitiva en tu plantel o centro de educación abierta."
    ),
    "siempre y cuando no cuente con la misma o similar protección": (
        "Aplica si no tienes la misma protección, o una parecida, en el propio IMSS o en otra institución de "
        "seguridad social."
    ),
    "CURP": "Tu CURP",
    "Correo electrónico": "Un correo electrónico que puedas abrir en ese momento",
    "Comprobante de domicilio actual, con código postal": (
        "Un comprobante de domicilio actual, con código postal"
    ),
    "Presentar el acuse durante los tres días posteriores a la inscripción": (
        "Presenta el acuse con tu número de seguridad social, obtenido en el portal del IMSS, durante los "
        "tres días posteriores a tu inscripción."
    ),
    "no acudir a la Subdelegación; reportar sus datos con el o la responsable": (
        "No vayas a la Subdelegación. Reporta tus datos con la persona responsable de afiliación de tu "
        "plantel; ella pide tu número en la Subdelegación del IMSS."
    ),
    "Si no requiere de la afiliación, llenar el formato de renuncia": (
        "Llena el formato de renuncia. Te lo dan en tu plantel o centro de educación abierta."
    ),
    "verificar en Consulta si están vigentes sus derechos": (
        "Después de tramitar tu carnet, entra al portal del IMSS, en Consulta, y revisa si están vigentes "
        "tus derechos."
    ),
    "SI: CORRECTO": "SÍ: Correcto. Terminaste.",
    "NO: Reportar al responsable para que se realice el proceso de afiliación": (
        "NO: Repórtalo a la persona responsable para que haga el proceso de afiliación."
    ),
}


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize("sentence", PRINTED_TO_PAGE.values(), ids=PRINTED_TO_PAGE)
def test_guide_says_what_the_printed_one_says(client, sentence):
    assert sentence in text_of(client.get(reverse("followup:guide")))


def test_guide_sets_no_cookie_and_offers_nothing_to_copy_to_visitors(client):
    response = client.get(reverse("followup:guide"))

    assert not response.cookies
    assert "data-copy" not in response.content.decode()


def test_guide_lets_the_student_copy_the_own_data(client):
    enrollment = EnrollmentFactory()
    StudentDataFactory(enrollment=enrollment, postal_code="83000")
    other = EnrollmentFactory()
    client.force_login(enrollment.student.user)

    page = client.get(reverse("followup:guide")).content.decode()

    assert f'data-copy="{enrollment.student.curp}"' in page
    assert 'data-copy="83000"' in page
    assert other.student.curp not in page


@pytest.mark.parametrize("name", ["cover", "guide", "family", "decline", "help"])
def test_public_pages_are_small_and_open_to_visitors(client, name):
    response = client.get(reverse(f"followup:{name}"))

    assert response.status_code == 200
    assert len(response.content) < 40 * 1024


def test_cover_takes_a_student_to_the_own_tramite(client):
    client.force_login(EnrollmentFactory().student.user)

    page = client.get(reverse("followup:cover")).content.decode()

    assert f'href="{reverse("followup:my_steps")}"' in page
    assert "Entrar a mi trámite" not in page
