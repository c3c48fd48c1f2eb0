"""What every sheet says of itself, and the cover of a lot with the ruler that tells whether the printer kept the size.

Only the worker draws.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from common.dates import plain_date
from common.pdf import render_pdf
from common.qr import qr_svg
from papers.folio import verify_path
from papers.models import LotPaper, Paper, PrintJob

STYLESHEETS = ("cover.css",)
A_ROW = 50
"""Folios that run on in one paragraph: an element for each would take longer than the sheets themselves."""


def draw_cover(job: PrintJob) -> bytes:
    """Draw the first sheets of a lot: how to print it, and the folio of each paper in its order."""
    created = timezone.localtime(job.created_at, job.plantel.zone)
    places = list(job.lot.select_related("paper").order_by("position"))
    context = {
        "job": job,
        "rows": [places[at : at + A_ROW] for at in range(0, len(places), A_ROW)],
        "ordered_on": f"{plain_date(created.date())}, {created:%H:%M}",
    }
    return render_pdf(render_to_string("papers/print/cover.html", context), stylesheets=STYLESHEETS)


@dataclass(frozen=True)
class Stamp:
    """What a sheet says of itself: `foot` is its lot, place, date and plantel; `link` and `where` verify it."""

    folio: str
    code: str
    link: str
    where: str
    foot: str

    @property
    def qr(self) -> SafeString:
        """The link as a picture."""
        return qr_svg(self.link, title="QR que dice si esta hoja es auténtica")


def stamp_of(paper: Paper, job: PrintJob, *, number: int | None = 1, reprint: int = 0) -> Stamp:
    """Return the stamp of a paper that is sheet `number` of the job; None where it counts its own pages."""
    issued_on = timezone.localdate(paper.issued_at, job.plantel.zone)
    said = [
        f"Lote {job.folio}" if job.folio else "",
        f"Hoja {number} de {job.sheets_total}" if number else "",
        f"Reimpresión {reprint}" if reprint else "",
        plain_date(issued_on),
        str(job.plantel),
    ]
    return Stamp(
        folio=paper.folio,
        code=f"{paper.code[:4]} {paper.code[4:]}",
        link=settings.BASE_URL + verify_path(paper.token),
        where=urlsplit(settings.BASE_URL).netloc + verify_path(),
        foot=" · ".join(filter(None, said)),
    )


def stamp_in_lot(place: LotPaper, job: PrintJob) -> Stamp:
    """Return the stamp of a paper at its place in a lot."""
    return stamp_of(place.paper, job, number=place.position + 1, reprint=place.reprint)


def draw(template: str, **context: Any) -> bytes:
    """Draw sheets that look like papers of ours: static/css/print/paper.css."""
    html = render_to_string(template, context)
    return render_pdf(html, stylesheets=("paper.css",))
