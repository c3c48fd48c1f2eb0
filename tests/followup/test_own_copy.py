"""E-18: the download holds what every app keeps about the student, and nothing about anybody else."""

import re
from datetime import date

import pypdfium2
import pytest
from django.urls import reverse

from followup.actions.my_data import order_copy
from followup.queries.own_copy import whole_copy
from followup.queries.progress import standing_of
from followup.queries.student_file import summary_of
from followup.render.my_data import sections_of
from followup.tasks import GAVE_UP, print_copies
from nss.states import AcuseState
from papers.models import PrintJob
from papers.states import PrintState
from school.actions.texts import keep_text_in_use
from school.states import Role, TextKind
from students.models import Baja
from students.states import BajaKind, DeclarationKind
from tests.factories.affiliation import MovementFactory
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.followup import StudentReportFactory
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.piles import a_pile, expected, kept, link_of, responsable
from tests.factories.renuncias import issued, registered
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db

DOWNLOAD = "followup:download_my_data"
ORDER, FETCH = "followup:order_my_copy", "followup:download_my_copy"


@pytest.fixture
def stay():
    return EnrollmentFactory(confirmed=True, student__nss=nss(1))


def test_whole_copy_holds_whatever_the_ficha_shows():
    stay = EnrollmentFactory(
        confirmed=True, shift="matutino", semester="3", student__nss=nss(1), roster_phone=""
    )
    stay.data.guardian_contact = "mama@correo.example"
    stay.data.save()
    NSSRequestFactory(enrollment=stay, state="PROVEN", route="ACUSE", proven_at=NOW)
    shown = summary_of(standing_of(stay, now=NOW), sees_nss=True, sees_address=True)
    asked = {datum.label: datum.value for datum in shown} | {"NSS": nss(1)}

    copy = str(whole_copy(standing_of(stay, now=NOW)))

    words = {label: re.split(r"[ ·,.]+", value) for label, value in asked.items()}
    assert {name for name, said in words.items() if any(one not in copy for one in said)} == set()
    assert len(asked) == 9


def test_whole_copy_holds_what_went_to_imss_and_came_of_it(stay):
    MovementFactory(
        enrollment=stay, rejected=True, batch__folio="L-1", reference="L-1-0001", rejection="CURP"
    )
    UMFRegistrationFactory(enrollment=stay, registered=True, consultorio="4")
    VigenciaCheckFactory(enrollment=stay)
    Baja.objects.create(
        enrollment=stay,
        kind=BajaKind.TEMPORARY,
        on_date=NOW.date(),
        note="Se mudó",
        at=NOW,
        by=stay.student.user,
    )

    copy = whole_copy(stay)

    assert copy["envios_al_imss"][0] == {
        "que": "alta",
        "lote": "L-1",
        "referencia": "L-1-0001",
        "fecha_del_movimiento": NOW.date(),
        "enviado": NOW,
        "estado": "rechazado por el IMSS",
        "respondido": NOW,
        "motivo": "CURP",
    }
    assert copy["clinica"] == {
        "estado": "registrado en su clínica",
        "se_abrio_para_el": NOW.date(),
        "umf": "UMF 37",
        "turno": "matutino",
        "consultorio": "4",
        "registrada": NOW,
    }
    assert copy["vigencias"] == [
        {
            "resultado": "SÍ, por el plantel",
            "sabe_por_quien": True,
            "cuando": NOW,
            "corregida": None,
            "leido_en_la_constancia": None,
        }
    ]
    assert copy["bajas"] == [
        {
            "que": "baja temporal",
            "desde_el": NOW.date(),
            "nota": "Se mudó",
            "registrada": NOW,
            "deshecha": None,
        }
    ]


def test_whole_copy_holds_each_version_of_the_acuse(stay):
    reviewer = staff(Role.REVISOR, stay.plantel)
    acuse = AcuseFactory(
        request__enrollment=stay,
        state=AcuseState.RETURNED,
        return_reason="OTHER",
        return_note="La hoja está cortada a la mitad.",
        reviewed_at=NOW,
        reviewed_by=reviewer,
        typed_nss=nss(1),
    )

    assert whole_copy(stay)["acuses"] == [
        {
            "version": 1,
            "estado": "hay que corregir",
            "folio": acuse.folio,
            "archivo": "acuse.pdf",
            "subido": NOW,
            "subido_por": str(stay.student),
            "enviado": acuse.sent_at,
            "nss_escrito": nss(1),
            "revisado": NOW,
            "revisado_por": str(reviewer),
            "motivo": "La hoja está cortada a la mitad.",
            "nss_aceptado": None,
        }
    ]


def test_whole_copy_holds_reports_notices_and_files(stay):
    report = StudentReportFactory(enrollment=stay)
    NoticeFactory(about=f"enrollment:{stay.pk}", subject="Tu acuse", body="Lo aceptamos.")
    acuse = AcuseFactory(request__enrollment=stay)

    copy = whole_copy(stay)

    assert [one["folio"] for one in copy["reportes"]] == [report.folio]
    assert [one["texto"] for one in copy["avisos"]] == ["Lo aceptamos."]
    assert [one["sha256"] for one in copy["archivos"]] == [acuse.file.sha256]


def test_the_constancia_of_the_copy_is_told_in_words(stay):
    read = {"has_right": True, "umf": 14, "issued_on": "2026-08-20", "is_own": True}
    VigenciaCheckFactory(enrollment=stay, reading=read)

    copy = whole_copy(stay)

    (entry,) = next(
        one.entries
        for one in sections_of(copy, stay.plantel.zone)
        if one.heading == "Lo que dijiste de tu vigencia"
    )
    assert copy["vigencias"][0]["leido_en_la_constancia"] == {
        "servicio_medico": "SÍ",
        "umf": 14,
        "emitida_el": date(2026, 8, 20),
        "curp_de_otra_persona": False,
    }
    assert entry[-1] == (
        "Leído en la constancia",
        "Servicio médico: SÍ; UMF: 14; Emitida el: 20 de agosto de 2026; CURP de otra persona: No",
    )


def test_a_statement_of_the_copy_counts_versions_as_its_page_does(stay):
    aviso = keep_text_in_use(TextKind.AVISO, now=NOW)
    stay.declarations.create(kind=DeclarationKind.AVISO, text=aviso, at=NOW)

    told = whole_copy(stay)["declaraciones"][-1]

    assert (aviso.version, told["version"]) == (0, "aviso de privacidad v1")


def test_whole_copy_holds_the_renuncias(stay):
    renuncia = registered(stay)

    (told,) = whole_copy(stay)["renuncias"]

    assert (told["folio"], told["estado"]) == (renuncia.paper.folio, "registrada")
    assert told["respuestas"] == {
        "Motivo": "Ya tengo IMSS por mi familia",
        "Institución": "IMSS",
    }
    assert told["registrada"] == renuncia.accepted_at


def test_whole_copy_holds_the_scanned_sheet_of_the_own_renuncia_alone(stay):
    pile = a_pile(responsable(stay.plantel), 2)
    own, other = issued(stay), expected(stay.plantel)
    sheets = [kept(pile, link_of(one)) for one in (own, other)]

    copy = whole_copy(stay)

    assert [one["sha256"] for one in copy["archivos"]] == [sheets[0].file.sha256]


def test_whole_copy_holds_earlier_stays_of_the_same_person(stay):
    before = EnrollmentFactory(student=stay.student, state="FINISHED")

    copy = whole_copy(stay)

    assert (copy["matricula"], copy["situacion"]) == (stay.matricula, "inscrito")
    assert [one["matricula"] for one in copy["inscripciones_anteriores"]] == [before.matricula]


def test_whole_copy_holds_nothing_of_somebody_else(stay):
    other = EnrollmentFactory(confirmed=True, plantel=stay.plantel)
    AcuseFactory(request__enrollment=other)
    StudentReportFactory(enrollment=other)
    issued(EnrollmentFactory(plantel=stay.plantel))
    NoticeFactory(about=f"enrollment:{other.pk}")

    copy = whole_copy(stay)

    names = "acuses reportes renuncias avisos archivos inscripciones_anteriores".split()
    assert [copy[name] for name in names] == [[], [], [], [], [], []]


def test_download_my_data_is_a_file_of_the_students_own(client, stay):
    client.force_login(stay.student.user)

    response = client.get(reverse(DOWNLOAD))

    assert response["Content-Disposition"] == 'attachment; filename="mis-datos.json"'
    assert response.json()["nss"] == nss(1)


@pytest.mark.parametrize("count", [1, 3])
def test_download_my_data_takes_a_fixed_number_of_queries(
    client, stay, count, django_assert_num_queries
):
    for version in range(1, count + 1):
        request = getattr(stay, "nss_request", None)
        whose = {"request": request} if request else {"request__enrollment": stay}
        AcuseFactory(
            version=version, state=AcuseState.REPLACED, folio=f"A26-05-{version:06}", **whose
        )
        StudentReportFactory(enrollment=stay, folio=f"SUB26-05-{version:04}")
    client.force_login(stay.student.user)

    with django_assert_num_queries(21):
        client.get(reverse(DOWNLOAD))


# As a PDF ------------------------------------------------------------------------------------------
def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_the_pdf_is_ordered_drawn_and_handed_out_once(client, stay):
    EnrollmentFactory(student=stay.student, state="FINISHED", matricula="25050148")
    client.force_login(stay.student.user)

    client.post(reverse(ORDER))
    client.post(reverse(ORDER))
    waiting = client.get(reverse(ORDER)).content.decode()
    drawn = [print_copies(), print_copies()]
    ready = client.get(reverse(ORDER)).content.decode()
    first, second = client.post(reverse(FETCH)), client.post(reverse(FETCH))

    assert "Estamos preparando tu PDF" in waiting
    assert drawn == [True, False]
    assert "Tu PDF está listo" in ready
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == 'attachment; filename="mis-datos.pdf"'
    words = (
        stay.student.curp,
        nss(1),
        "Lo que diste",
        "Calle Rosales",
        "25050148",
        "Quién vio tus datos",
    )
    assert [one for one in words if one not in text_of(first.content)] == []
    assert (second.status_code, second["Location"]) == (302, reverse(ORDER))
    assert "Preparar el PDF" in client.get(reverse(ORDER)).content.decode()


def test_a_pdf_that_is_not_ready_is_not_handed_out(client, stay):
    order_copy(stay, now=NOW)
    client.force_login(stay.student.user)

    asked = client.post(reverse(FETCH), follow=True).content.decode()

    assert "Tu PDF ya se borró o aún no está listo. Pídelo otra vez." in asked


def test_the_page_asks_again_until_the_pdf_is_ready(client, stay):
    order_copy(stay, now=NOW)
    client.force_login(stay.student.user)

    waiting = client.get(reverse(ORDER), headers={"HX-Request": "true"})
    print_copies()
    ready = client.get(reverse(ORDER), headers={"HX-Request": "true"})

    assert 'id="espera"' in waiting.content.decode()
    assert (ready.status_code, ready["HX-Refresh"]) == (204, "true")


def test_a_copy_that_kills_its_worker_is_given_up(client, stay):
    job = order_copy(stay, now=NOW)
    PrintJob.objects.update(attempts=4)

    print_copies()
    client.force_login(stay.student.user)

    job.refresh_from_db()
    assert (job.state, job.error) == (PrintState.FAILED, GAVE_UP)
    assert GAVE_UP in client.get(reverse(ORDER)).content.decode()


def test_the_pdf_of_another_student_does_not_exist(client, stay):
    order_copy(stay, now=NOW)
    print_copies()
    client.force_login(EnrollmentFactory(plantel=stay.plantel).student.user)

    asked = client.post(reverse(FETCH))

    assert (asked.status_code, asked["Location"]) == (302, reverse(ORDER))
    assert "Preparar el PDF" in client.get(reverse(ORDER)).content.decode()


def test_sections_of_writes_values_as_people_do(stay):
    told = {"folio": "P26-05-0001", "channel": "SLIP", "changes": [["Grupo", "101", "102"]]}
    copy = whole_copy(stay) | {
        "historial": [{"que": "Cambió", "cuando": NOW, "detalle": told}],
        "datos": {"pueden escribirle por WhatsApp": True, "calle": "", "sobre": {}},
    }

    sections = {one.heading: one.entries for one in sections_of(copy, stay.plantel.zone)}

    assert sections["Qué pasó"] == [
        [
            ("Qué", "Cambió"),
            ("Cuándo", "21 de agosto de 2026, 10:00"),
            ("Detalle", "Folio: P26-05-0001. Grupo: 101 → 102"),
        ]
    ]
    assert [value for _, value in sections["Lo que diste"][0]] == ["Sí", "—", "—"]
    assert ("NSS", nss(1)) in sections["Tu inscripción"][0]
    assert ("Matrícula", stay.matricula) in sections["Tu inscripción"][0]
    assert ("Inscrito el", "21 de agosto de 2026") in sections["Tu inscripción"][0]
    assert sections["Tus acuses"] == []
