"""The letter to the Subdelegación, as the worker draws it."""

from datetime import timedelta

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from followup.actions.oficios import change_oficio, make_oficio, print_oficio
from followup.actions.reports import ReportDetails, report_case
from followup.models import Escalation, Oficio
from followup.queries.oficios import oficios_of_papers
from followup.states import ReportKind
from followup.tasks import print_oficios
from papers.models import PrintJob
from papers.states import PrintState
from school.actions.texts import publish_text
from school.models import Subdelegacion
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


def an_oficio(students: int = 1) -> Oficio:
    plantel = PlantelFactory(number="05")
    for stay in EnrollmentFactory.create_batch(students, confirmed=True, plantel=plantel):
        details = ReportDetails(key=f"una de {stay.pk}")
        report_case(stay, ReportKind.SUBDELEGACION, by=stay.student.user, details=details, now=NOW)
    return make_oficio(
        plantel,
        list(Escalation.objects.all()),
        subdelegacion=Subdelegacion.objects.create(name="Hermosillo"),
        by=staff(Role.RESPONSABLE, plantel, name="Luz Ríos"),
        now=NOW,
    )


def pages_printed() -> list[str]:
    """What the letter says that was ordered last, page by page, line breaks as spaces."""
    assert sum(iter(print_oficios, 0)) == 3
    job = PrintJob.objects.order_by("pk").last()
    assert job.state == PrintState.READY
    with default_storage.open(job.path) as file:
        pages = list(pypdfium2.PdfDocument(file.read()))
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def printed() -> str:
    """The same, in one piece."""
    return " ".join(pages_printed())


def edit(by, **changes) -> None:
    """Put another version of the format in use."""
    fields = packaged_fields(TextKind.OFICIO) | changes
    publish_text(TextKind.OFICIO, fields, based_on=0, by=by, now=LATER)


def test_print_oficios_draws_the_letter_without_a_cover():
    oficio = an_oficio()

    page = printed()

    said = (
        f"Oficio {oficio.paper.folio}",
        "A quien corresponda Hermosillo",
        "Le solicito el número de seguridad social (NSS) de los estudiantes de la lista",
        "Le agradezco anotar junto a cada referencia el NSS",
        "Queda a sus órdenes Luz Ríos, responsable de afiliación, plantel05@correo.example.",
        "Responsable de afiliación Luz Ríos",
        "Directora o director",
        "Sello de recibido de la Subdelegación",
        "Formato de oficio v1 (vigente 2026-B)",
    )
    assert [words for words in said if words not in page] == []
    assert oficios_of_papers([oficio.paper.about]) == {oficio.paper.about: oficio}


@pytest.mark.parametrize("students", range(7, 11))
def test_an_oficio_is_never_signed_on_a_page_without_a_student(students):
    oficio = an_oficio(students)

    pages = pages_printed()

    signed = next(page for page in pages if "Sello de recibido de la Subdelegación" in page)
    last = oficio.items.order_by("pk").last().escalation.report.folio
    assert f"{students} {last}" in signed
    assert "Queda a sus órdenes" in signed
    assert [page for page in pages if "Hoja 1 de 1" in page] == []
    assert f"Página {len(pages)} de {len(pages)}" in pages[-1]


def test_an_oficio_that_was_made_keeps_its_version_printed_again_and_changed():
    oficio = an_oficio()
    printed()
    by = oficio.created_by
    edit(by, closing="Saludos cordiales.")

    print_oficio(oficio, by=by, now=LATER)
    again = printed()
    change_oficio(
        oficio,
        list(Escalation.objects.all()),
        subdelegacion=oficio.subdelegacion,
        by=by,
        now=LATER,
    )
    changed = printed()

    assert "Reimpresión 1" in again
    assert f"Oficio {oficio.paper.folio}-V2" in changed
    for page in (again, changed):
        assert "Queda a sus órdenes Luz Ríos" in page
        assert "Formato de oficio v1 (vigente 2026-B)" in page


def test_an_oficio_is_made_of_the_version_in_use():
    edit(
        staff(Role.ADMIN),
        addressed_to="Titular de {{subdelegacion}}",
        closing="Saludos de {{plantel}}.",
        signatures={"responsable": "Enlace", "director": "", "stamp": ""},
    )
    an_oficio()

    page = printed()

    assert "Titular de Hermosillo Hermosillo" in page
    assert "Saludos de Plantel 05" in page
    assert "Enlace Luz Ríos" in page
    assert "Formato de oficio v2 (vigente 2026-B)" in page
    assert "Directora o director" not in page
    assert "Sello de recibido" not in page


def test_an_oficio_without_signatures_has_no_lines_for_them():
    edit(staff(Role.ADMIN), signatures={"responsable": "", "director": "", "stamp": ""})
    an_oficio()

    assert printed().count("Luz Ríos") == 1


def test_an_oficio_older_than_the_versions_says_what_came_with_the_portal():
    oficio = an_oficio()
    type(oficio.paper).objects.update(text=None)
    edit(oficio.created_by, closing="Saludos cordiales.")

    page = printed()

    assert "Queda a sus órdenes Luz Ríos" in page
    assert "Formato de oficio v1 (vigente 2026-B)" in page
