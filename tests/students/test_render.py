"""T17, T18: what a name says is printed as it is, and nothing is fetched for it."""

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest

from papers.models import PrintJob
from students.render import draw_sheets, sheets_of_slips
from tests.factories.students import EnrollmentFactory

HOSTILE = [
    "<script>alert(1)</script>",
    "=HYPERLINK(1;2)",
    "<img src=x onerror=1>",
    "{{ settings.SECRET_KEY }}",
    "<link rel=attachment href=file:///etc/passwd>",
]


@pytest.mark.django_db
@pytest.mark.parametrize("payload", HOSTILE)
def test_draw_sheets_prints_a_hostile_name_literally(payload, tmp_path):
    stay = EnrollmentFactory(student__given_names=payload)
    job = PrintJob(plantel=stay.plantel, title="Códigos")

    pdf = draw_sheets(sheets_of_slips([stay], {stay.pk: "ABCD2345"}), job, printed_on=date.today())  # noqa: DTZ011 -- any day

    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    (tmp_path / "slips.pdf").write_bytes(pdf)
    with pikepdf.open(tmp_path / "slips.pdf") as opened:
        attachments = list(opened.attachments)
    assert "".join(payload.split()) in "".join(text.split())
    assert attachments == []


@pytest.mark.django_db
def test_draw_sheets_names_the_pdf_and_its_language():
    stay = EnrollmentFactory()
    job = PrintJob(plantel=stay.plantel, title="Códigos de activación: grupo 101")

    pdf = draw_sheets(sheets_of_slips([stay], {stay.pk: "ABCD2345"}), job, printed_on=date.today())  # noqa: DTZ011 -- any day

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo.Title) == "Códigos de activación: grupo 101"
        assert str(opened.Root.Lang) == "es-MX"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["QD48PAJZ", "5AJTHLW6", "AVAWATAY"])
def test_draw_sheets_prints_a_code_that_copies_as_it_reads(code):
    """Letters moved together for the eye would hold a space more when the PDF is copied: «QD48 PA JZ»."""
    stay = EnrollmentFactory()
    job = PrintJob(plantel=stay.plantel, title="Códigos")

    pdf = draw_sheets(sheets_of_slips([stay], {stay.pk: code}), job, printed_on=date.today())  # noqa: DTZ011 -- any day

    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert f"{code[:4]} {code[4:]}" in text
