"""The letter to the Subdelegación: the paper of a lot in, PDF out. Only the worker draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.texts import fill
from followup.models import Oficio
from followup.queries.oficios import issued_day, items_of, oficios_of_papers
from papers.models import LotPaper, PrintJob
from papers.render import Stamp, draw, stamp_of
from school.models import Plantel
from school.queries.planteles import contact_of
from school.queries.texts import format_line, packaged_text
from school.states import TextKind

TEMPLATE = "followup/print/oficio.html"

Row = tuple[str, Mapping[str, str]]
"""A student in the letter: our reference, and what the Subdelegación needs to know (queries.oficios.row_of)."""


@dataclass(frozen=True)
class Letter:
    """One oficio as it is printed: the words of the format with the plantel's in them."""

    stamp: Stamp
    oficio: Oficio
    day: str
    heading: str
    addressed_to: str
    paragraphs: list[str]
    rows: Sequence[Row]
    closing: str
    signatures: list[tuple[str, str]]
    format: str


def draw_oficios(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """Draw each letter; a single letter has no cover."""
    if not places:
        return b""
    oficios = oficios_of_papers([place.paper.about for place in places])
    responsable = contact_of(job.plantel).name
    letters = []
    for place in places:
        oficio = oficios[place.paper.about]
        rows = [(item.escalation.report.folio, item.row) for item in items_of(oficio)]
        letters.append(letter(place, oficio, rows, job, responsable=responsable))
    return draw(TEMPLATE, title=job.title, plantel=job.plantel, letters=letters)


def letter(
    place: LotPaper, oficio: Oficio, rows: Sequence[Row], job: PrintJob, *, responsable: str
) -> Letter:
    """Fill in the format that the paper was issued with.

    Who was issued one before the format had versions has the words that came with the portal.
    """
    text = place.paper.text or packaged_text(TextKind.OFICIO)
    words: dict[str, Any] = text.fields
    values = {
        "plantel": str(job.plantel),
        "subdelegacion": str(oficio.subdelegacion),
        "contacto": _contact(job.plantel, responsable),
    }
    stamp = stamp_of(place.paper, job, number=None, reprint=place.reprint)
    return Letter(
        stamp=stamp,
        oficio=oficio,
        day=issued_day(oficio, place.paper.issued_at),
        heading=f"{words['title']} {stamp.folio}",
        addressed_to=fill(words["addressed_to"], values),
        paragraphs=fill(words["body"], values).split("\n\n"),
        rows=rows,
        closing=fill(words["closing"], values),
        signatures=_signatures(words["signatures"], responsable),
        format=format_line(text, place.paper.cycle.name),
    )


def _contact(plantel: Plantel, responsable: str) -> str:
    said = (responsable or "Control Escolar", "responsable de afiliación", plantel.email)
    return ", ".join(filter(None, said))


def _signatures(labels: Mapping[str, str], responsable: str) -> list[tuple[str, str]]:
    """Who signs, and the name where it is known; an empty label is not printed."""
    names = {"responsable": responsable}
    return [
        (labels[who], names.get(who, ""))
        for who in ("responsable", "director", "stamp")
        if labels[who]
    ]
