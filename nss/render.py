"""The receipt of an acuse: a print job in, PDF out. Called by the worker alone."""

from nss.models import Acuse
from nss.queries.receipts import receipt_of
from papers.models import Paper, PrintJob
from papers.render import draw, stamp_of


def draw_receipt(job: PrintJob) -> bytes:
    """Draw that an acuse arrived, whose and when: neither CURP nor NSS."""
    acuse = Acuse.objects.select_related(
        "request__enrollment__student", "request__enrollment__plantel"
    ).get(pk=job.parameters["acuse"])
    paper = Paper.objects.get(pk=job.parameters["paper"])
    return draw(
        "nss/print/receipt.html",
        acuse=acuse,
        enrollment=acuse.request.enrollment,
        receipt=receipt_of(acuse),
        stamp=stamp_of(paper, job, reprint=job.parameters["reprint"]),
    )
