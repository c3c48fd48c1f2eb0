"""«Descargar resumen»: the sheet with folio and QR that tells the student all of the trámite."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from followup.actions.errors import NoSummaryYet
from followup.queries.progress import standing_of
from followup.queries.summary import Summary, about_summaries, about_summary, summary_of
from followup.stages import SUMMARY_STAGES
from papers.actions import issue_papers, queue_print_job, replace_paper, reprint_paper
from papers.models import Paper, PrintJob
from papers.queries import valid_papers
from papers.states import PaperKind
from students.models import Enrollment

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


class Sheet(NamedTuple):
    """A paper and what it says."""

    paper: Paper
    summary: Summary


@transaction.atomic
def order_summary(enrollment: Enrollment, *, now: datetime) -> PrintJob:
    """Put the summary in line for the worker; it keeps its folio as long as it says the same.

    Raises NoSummaryYet before the NSS is proven.
    """
    sheet = _issued(enrollment.pk, now=now)
    return queue_print_job(
        enrollment.plantel,
        PaperKind.SUMMARY,
        title="Resumen de mi trámite",
        parameters=_parameters(enrollment.pk, sheet.paper),
        sheets=1,
        by=enrollment.student.user,
        now=now,
    )


@transaction.atomic
def settle_summary(job: PrintJob, *, now: datetime) -> Sheet:
    """Return what to draw now: under a folio stands nothing but what it was issued for.

    What changed since the order is drawn under another folio. Raises NoSummaryYet.
    """
    stay: int = job.parameters["enrollment"]
    sheet = _issued(stay, now=now)
    job.parameters = _parameters(stay, sheet.paper)
    job.save(update_fields=["parameters"])
    return sheet


def _parameters(stay: int, paper: Paper) -> dict[str, int]:
    return {"enrollment": stay, "paper": paper.pk, "reprint": reprint_paper(paper)}


def _issued(stay: int, *, now: datetime) -> Sheet:
    """The stay is held: whoever ends what the sheet says holds it too (students.actions.summaries)."""
    held = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=stay)
    standing = standing_of(held, now=now)
    if standing.stage not in SUMMARY_STAGES:
        raise NoSummaryYet
    summary = summary_of(standing)
    return Sheet(_paper_of(standing, about_summary(standing, summary), now=now), summary)


def _paper_of(standing: "StandingEnrollment", about: str, *, now: datetime) -> Paper:
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
