"""The catalogue of clinics: saved, deleted, imported."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from clinics.actions import delete_umf, import_umfs, save_umf
from clinics.actions.errors import NoUMFRead, UMFInUse
from clinics.models import UMF
from clinics.queries.umfs import SUGGESTED, umf_list, umf_suggestions
from clinics.umf_file import UMFRow, WrongRow
from common.uploads import NoSlot
from common.uploads.runner import _slot
from students.actions.files import UploadRefused
from students.models import StoredFile
from tests.factories.clinics import UMFFactory, UMFRegistrationFactory
from tests.factories.school import PlantelFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


def known(plantel):
    return list(UMF.objects.filter(plantel=plantel).values_list("number", "name", "address"))


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("umf.csv", text.encode())


def xlsx(*rows: list[object]) -> SimpleUploadedFile:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("umf.xlsx", content.getvalue())


def test_save_umf_adds_and_changes_one(plantel):
    save_umf(plantel, UMFRow(37))
    save_umf(plantel, UMFRow(37, "Centro", "Calle 1"))
    save_umf(PlantelFactory(), UMFRow(37, "Otra"))

    assert known(plantel) == [(37, "Centro", "Calle 1")]


def test_delete_umf_takes_one_out_that_nobody_uses(plantel):
    delete_umf(UMFFactory(plantel=plantel))

    assert known(plantel) == []


def test_delete_umf_keeps_one_with_students(plantel):
    registration = UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)

    with pytest.raises(UMFInUse):
        delete_umf(registration.umf)


def test_import_umfs_adds_changes_and_says_what_is_wrong(plantel):
    UMFFactory(plantel=plantel, number=37, name="Vieja", address="Calle 1")
    UMFFactory(plantel=plantel, number=9, name="Sur")

    done = import_umfs(
        plantel, csv("Número,Nombre,Domicilio\n37,Centro,\n9,Sur,\n5,,Calle 5\nx,,\n")
    )

    assert (done.new, done.changed) == (1, 1)
    assert done.wrong == [
        WrongRow(5, "«x» no es un número de UMF. Escribir un número del 1 al 999")
    ]
    assert known(plantel) == [(5, "", "Calle 5"), (9, "Sur", ""), (37, "Centro", "Calle 1")]
    assert StoredFile.objects.count() == 0


def test_import_umfs_twice_changes_nothing(plantel):
    import_umfs(plantel, xlsx(["Número", "Nombre"], [37, "Centro"]))

    again = import_umfs(plantel, xlsx(["Número", "Nombre"], [37, "Centro"]))

    assert (again.new, again.changed, known(plantel)) == (0, 0, [(37, "Centro", "")])


def test_import_umfs_refuses_a_list_without_numbers(plantel):
    with pytest.raises(NoUMFRead):
        import_umfs(plantel, csv("Nombre,Domicilio\nCentro,Calle 1\n"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04 nada"])
def test_import_umfs_refuses_what_is_no_table(plantel, content):
    with pytest.raises(UploadRefused):
        import_umfs(plantel, SimpleUploadedFile("umf.xlsx", content))


def test_import_umfs_waits_for_a_free_slot(plantel):
    with _slot(0), _slot(0), pytest.raises(NoSlot):
        import_umfs(plantel, csv("Número\n37\n"))


def test_umf_list_counts_who_is_registered(plantel):
    UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)
    UMFFactory(plantel=plantel, number=5)

    assert [(umf.number, umf.used) for umf in umf_list(plantel)] == [(5, 0), (37, 1)]


def test_umf_suggestions_offers_the_most_used_first(plantel):
    for number in range(100, 100 + SUGGESTED):
        UMFFactory(plantel=plantel, number=number)
    UMFRegistrationFactory(enrollment__plantel=plantel, registered=True)

    offered = [umf.number for umf in umf_suggestions(plantel)]

    assert offered == [37, *range(100, 100 + SUGGESTED - 1)]
