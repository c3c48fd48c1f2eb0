"""Papers with a folio: issued, replaced, revoked."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.transitions import check
from papers.actions.folios import take_numbers
from papers.folio import folio_text, new_code, period_of
from papers.models import Paper, PrintJob
from papers.states import PAPER_MOVES, SERIES, PaperKind, PaperState, PrintState
from school.models import Plantel, SchoolCycle, TextVersion, User


@transaction.atomic
def issue_papers(
    kind: PaperKind,
    plantel: Plantel,
    cycle: SchoolCycle,
    abouts: Sequence[str],
    *,
    text: TextVersion | None,
    by: User,
    now: datetime,
) -> list[Paper]:
    """Issue one paper for each of `abouts`, in that order, with folios such as «R26B-05-00031».

    `abouts` name what each paper is for, such as «enrollment:123». Folios have no gaps per plantel, ciclo and
    kind: call it inside the transaction that uses them. Three statements for all of them.
    """
    series, period = SERIES[kind], period_of(cycle.name)
    first = take_numbers(series, plantel, period=period, count=len(abouts))
    papers = [
        Paper(
            kind=kind,
            plantel=plantel,
            cycle=cycle,
            folio=folio_text(series, plantel.number, period=period, number=number),
            code=new_code(),
            about=about,
            text=text,
            issued_at=now,
            issued_by=by,
        )
        for number, about in enumerate(abouts, start=first)
    ]
    return Paper.objects.bulk_create(papers)


@transaction.atomic
def issue_version(paper: Paper, number: int, *, by: User, now: datetime) -> Paper:
    """Replace a paper by its next version: the folio with «-V2», a QR and a code of its own.

    Raises TransitionNotAllowed if the paper is over already.
    """
    replace_paper(paper, now=now)
    return Paper.objects.create(
        kind=paper.kind,
        plantel=paper.plantel,
        cycle=paper.cycle,
        folio=f"{paper.folio.partition('-V')[0]}-V{number}",
        code=new_code(),
        about=paper.about,
        text=paper.text,
        issued_at=now,
        issued_by=by,
    )


@transaction.atomic
def reprint_paper(paper: Paper) -> int:
    """Count how often the jobs of its owner drew a paper before: 0 the first time, else «Reimpresión n»."""
    paper.reprints = PrintJob.objects.filter(
        created_by=paper.issued_by,
        kind=paper.kind,
        state=PrintState.READY,
        parameters__paper=paper.pk,
    ).count()
    paper.save(update_fields=["reprints"])
    return paper.reprints


def replace_paper(paper: Paper, *, now: datetime) -> None:
    """Say that a newer paper took its place. Raises TransitionNotAllowed if it is over already."""
    _end(paper, PaperState.REPLACED, now=now)


def revoke_paper(paper: Paper, *, now: datetime) -> None:
    """Say that the paper counts no more. Raises TransitionNotAllowed if it is over already."""
    _end(paper, PaperState.REVOKED, now=now)


def revoke_papers(kinds: Collection[PaperKind], about: str, *, now: datetime) -> None:
    """Say that the papers of some kinds count no more that are about this, such as «enrollment:123».

    Or about a part of it, as «enrollment:123:…». One statement, for as many as there are; those that ended before
    stay as they ended.
    """
    ours = Q(about=about) | Q(about__startswith=f"{about}:")
    valid = Paper.objects.filter(ours, kind__in=kinds, state=PaperState.VALID)
    valid.update(state=PaperState.REVOKED, ended_at=now)


@transaction.atomic
def _end(paper: Paper, state: PaperState, *, now: datetime) -> None:
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    check(PAPER_MOVES, locked.state, state)
    locked.state, locked.ended_at = state, now
    locked.save(update_fields=["state", "ended_at"])
