"""From the printer over the scanner and back: what the portal prints is filed with whom it was printed for."""

import pypdfium2
import pytest
from PIL import Image

from renuncias.actions import print_renuncias
from renuncias.queries.piles import missing_in
from renuncias.render import draw_lot
from renuncias.states import PileState
from tests.factories.piles import expected, read_to_the_end, responsable, scanned, uploaded
from tests.factories.students import NOW
from tests.samples import sheets

pytestmark = pytest.mark.django_db


def printed_pages(renuncias, by) -> list[Image.Image]:
    """Return the sheets of a lot as a scanner sees them, in grey at 150 dpi."""
    job = print_renuncias(renuncias, title="Renuncias", by=by, now=NOW)
    places = list(job.lot.select_related("paper").order_by("position"))
    pdf = pypdfium2.PdfDocument(draw_lot(job, places))
    return [page.render(scale=150 / 72, grayscale=True).to_pil() for page in pdf]


def test_printed_sheets_are_filed_back_however_they_were_scanned():
    by = responsable()
    plantel = by.memberships.get().plantel
    renuncias = [expected(plantel, group=f"10{number % 3}") for number in range(7)]
    pages = printed_pages(renuncias, by)
    lying = (0, 180, 90, 270, 3, 177)
    scan = [
        sheets.grainy(sheets.lying(page, degrees))
        for page, degrees in zip(pages, lying, strict=False)
    ]
    scan[1] = sheets.poor(scan[1])
    pile = uploaded(by, scanned(*reversed(scan)))

    read_to_the_end(pile)

    filed = pile.pages.order_by("-number").select_related("file__renuncia")
    in_order = [place.paper.renuncia for place in pile.lot.lot.order_by("position")]
    assert [page.file.renuncia for page in filed] == in_order[:6]
    assert [place.paper.renuncia for place in missing_in(pile)] == in_order[6:]
    assert (pile.state, pile.pages.filter(outcome="FILED").count()) == (PileState.FILED, 6)
