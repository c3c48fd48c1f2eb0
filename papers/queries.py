"""Reads of print jobs and of papers."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.crypto import constant_time_compare

from papers.models import LotPaper, Paper, PrintJob, PrintPart
from papers.states import WAITING, PaperKind, PaperState, PrintState
from school.access import Ability, planteles_with
from school.models import Plantel, User


def jobs_due(kind: PaperKind, now: datetime) -> QuerySet[PrintJob]:
    """Return the jobs of a kind that are drawn whole and wait for a worker, or whose worker died."""
    return PrintJob.objects.filter(
        Q(state=PrintState.QUEUED) | Q(state=PrintState.PRINTING, lease_until__lte=now),
        kind=kind,
        folio=None,
    ).order_by("created_at")


def parts_due(kind: PaperKind, now: datetime) -> QuerySet[PrintPart]:
    """Return the parts of lots that wait for a worker, or whose worker died.

    The last one, which joins the others, waits until they are drawn.
    """
    is_last = Q(start=F("job__sheets_total"))
    others = PrintPart.objects.filter(~is_last, job=OuterRef("job"), drawn_at=None)
    return PrintPart.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=now),
        ~is_last | ~Exists(others),
        job__kind=kind,
        job__state__in=WAITING,
        drawn_at=None,
    ).order_by("job__created_at", "job", "number")


def print_jobs_for(user: User) -> QuerySet[PrintJob]:
    """Return the person's own jobs and the lots of the planteles, newest first.

    Sheets with codes are their owner's alone.
    """
    planteles = planteles_with(user, Ability.SEE_PRINT_JOBS)
    own = PrintJob.objects.filter(created_by=user, folio=None, plantel__in=planteles)
    return (own | lots_for(user)).select_related("plantel")


def lots_for(user: User) -> QuerySet[PrintJob]:
    """Return the lots of the planteles in which the person sees what was printed, newest first.

    A student's own paper is not among them.
    """
    planteles = planteles_with(user, Ability.SEE_PRINT_JOBS)
    return PrintJob.objects.filter(
        folio__isnull=False, plantel__in=planteles, parameters__is_own=False
    )


def own_pdf(user: User, kind: PaperKind, **about: int) -> PrintJob | None:
    """Return the PDF of a kind that the person ordered last and did not get yet; None when there is none.

    `about` tells it from others of the kind: `parameters__acuse=7`.
    """
    jobs = PrintJob.objects.filter(created_by=user, kind=kind, **about)
    last = jobs.order_by("-created_at", "-pk").first()
    is_gone = last is not None and last.state == PrintState.READY and not last.path
    return None if is_gone else last


def papers_in(job: PrintJob) -> QuerySet[LotPaper]:
    """Return the papers of a lot in their order, with the ciclo and the format that each is drawn from."""
    papers = job.lot.select_related("paper__cycle").prefetch_related("paper__text")
    return papers.order_by("position")


def valid_papers(kind: PaperKind, plantel: Plantel) -> QuerySet[Paper]:
    """Return the papers of a kind and plantel that count."""
    return Paper.objects.filter(kind=kind, plantel=plantel, state=PaperState.VALID)


def expired_jobs(now: datetime) -> QuerySet[PrintJob]:
    """Return the jobs whose PDF is still there after its time."""
    return PrintJob.objects.filter(expires_at__lte=now).exclude(path="")


def paper_by_token(token: str) -> Paper | None:
    """Return the paper whose QR carries that token, None when there is none."""
    return _shown().filter(token=token).first()


def paper_by_code(folio: str, code: str) -> Paper | None:
    """Return the paper with that folio if the code is its own, compared in constant time.

    A folio that does not exist is compared too, so that it takes no less time.
    """
    paper = _shown().filter(folio=folio).first()
    is_its_code = constant_time_compare(paper.code if paper else "", code)
    return paper if is_its_code else None


def _shown() -> QuerySet[Paper]:
    return Paper.objects.select_related("plantel")
