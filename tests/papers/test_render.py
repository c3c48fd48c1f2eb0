"""The cover of a lot: what a school measures on paper to know whether its printer kept the size."""

import pypdfium2
import pytest
from PIL import Image

from papers.actions import issue_papers, queue_lot
from papers.models import LotPaper, PrintJob
from papers.render import draw_cover
from papers.states import PaperKind
from school.states import Role
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

KIND = PaperKind.RENUNCIA
DPI = 300
MM = DPI / 25.4
INK = 60


@pytest.fixture
def job() -> PrintJob:
    plantel = PlantelFactory(number="05")
    by = staff(Role.RESPONSABLE, plantel)
    abouts = [f"enrollment:{number}" for number in range(12)]
    issued = {"text": None, "by": by, "now": NOW}
    papers = issue_papers(KIND, plantel, SchoolCycleFactory(), abouts, **issued)
    return queue_lot(plantel, KIND, papers, title="Renuncias", by=by, now=NOW)


def uprights(page: Image.Image) -> list[float]:
    """Return where the black upright lines of 7 mm or more stand, in mm from the left edge."""
    tall = round(7 * MM)
    found: list[float] = []
    for x in range(page.width):
        column = page.crop((x, 0, x + 1, page.height)).tobytes()
        runs = bytes(1 if ink < INK else 0 for ink in column).split(b"\0")
        if max(map(len, runs)) >= tall and not (found and x / MM - found[-1] < 1):
            found.append(x / MM)
    return found


def test_draw_cover_with_a_ruler_of_five_centimetres(job):
    page = pypdfium2.PdfDocument(draw_cover(job))[0]

    marks = uprights(page.render(scale=DPI / 72).to_pil().convert("L"))

    assert [mark - marks[0] for mark in marks] == pytest.approx([0, 10, 20, 30, 40, 50], abs=0.15)


def test_draw_cover_keeps_a_reprint_beside_its_folio(job):
    third = job.lot.get(position=2)
    LotPaper.objects.filter(pk=third.pk).update(reprint=1)

    page = pypdfium2.PdfDocument(draw_cover(job))[0].get_textpage()

    folio = page.search(third.paper.folio).get_next()
    beside = page.search("(Reimpresión").get_next()
    assert folio
    assert beside
    assert page.get_charbox(beside[0])[0] - page.get_charbox(sum(folio) - 1)[2] < 4  # points
