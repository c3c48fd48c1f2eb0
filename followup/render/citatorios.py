"""Citatorios to mamá, papá or tutor: papers of a lot in, PDF out. Only the worker draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.dates import long_date
from common.texts import fill
from papers.models import LotPaper, PrintJob
from papers.render import Stamp, draw, draw_cover, stamp_in_lot
from school.queries.texts import current_text, format_line
from school.states import TextKind
from students.models import Enrollment
from students.queries.enrollments import stays_about

TEMPLATE = "followup/print/citatorios.html"


@dataclass(frozen=True)
class Citatorio:
    """One sheet: the words of the format with the student's name in them."""

    stamp: Stamp
    words: dict[str, Any]
    addressed_to: str
    body: str
    format: str


def draw_citatorios(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """Draw one sheet each, or the cover when there is none to draw."""
    if not places:
        return draw_cover(job)
    stays = stays_about([place.paper.about for place in places])
    sheets = [citatorio(place, stays[place.paper.about], job) for place in places]
    return draw(TEMPLATE, title=job.title, plantel=job.plantel, sheets=sheets)


def citatorio(place: LotPaper, stay: Enrollment, job: PrintJob) -> Citatorio:
    """Put a student's name into the format that the paper was issued with."""
    plantel, text = job.plantel, place.paper.text or current_text(TextKind.CITATORIO)
    issued_on = place.paper.issued_at.astimezone(plantel.zone).date()
    values = {
        "nombre": stay.student.full_name,
        "grupo": stay.group or "sin asignar",
        "fecha": long_date(stay.acuse_due_on or issued_on),
        "lugar": plantel.room or "Control Escolar",
        "horario": plantel.hours or "atención",
        "plantel": str(plantel),
    }
    return Citatorio(
        stamp=stamp_in_lot(place, job),
        words=text.fields,
        addressed_to=fill(text.fields["addressed_to"], values),
        body=fill(text.fields["body"], values),
        format=format_line(text, place.paper.cycle.name),
    )
