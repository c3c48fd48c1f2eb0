"""The summary of a trámite: a print job in, PDF out. Called by the worker alone."""

from django.utils import timezone

from followup.queries.progress import standings
from followup.queries.summary import summary_of
from papers.models import Paper, PrintJob
from papers.render import draw, stamp_of


def draw_summary(job: PrintJob) -> bytes:
    """This will draw how far the trámite has come, with the student's NSS and without the CURP."""
    (standing,) = standings([job.parameters["enrollment"]], now=timezone.now())
    paper = Paper.objects.get(pk=job.parameters["paper"])
    return draw(
        "followup/print/summary.html",
        address=standing.plantel.address,
        summary=summary_of(standing),
        stamp=stamp_of(paper, job, reprint=job.parameters["reprint"]),
    )
