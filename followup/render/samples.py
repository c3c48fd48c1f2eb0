"""One sheet of a format as it would be printed, about nobody. Called by the worker alone."""

from datetime import date

from django.utils import timezone

from followup.queries.text_previews import PRINTED
from followup.render.citatorios import citatorio, draw_each
from papers.models import LotPaper, Paper, PrintJob
from renuncias.render import NO_TOKEN, draw_sample
from school.models import TextVersion
from school.states import TextKind
from students.models import Enrollment, Student


def draw_format(job: PrintJob) -> bytes:
    """This will draw the sample that the job's parameters hold: which format, its version and its words."""
    text = TextVersion(
        kind=job.parameters["kind"],
        version=job.parameters["version"],
        fields=job.parameters["fields"],
    )
    if text.kind == TextKind.RENUNCIA:
        return draw_sample(job, text, PRINTED)
    paper = Paper(
        text=text, token=NO_TOKEN, code=NO_TOKEN, folio=NO_TOKEN, issued_at=timezone.now()
    )
    stay = Enrollment(
        student=Student(given_names="Ana", first_surname="Gómez", second_surname="Martínez"),
        group="101",
        acuse_due_on=date(2026, 8, 27),
    )
    return draw_each(job, [citatorio(LotPaper(paper=paper, position=0), stay, job)])
