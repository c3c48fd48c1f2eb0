"""T17, T18: what a name says is printed as it is, whole, and nothing is fetched for it."""

import io
from datetime import date
from itertools import pairwise

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


LONG = [
    ("José Guadalupe del Sagrado Corazón", "Villanueva", "Solano"),
    ("MARÍA DE LOS ÁNGELES GUADALUPE", "FERNÁNDEZ DE CÓRDOBA", "MONTEVERDE DE LA GARZA"),
    (
        "MARÍA DE LOS ÁNGELES " * 2,
        "FERNÁNDEZ DE CÓRDOBA Y VILLAVICENCIO",
        "MONTEVERDE-ÑÚÑEZ DE LA GARZA",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "first", "second"), LONG)
def test_draw_sheets_prints_ten_long_names_whole_and_on_one_sheet(given, first, second):
    student = {"student__given_names": f"{given} Última", "student__first_surname": first}
    stays = EnrollmentFactory.create_batch(
        10, **student, student__second_surname=second, group="101"
    )
    job = PrintJob(plantel=stays[0].plantel, title="Códigos")
    codes = {stay.pk: "ABCD2345" for stay in stays}

    document = pypdfium2.PdfDocument(
        draw_sheets(sheets_of_slips(stays, codes), job, printed_on=date(2026, 8, 27))
    )

    text = document[0].get_textpage()
    lasts, below = places(text, "Última"), places(text, "Grupo 101")
    labels = places(text, "Matrícula")
    assert len(document) == 1
    assert all(last > group for last, group in zip(lasts, below[:10], strict=True))
    assert len({round(gap) for gap in gaps(labels[::2])}) == 1


def places(text: pypdfium2.PdfTextPage, words: str) -> list[float]:
    """Return how high the lower edge of these words stands, each time, in points."""
    found, searcher = [], text.search(words)
    while at := searcher.get_next():
        found.append(text.get_charbox(at[0])[1])
    return found


def gaps(heights: list[float]) -> list[float]:
    return [above - below for above, below in pairwise(heights)]
