"""«Descargar resumen»: the sheet with folio and QR that tells the student all of the trámite."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from followup.actions.errors import NoSummaryYet
from followup.queries.progress import standing_of
from followup.queries.summary import about_summaries, about_summary, summary_of
from followup.stages import SUMMARY_STAGES
from papers.actions import issue_papers, queue_print_job, replace_paper, reprint_paper
from papers.models import Paper, PrintJob
from papers.queries import valid_papers
from papers.states import PaperKind
from students.models import Enrollment

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


@transaction.atomic
def order_summary(enrollment: Enrollment, *, now: datetime) -> PrintJob:
    """This will put the summary in line for the worker; it keeps its folio as long as it says the same.

    Raises NoSummaryYet before the NSS is proven.
    """
    Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
    standing = standing_of(enrollment, now=now)
    if standing.stage not in SUMMARY_STAGES:
        raise NoSummaryYet
    paper = _paper_of(standing, now=now)
    return queue_print_job(
        standing.plantel,
        PaperKind.SUMMARY,
        title="Resumen de mi trámite",
        parameters={
            "enrollment": standing.pk,
            "paper": paper.pk,
            "reprint": reprint_paper(paper),
        },
        sheets=1,
        by=standing.student.user,
        now=now,
    )


def _paper_of(standing: "StandingEnrollment", *, now: datetime) -> Paper:
    about = about_summary(standing, summary_of(standing))
    known = valid_papers(PaperKind.SUMMARY, standing.plantel)
    before = known.filter(about__startswith=about_summaries(standing)).first()
    if before is not None:
        if before.about == about:
            return before
        replace_paper(before, now=now)
    (paper,) = issue_papers(
        PaperKind.SUMMARY,
        standing.plantel,
        standing.cycle,
        [about],
        text=None,
        by=standing.student.user,
        now=now,
    )
    return paper
