"""C-11: papers for groups. A citatorio keeps its folio when it is printed again; a list is another each time."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from followup.queries.overdue import OverdueFilter, overdue_stays
from followup.queries.papers import (
    about_list,
    groups_to_summon,
    list_of,
    lists_of,
    renuncias_to_sign,
    stays_to_issue,
    stays_to_summon,
)
from papers.actions import LotRefused, issue_papers, queue_lot, queue_print_job, replace_paper
from papers.models import Paper, PrintJob
from papers.queries import valid_papers
from papers.states import WAITING, PaperKind
from renuncias.actions import issue_renuncias, print_renuncias
from renuncias.actions.errors import NobodyToIssue
from school.actions.texts import keep_text_in_use
from school.models import Plantel, User
from school.states import TextKind
from students import timeline
from students.models import Enrollment, TimelineEntry
from students.queries.enrollments import about_stay, needing_affiliation
from students.states import Event


class NobodyToPrint(LotRefused):
    """None of the groups has anybody for this paper."""

    sentence = "En esos grupos no hay a quién imprimirle. Elegir otro grupo"


class NothingIssued(NobodyToPrint):
    """Nobody of the groups has a renuncia yet, and nobody asked to issue them."""

    sentence = (
        "En esos grupos falta expedir las renuncias. Marcar «Expedir también», o elegir otro grupo"
    )


@transaction.atomic
def order_citatorios(
    plantel: Plantel, groups: Sequence[str], *, by: User, now: datetime
) -> PrintJob:
    """Order a citatorio for each overdue student of the groups whom neither mail nor WhatsApp reaches.

    Who has one keeps it: it is printed again under its folio. Raises NobodyToPrint.
    """
    _hold(plantel)
    stays = list(stays_to_summon(plantel, groups, now=now))
    return _order_citatorios(plantel, stays, title=f"Citatorios: {_names(groups)}", by=by, now=now)


def _order_citatorios(
    plantel: Plantel, stays: Sequence[Enrollment], *, title: str, by: User, now: datetime
) -> PrintJob:
    if not stays:
        raise NobodyToPrint
    abouts = [about_stay(stay) for stay in stays]
    papers = {
        paper.about: paper
        for paper in valid_papers(PaperKind.CITATORIO, plantel).filter(about__in=abouts)
    }
    without = [stay for stay in stays if about_stay(stay) not in papers]
    papers |= {paper.about: paper for paper in _summon(plantel, without, by=by, now=now)}
    return queue_lot(
        plantel,
        PaperKind.CITATORIO,
        [papers[about] for about in abouts],
        title=title,
        by=by,
        now=now,
    )


@transaction.atomic
def summon_overdue(
    planteles: Iterable[Plantel], wanted: OverdueFilter, *, by: User, now: datetime
) -> list[PrintJob]:
    """Order the citatorios of C-07, a lot a plantel: of all groups, or of one.

    One student who is chosen gets it however else he is reached. Raises NobodyToPrint.
    """
    if wanted.student:
        return [_summon_one(planteles, wanted, by=by, now=now)]
    jobs = []
    for plantel in planteles:
        found = [one.group for one in groups_to_summon(plantel, now=now)]
        groups = [one for one in found if wanted.group in {"", one}]
        if groups:
            jobs.append(order_citatorios(plantel, groups, by=by, now=now))
    if not jobs:
        raise NobodyToPrint
    return jobs


def _summon_one(
    planteles: Iterable[Plantel], wanted: OverdueFilter, *, by: User, now: datetime
) -> PrintJob:
    stay = overdue_stays(planteles, wanted.whom, now=now).first()
    if stay is None:
        raise NobodyToPrint
    _hold(stay.plantel)
    title = f"Citatorio: matrícula {stay.matricula}"
    return _order_citatorios(stay.plantel, [stay], title=title, by=by, now=now)


def _summon(
    plantel: Plantel, stays: Sequence[Enrollment], *, by: User, now: datetime
) -> list[Paper]:
    if not stays:
        return []
    papers = issue_papers(
        PaperKind.CITATORIO,
        plantel,
        stays[0].cycle,
        [about_stay(stay) for stay in stays],
        text=keep_text_in_use(TextKind.CITATORIO, now=now),
        by=by,
        now=now,
    )
    timeline.record_many(
        TimelineEntry(
            enrollment=stay,
            event=Event.CITATORIO_ISSUED,
            by=by,
            at=now,
            data={"folio": paper.folio},
        )
        for stay, paper in zip(stays, papers, strict=True)
    )
    return papers


@transaction.atomic
def order_group_lists(
    plantel: Plantel, groups: Sequence[str], *, by: User, now: datetime
) -> PrintJob:
    """Order the lists of the groups; the ones printed before are replaced, unless they still wait.

    Raises NobodyToPrint.
    """
    _hold(plantel)
    abouts = [about_list(*one) for one in lists_of(plantel, groups)]
    member = needing_affiliation().filter(plantel=plantel, group__in=groups).first()
    if member is None:
        raise NobodyToPrint
    title = f"Listas: {_names(groups)}"
    before = [
        paper
        for paper in valid_papers(PaperKind.GROUP_LIST, plantel).order_by("pk")
        if list_of(paper)[0] in groups
    ]
    waits = before and before[0].places.filter(job__state__in=WAITING).exists()
    if not waits or [paper.about for paper in before] != abouts:
        for paper in before:
            replace_paper(paper, now=now)
        before = issue_papers(
            PaperKind.GROUP_LIST, plantel, member.cycle, abouts, text=None, by=by, now=now
        )
    return queue_lot(plantel, PaperKind.GROUP_LIST, before, title=title, by=by, now=now)


@transaction.atomic
def order_renuncias(
    plantel: Plantel, groups: Sequence[str], *, by: User, now: datetime, issues: bool = False
) -> PrintJob:
    """Order the sheets of the groups' renuncias that wait for signatures, all of them or none.

    `issues` gives one first to who said to have another cover and has none. Raises NobodyToPrint, NothingIssued.
    """
    without = stays_to_issue(plantel).filter(group__in=groups)
    if issues and (stays := list(without)):
        # Whom somebody else issued theirs just now is printed with the others.
        with suppress(NobodyToIssue):
            issue_renuncias(stays, by=by, now=now)
    chosen = list(renuncias_to_sign(plantel).filter(enrollment__group__in=groups))
    if not chosen:
        raise NothingIssued if without.exists() else NobodyToPrint
    return print_renuncias(chosen, title=f"Renuncias: {_names(groups)}", by=by, now=now)


@transaction.atomic
def order_guide(plantel: Plantel, *, by: User, now: datetime) -> PrintJob:
    """Order the guide on one sheet Carta, as it is worded now."""
    text = keep_text_in_use(TextKind.GUIA, now=now)
    return queue_print_job(
        plantel,
        PaperKind.GUIDE,
        title="Guía para obtener el NSS",
        parameters={"text": text.pk},
        sheets=1,
        by=by,
        now=now,
    )


def _hold(plantel: Plantel) -> None:
    """Of two presses the second finds what the first issued."""
    Plantel.objects.select_for_update(of=("self",), no_key=True).get(pk=plantel.pk)


def _names(groups: Sequence[str]) -> str:
    names = ", ".join(group or "sin grupo" for group in sorted(groups))
    noun = "grupo" if len(groups) == 1 else "grupos"
    return f"{noun} {names}" if len(names) <= 60 else f"{len(groups)} grupos"
