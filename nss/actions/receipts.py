"""E-13 «Descargar comprobante»: the sheet that says that an acuse arrived."""

from datetime import datetime

from django.db import transaction

from nss.models import Acuse
from papers.actions import issue_papers, queue_print_job, reprint_paper
from papers.models import PrintJob
from papers.queries import valid_papers
from papers.states import PaperKind


@transaction.atomic
def order_receipt(acuse: Acuse, *, now: datetime) -> PrintJob:
    """Put the receipt of a sent acuse in line for the worker; its folio stays.

    Drawn again it says «Reimpresión n».
    """
    acuse = Acuse.objects.select_for_update(of=("self",)).get(pk=acuse.pk)
    enrollment, about = acuse.request.enrollment, f"acuse:{acuse.pk}"
    by = enrollment.student.user
    paper = valid_papers(PaperKind.COMPROBANTE, acuse.plantel).filter(about=about).first()
    if paper is None:
        (paper,) = issue_papers(
            PaperKind.COMPROBANTE,
            acuse.plantel,
            enrollment.cycle,
            [about],
            text=None,
            by=by,
            now=now,
        )
    return queue_print_job(
        acuse.plantel,
        PaperKind.COMPROBANTE,
        title=f"Comprobante {acuse.folio}",
        parameters={"acuse": acuse.pk, "paper": paper.pk, "reprint": reprint_paper(paper)},
        sheets=1,
        by=by,
        now=now,
    )
