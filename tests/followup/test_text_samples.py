"""A-07: a format in PDF, as it would be printed, before anybody saves it."""

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from followup.actions.text_samples import NoPlantel, order_sample
from followup.tasks import print_samples
from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from renuncias.models import Renuncia
from school.queries.texts import packaged_fields
from school.states import Role, TextKind
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW
from tests.followup.test_views_texts import admin, text, typed, url

__all__ = ["admin"]

pytestmark = pytest.mark.django_db

EDITED = {"title": "Renuncia de prueba"}


def drawn(job: PrintJob) -> pypdfium2.PdfDocument:
    job.refresh_from_db()
    assert job.state == PrintState.READY
    with default_storage.open(job.path) as file:
        return pypdfium2.PdfDocument(file.read())


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        (
            "renuncia",
            (
                "RENUNCIA DE PRUEBA",
                "ANA GÓMEZ MARTÍNEZ",
                "Formato de renuncia v2 (vigente 2026-B)",
                "MUES",
            ),
        ),
        (
            "oficio",
            (
                *("Renuncia de prueba MUESTRA", "SUB26-05-0031", "Ana Gómez Martínez"),
                *("Formato de oficio v2 (vigente 2026-B)", "Sello de recibido"),
            ),
        ),
        (
            "citatorio",
            (
                *("Renuncia de prueba", "Ana Gómez Martínez", "jueves 27 de agosto"),
                *("Formato de citatorio v2 (vigente 2026-B)", "MUES"),
            ),
        ),
    ],
)
def test_a_draft_is_seen_on_paper_and_nothing_is_saved(client, admin, slug, said):
    PlantelFactory(number="05")

    answer = client.post(url("edit_text", slug), typed(slug, **EDITED, pdf="1"))
    job = PrintJob.objects.get()
    print_samples()

    document = drawn(job)
    page = document[0].get_textpage().get_text_bounded()
    assert answer.url.endswith(f"/papeles/{job.public_id}/")
    assert (len(document), document[0].get_size()) == (1, (612.0, 792.0))
    assert [words for words in said if words not in page] == []
    assert packaged_fields(job.parameters["kind"])["title"] != EDITED["title"]
    assert Renuncia.objects.count() == 0


def test_without_a_plantel_the_draft_is_read_on_the_screen(client, admin):
    answer = client.post(url("edit_text", "renuncia"), typed("renuncia", pdf="1"))

    assert NoPlantel.sentence in text(answer)
    assert PrintJob.objects.count() == 0


def test_a_text_that_is_no_format_has_no_pdf(client, admin):
    PlantelFactory()

    page = client.get(url("edit_text", "motivos")).content.decode()
    forged = client.post(url("edit_text", "motivos"), typed("motivos", pdf="1"))

    assert "Ver en PDF" not in page
    assert (forged.status_code, PrintJob.objects.count()) == (200, 0)


def test_order_sample_twice_is_one_job():
    PlantelFactory()
    by = staff(Role.ADMIN)
    fields = packaged_fields(TextKind.CITATORIO)

    jobs = {
        order_sample(TextKind.CITATORIO, fields, version=1, by=by, now=timezone.now()).pk
        for _ in range(2)
    }

    assert len(jobs) == 1
    assert PrintJob.objects.get().kind == PaperKind.SAMPLE
    assert print_samples() is True
    assert print_samples() is False
    assert PrintJob.objects.get().created_at > NOW
