"""The summary of a trámite: what the sheet says in, PDF out. Called by the worker alone."""

from followup.queries.summary import Summary
from papers.models import Paper, PrintJob
from papers.render import draw, stamp_of


def draw_summary(job: PrintJob, paper: Paper, summary: Summary) -> bytes:
    """Draw how far the trámite has come, with the student's NSS and without the CURP."""
    stamp = stamp_of(paper, job, reprint=job.parameters["reprint"])
    return draw("followup/print/summary.html", summary=summary, stamp=stamp)
