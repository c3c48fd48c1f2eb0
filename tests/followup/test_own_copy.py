"""E-18: the download holds what every app keeps about the student, and nothing about anybody else."""

import pytest
from django.urls import reverse

from followup.queries.own_copy import whole_copy
from nss.states import AcuseState
from school.states import Role
from tests.factories.followup import StudentReportFactory
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db

DOWNLOAD = "followup:download_my_data"


@pytest.fixture
def stay():
    return EnrollmentFactory(confirmed=True, student__nss=nss(1))


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
            "subido_por": str(acuse.created_by),
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


def test_whole_copy_holds_earlier_stays_of_the_same_person(stay):
    before = EnrollmentFactory(student=stay.student, state="FINISHED")

    copy = whole_copy(stay)

    assert (copy["matricula"], copy["situacion"]) == (stay.matricula, "inscrito")
    assert [one["matricula"] for one in copy["inscripciones_anteriores"]] == [before.matricula]


def test_whole_copy_holds_nothing_of_somebody_else(stay):
    other = EnrollmentFactory(confirmed=True, plantel=stay.plantel)
    AcuseFactory(request__enrollment=other)
    StudentReportFactory(enrollment=other)
    NoticeFactory(about=f"enrollment:{other.pk}")

    copy = whole_copy(stay)

    names = ("acuses", "reportes", "avisos", "archivos", "inscripciones_anteriores")
    assert [copy[name] for name in names] == [[], [], [], [], []]


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

    with django_assert_num_queries(16):
        client.get(reverse(DOWNLOAD))
