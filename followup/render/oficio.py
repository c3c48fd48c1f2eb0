"""The letter to the Subdelegación: the paper of a lot in, PDF out. Called by the worker alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from followup.models import Oficio, OficioItem
from followup.queries.oficios import issued_day, items_of, oficios_of_papers
from papers.models import LotPaper, PrintJob
from papers.render import Stamp, draw, stamp_in_lot
from school.queries.planteles import contact_of


@dataclass(frozen=True)
class Letter:
    """One oficio as it is printed."""

    stamp: Stamp
    oficio: Oficio
    day: str
    items: list[OficioItem]


def draw_oficios(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """This will draw each letter; a single letter has no cover."""
    if not places:
        return b""
    oficios = oficios_of_papers([place.paper.about for place in places])
    letters = [_letter(place, oficios[place.paper.about], job) for place in places]
    context: dict[str, Any] = {"responsable": contact_of(job.plantel).name, "plantel": job.plantel}
    return draw("followup/print/oficio.html", title=job.title, letters=letters, **context)


def _letter(place: LotPaper, oficio: Oficio, job: PrintJob) -> Letter:
    return Letter(
        stamp=stamp_in_lot(place, job),
        oficio=oficio,
        day=issued_day(oficio, place.paper.issued_at),
        items=list(items_of(oficio)),
    )
