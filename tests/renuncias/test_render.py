"""Printed renuncias: what was fixed on the day of issue, on one page of Carta, however long the names."""

import io
import re
import subprocess
import sys

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.storage import default_storage
from PIL import ImageChops

from common.pdf import STATIC, render_pdf
from papers.models import LotPaper, PrintJob
from papers.states import PrintState
from renuncias.actions import issue_renuncias, print_renuncias
from renuncias.models import Renuncia
from renuncias.render import STYLESHEETS, _Formats, draw_lot, words_of
from renuncias.states import Institution, Kinship, Motive
from renuncias.tasks import print_renuncias as sweep
from school.actions.texts import publish_text
from school.queries.texts import packaged_fields
from school.states import TextKind
from tests.factories.renuncias import issued, responsable_of
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.factories.students import NOW, EnrollmentFactory

pytestmark = pytest.mark.django_db

ANSWERS = {
    "motive": Motive.OTHER_INSTITUTION,
    "institution": Institution.ISSSTE,
    "holder": "María Martínez Ruiz",
    "kinship": Kinship.MOTHER,
    "policy_number": "1234567890",
}
LONGEST = "MARÍA DE LOS ÁNGELES " * 4


def lot_of(renuncias: list[Renuncia]) -> tuple[PrintJob, list[LotPaper]]:
    job = print_renuncias(renuncias, title="Renuncias", by=responsable_of(renuncias[0]), now=NOW)
    return job, list(job.lot.select_related("paper"))


def text_of(pdf: bytes, page: int = 0) -> str:
    return str(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded())


def picture_of(pdf: bytes, page: int = 0):
    return pypdfium2.PdfDocument(pdf)[page].render(scale=150 / 72).to_pil().convert("L")


def test_draw_lot_says_what_was_printed_and_no_nss(settings):
    settings.BASE_URL = "https://afiliacion.example"
    numbers = {"student__nss": "24260812342", "declared_nss": "24260812342"}
    stay = EnrollmentFactory(**numbers, shift="vespertino", plantel__name="Hermosillo")
    renuncia = issued(stay, **ANSWERS)
    job, places = lot_of([renuncia])

    drawn = draw_lot(job, places)

    text = text_of(drawn)
    printed = {name: words for name, words in renuncia.printed.items() if words}
    said = ("folio", "name", "curp", "matricula", "holder", "policy_number", "institution", "cycle")
    assert [name for name in said if printed[name] not in text] == []
    assert f"Lote {job.folio} · 1/1" in text
    assert "Vespertino" in text
    assert f"la afiliación al IMSS que ofrece el {stay.plantel}, porque:" in " ".join(text.split())
    assert "Formato de renuncia v1 (vigente 2026-B) · Página 1 de 1" in text
    assert "2426081" not in re.sub(r"\D", "", text)
    (code,) = zxingcpp.read_barcodes(picture_of(drawn))
    assert code.text == f"https://afiliacion.example/verifica/{renuncia.paper.token}/"


def test_draw_lot_ticks_the_motive_alone():
    renuncia = issued(**ANSWERS)
    job, places = lot_of([renuncia])

    words = words_of(renuncia, places[0], job)

    ticks = {name for name, said in words.items() if said == "X"}
    assert ticks == {"motive_other_institution"}


def test_draw_lot_is_the_same_to_the_eye_as_weasyprint_would_draw_it():
    renuncia = issued(**ANSWERS)
    job, places = lot_of([renuncia])

    stamped = picture_of(draw_lot(job, places))

    html = _Formats()._page(renuncia, words_of(renuncia, places[0], job))
    drawn = picture_of(render_pdf(html, stylesheets=STYLESHEETS))
    assert ImageChops.difference(stamped, drawn).getextrema()[1] <= 8


@pytest.mark.parametrize("name", [LONGEST.strip(), "Łukasz Đặng", "Ana 😀", "李小龍"])
def test_draw_lot_bears_any_name_on_one_page(name):
    stay = EnrollmentFactory(student__given_names=name[:80])
    usual = issued(EnrollmentFactory(plantel=stay.plantel))
    odd = issued(stay, **ANSWERS)
    job, places = lot_of([usual, odd])

    drawn = draw_lot(job, places)

    document = pypdfium2.PdfDocument(drawn)
    at = next(i for i in (0, 1) if odd.paper.folio in text_of(drawn, i))
    words = " ".join(text_of(drawn, at).split())
    assert (len(document), document[at].get_size()) == (2, (612.0, 792.0))
    assert "😀" in name or " ".join(name[:80].upper().split()) in words
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all(
            {"/FontFile2", "/FontFile3"} & one.DescendantFonts[0].FontDescriptor.keys()
            for one in fonts
        )


def heights_of(pdf: bytes, word: str) -> list[float]:
    """Return how high above the foot of the first page each place of a word ends and begins, in points."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = iter(page.search(word).get_next, None)
    return [side for at, _ in found for side in page.get_charbox(at)[1::2]]


def test_draw_lot_keeps_a_long_explanation_above_what_follows():
    renuncia = issued(motive=Motive.OTHER, motive_note="MI MAMÁ ME AFILIÓ EN SU TRABAJO. " * 6)
    job, places = lot_of([renuncia])

    drawn = draw_lot(job, places)

    said = heights_of(drawn, "TRABAJO.")
    assert len(said) == 6 * 2
    assert min(said) > max(heights_of(drawn, "La protección que tengo"))


def test_draw_lot_keeps_a_long_address_inside_its_cell():
    stay = EnrollmentFactory(
        roster_email="mariafernandahernandezgutierrezdelosangeles@alumnosbachilleres.example"
    )
    job, places = lot_of([issued(stay)])

    drawn = draw_lot(job, places)

    page = pypdfium2.PdfDocument(drawn)[0].get_textpage()
    right = max(page.get_charbox(at)[2] for at in range(page.count_chars()))
    assert right < 570  # the margin, and half a point
    assert "".join(stay.roster_email.split()) in "".join(text_of(drawn).split())


def test_draw_lot_prints_an_issued_renuncia_as_it_was_issued():
    renuncia = issued(**ANSWERS)
    job, places = lot_of([renuncia])
    first = draw_lot(job, places)
    student = renuncia.enrollment.student
    student.given_names = "Otra"
    student.save()

    again = draw_lot(job, places)

    assert again == first


def test_draw_lot_names_the_version_and_the_ciclo_of_each_issue():
    """One form for each version and ciclo; who was issued a sheet before has the same one after a new version."""
    before = issued(**ANSWERS)
    job, places = lot_of([before])
    first = draw_lot(job, places)
    fields = packaged_fields(TextKind.RENUNCIA) | {"title": "Renuncia al seguro"}
    editor = responsable_of(before)
    publish_text(TextKind.RENUNCIA, fields, based_on=0, by=editor, now=NOW)
    mates = [
        issued(EnrollmentFactory(plantel=before.plantel, cycle=SchoolCycleFactory(name=cycle)))
        for cycle in ("2026-B", "2027-A", "2027-A")
    ]
    mixed, all_places = lot_of([before, *mates])
    formats = _Formats()

    drawn = draw_lot(mixed, all_places)
    for renuncia in (before, *mates):
        formats._form(renuncia)

    said = [text_of(drawn, page) for page in range(len(all_places))]
    by_folio = {
        one.paper.folio: next(text for text in said if one.paper.folio in text)
        for one in (before, *mates)
    }
    lines = [
        re.findall(r"Formato de renuncia .+ · ", by_folio[one.paper.folio])
        for one in (before, *mates)
    ]
    assert lines == [
        ["Formato de renuncia v1 (vigente 2026-B) · "],
        ["Formato de renuncia v2 (vigente 2026-B) · "],
        ["Formato de renuncia v2 (vigente 2027-A) · "],
        ["Formato de renuncia v2 (vigente 2027-A) · "],
    ]
    assert len(formats.forms) == 3
    assert draw_lot(job, places) == first


def test_draw_lot_says_reimpresion():
    renuncia = issued(**ANSWERS)
    job, _ = lot_of([renuncia])
    sweep()
    second, places = lot_of([renuncia])

    drawn = draw_lot(second, places)

    assert second.folio != job.folio
    assert f"Lote {second.folio} · 1/1 · Reimpresión 1" in text_of(drawn)
    assert renuncia.paper.folio in text_of(drawn)


@pytest.mark.parametrize("signatures", [1, 0])
def test_draw_lot_asks_the_guardian_to_sign_where_one_must(signatures):
    renuncia = issued()
    renuncia.printed["guardian"] = "1" if signatures else ""
    renuncia.save()
    job, places = lot_of([renuncia])

    assert text_of(draw_lot(job, places)).count("madre, padre o tutor") == signatures


def test_print_renuncias_draws_a_lot_with_its_cover():
    plantel = PlantelFactory(number="05")
    stays = [EnrollmentFactory(plantel=plantel, group=group) for group in ("102", "101", "101")]
    renuncias = issue_renuncias(stays, by=responsable_of(issued(stays[0])), now=NOW)
    job, _ = lot_of(renuncias)

    assert sum(iter(sweep, 0)) == 3

    job.refresh_from_db()
    with default_storage.open(job.path) as file:
        pdf = file.read()
    folios = [renuncia.paper.folio for renuncia in renuncias]
    assert (job.state, job.sheets_done) == (PrintState.READY, len(renuncias))
    assert "Si esta regla no mide 5 cm" in text_of(pdf)
    assert [folio for folio in folios if folio not in text_of(pdf)] == []
    assert [
        re.findall(r"R\w+-05-\d{5}", text_of(pdf, page))[0] for page in range(1, len(folios) + 1)
    ] == folios
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.Root.StructTreeRoot.K[0].S) == "/Document"


HOSTILE = [
    "<link rel=attachment href=file:///etc/passwd>",
    "</p><script>alert(1)</script>",
    "{{ settings.SECRET_KEY }}",
    "(ET) Tj <</MCID 1>> BDC",
    "{name}",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("letter", ["", "Ł"], ids=["stamped", "drawn"])
def test_what_people_type_is_printed_as_it_is(hostile, letter):
    """T18: neither the stamped nor the drawn sheet fetches, runs or attaches anything."""
    stay = EnrollmentFactory(student__given_names=f"Ana {letter}".strip())
    renuncia = issued(stay, motive=Motive.OTHER, motive_note=hostile)
    job, places = lot_of([renuncia])

    drawn = draw_lot(job, places)

    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        assert (len(pdf.pages), len(pdf.attachments)) == (1, 0)
        assert {"/OpenAction", "/AA", "/Names"} & pdf.Root.keys() == set()
    assert hostile in " ".join(text_of(drawn).split())


def test_who_prints_loads_neither_the_reader_of_scans_nor_the_pages_of_the_portal():
    unwanted = ["pypdfium2", "zxingcpp", "numpy", "imss_afiliacion.urls", "renuncias.views"]
    script = (
        "import sys, django; django.setup(); import weasyprint, renuncias.tasks; "
        f"print([name for name in {unwanted} if name in sys.modules])"
    )

    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=STATIC.parent,
        check=True,
        capture_output=True,
        text=True,
    )

    assert said.stdout.strip() == "[]"
