"""Lots: ordered, drawn in parts by several workers, joined, called off, downloaded for a week."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage

from common.transitions import TransitionNotAllowed
from papers.actions import (
    AlreadyPrinted,
    LotGone,
    NoLongerValid,
    NothingToPrint,
    TooManySheets,
    cancel_print_job,
    delete_expired_sheets,
    download_lot,
    draw_due_part,
    issue_papers,
    mark_printed,
    queue_lot,
    queue_print_job,
    revoke_paper,
)
from papers.actions.lots import GAVE_UP, GAVE_UP_OWN
from papers.models import LotPaper, Paper, PrintJob, PrintPart
from papers.queries import jobs_due, lots_for, parts_due, print_jobs_for
from papers.states import PaperKind, PrintState
from school.states import Role
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db(transaction=True)

KIND = PaperKind.RENUNCIA
LEASE = timedelta(seconds=90)


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def papers(plantel, by) -> list[Paper]:
    """120 papers: two whole parts and a smaller one."""
    return issue(plantel, by, 120)


def issue(plantel, by, count: int, kind: PaperKind = KIND) -> list[Paper]:
    abouts = [f"enrollment:{number}" for number in range(count)]
    return issue_papers(kind, plantel, SchoolCycleFactory(), abouts, text=None, by=by, now=NOW)


def order(plantel, by, papers, kind: PaperKind = KIND, **more) -> PrintJob:
    told = {"title": "Citatorios", "by": by, "now": NOW}
    return queue_lot(plantel, kind, papers, **{**told, **more})


def draw(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
    """One page each, as many points wide as the paper's place says; the cover is 900 wide."""
    pdf = pikepdf.new()
    for width in [300 + paper.position for paper in papers] or [900]:
        pdf.add_blank_page(page_size=(width, 400))
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def without_cover(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
    return draw(job, papers) if papers else b""


def broken(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
    raise MemoryError


def draw_all(*, now=NOW, by=draw, **more) -> int:
    parts = 0
    while draw_due_part(KIND, by, now=now, **more):
        parts += 1
    return parts


def widths(pdf: bytes) -> list[int]:
    with pikepdf.open(io.BytesIO(pdf)) as read:
        return [int(page.mediabox[2]) for page in read.pages]


def part_paths() -> list[str]:
    return list(PrintPart.objects.exclude(path="").values_list("path", flat=True))


def test_queue_lot_makes_places_and_parts(plantel, by, papers):
    job = order(plantel, by, papers[::-1])

    assert (job.folio, job.state, job.sheets_total) == ("IM26-05-0001", PrintState.QUEUED, 120)
    assert [place.paper for place in job.lot.select_related("paper")] == papers[::-1]
    assert list(job.parts.values_list("number", "start", "stop")) == [
        (0, 0, 0),
        (1, 0, 50),
        (2, 50, 100),
        (3, 100, 120),
        (4, 120, 120),
    ]
    assert list(jobs_due(KIND, NOW)) == []


def test_queue_lot_of_papers_that_are_drawn_whole_makes_smaller_parts(plantel, by):
    papers = issue(plantel, by, 30, kind=PaperKind.CITATORIO)

    job = order(plantel, by, papers, kind=PaperKind.CITATORIO)

    assert list(job.parts.values_list("start", "stop")) == [(0, 0), (0, 25), (25, 30), (30, 30)]


def test_queue_lot_twice_is_one(plantel, by, papers):
    colleague = staff(Role.RESPONSABLE, plantel)

    assert order(plantel, by, papers) == order(plantel, colleague, papers)
    assert PrintJob.objects.count() == 1


def test_queue_lot_of_other_papers_is_another(plantel, by, papers):
    first, second = order(plantel, by, papers[:2]), order(plantel, by, papers[2:3])

    assert [first.folio, second.folio] == ["IM26-05-0001", "IM26-05-0002"]


def test_queue_lot_of_more_sheets_than_a_worker_can_join(plantel, by, papers, monkeypatch):
    monkeypatch.setattr("papers.actions.lots.MOST_SHEETS", 119)

    with pytest.raises(TooManySheets) as refused:
        order(plantel, by, papers)

    assert "1,000 hojas" in refused.value.sentence
    assert order(plantel, by, papers[:119]).sheets_total == 119


def test_queue_lot_of_nothing(plantel, by):
    with pytest.raises(NothingToPrint):
        order(plantel, by, [])


def test_queue_lot_of_what_does_not_count_any_more(plantel, by, papers):
    revoke_paper(papers[0], now=NOW)

    with pytest.raises(NoLongerValid):
        order(plantel, by, papers[:2])
    assert PrintJob.objects.count() == 0


def test_queue_lot_of_another_planteles_papers(by, papers):
    with pytest.raises(NoLongerValid):
        order(PlantelFactory(), by, papers[:2])


def test_queue_lot_again_is_a_reprint_under_the_same_folio(plantel, by, papers):
    order(plantel, by, papers[:2])
    draw_all()
    again = order(plantel, by, papers[1:3])
    draw_all()

    third = order(plantel, by, papers[1:2])

    assert list(again.lot.values_list("paper__folio", "reprint")) == [
        ("R26B-05-00002", 1),
        ("R26B-05-00003", 0),
    ]
    assert [place.reprint for place in third.lot.all()] == [2]
    assert [Paper.objects.get(pk=paper.pk).reprints for paper in papers[:3]] == [0, 2, 0]


def test_a_lot_that_was_called_off_is_no_print(plantel, by, papers):
    cancel_print_job(order(plantel, by, papers[:2]))
    assert [place.reprint for place in order(plantel, by, papers[:2]).lot.all()] == [0, 0]

    draw_all()
    cancel_print_job(order(plantel, by, papers[:2]))

    assert Paper.objects.get(pk=papers[0].pk).reprints == 0


def test_draw_due_part_until_the_lot_is_ready(plantel, by, papers):
    job = order(plantel, by, papers)
    told = []
    seen = []
    while draw_due_part(KIND, draw, now=NOW, on_ready=told.append):
        job.refresh_from_db()
        seen.append((job.state, job.sheets_done, len(part_paths())))

    assert seen == [
        (PrintState.PRINTING, 0, 1),
        (PrintState.PRINTING, 50, 2),
        (PrintState.PRINTING, 100, 3),
        (PrintState.PRINTING, 120, 4),
        (PrintState.READY, 120, 0),
    ]
    assert told == [job]
    assert widths(download_lot(job, by=by, now=NOW)) == [900, *range(300, 420)]
    assert draw_all() == 0


@pytest.mark.parametrize(
    ("is_own", "kept"), [(False, timedelta(days=7)), (True, timedelta(hours=1))]
)
def test_a_lot_is_kept_a_week_and_a_paper_of_ones_own_an_hour(plantel, by, papers, is_own, kept):
    job = order(plantel, by, papers[:1], is_own=is_own)

    draw_all()

    job.refresh_from_db()
    assert job.expires_at == NOW + kept


def test_draw_due_part_of_another_kind(plantel, by, papers):
    order(plantel, by, papers)

    assert draw_due_part(PaperKind.CITATORIO, draw, now=NOW) is False


def test_a_lot_may_have_no_cover(plantel, by, papers):
    job = order(plantel, by, papers[:2])

    draw_all(by=without_cover)

    assert widths(download_lot(job, by=by, now=NOW)) == [300, 301]


def test_the_last_part_waits_for_the_others(plantel, by, papers):
    order(plantel, by, papers[:60])
    drawn = [draw_due_part(KIND, broken_after_the_claim, now=NOW) for _ in range(3)]

    assert drawn == [True, True, True]
    assert list(parts_due(KIND, NOW)) == []
    assert [part.number for part in parts_due(KIND, NOW + LEASE)] == [0, 1, 2]


def broken_after_the_claim(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
    """What a worker leaves that is killed while it draws: the claim, and nothing else."""
    raise TransitionNotAllowed(job.state, PrintState.READY)


def test_a_part_of_a_worker_that_died_is_drawn_by_another(plantel, by, papers):
    job = order(plantel, by, papers)
    for _ in range(2):
        with pytest.raises(MemoryError):
            draw_due_part(KIND, broken, now=NOW)
    assert draw_due_part(KIND, draw, now=NOW)

    assert draw_all(now=NOW + LEASE) == 4

    assert widths(download_lot(job, by=by, now=NOW)) == [900, *range(300, 420)]


def test_a_part_that_kills_its_worker_ends_the_lot(plantel, by, papers):
    job = order(plantel, by, papers)
    draw_due_part(KIND, draw, now=NOW)
    paths = part_paths()
    for again in range(3):
        with pytest.raises(MemoryError):
            draw_due_part(KIND, broken, now=NOW + again * LEASE)

    draw_due_part(KIND, draw, now=NOW + 3 * LEASE)

    job.refresh_from_db()
    assert (job.state, job.error) == (PrintState.FAILED, GAVE_UP)
    assert [default_storage.exists(path) for path in paths] == [False]
    assert draw_all(now=NOW + 4 * LEASE) == 0


def test_a_lot_of_ones_own_that_is_given_up_is_told_to_a_student(plantel, by, papers):
    job = order(plantel, by, papers[:1], is_own=True)
    PrintPart.objects.update(attempts=3)

    draw_due_part(KIND, draw, now=NOW)

    job.refresh_from_db()
    assert (job.state, job.error) == (PrintState.FAILED, GAVE_UP_OWN)


def test_a_lot_that_is_cancelled_while_it_is_drawn(plantel, by, papers):
    job = order(plantel, by, papers)
    draw_due_part(KIND, draw, now=NOW)
    paths = part_paths()

    def cancelled_meanwhile(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
        cancel_print_job(job)
        return draw(job, papers)

    assert draw_due_part(KIND, cancelled_meanwhile, now=NOW)

    job.refresh_from_db()
    assert (job.state, part_paths()) == (PrintState.CANCELLED, [])
    assert [default_storage.exists(path) for path in paths] == [False]
    assert draw_all() == 0


def test_a_part_that_two_workers_drew_counts_once(plantel, by, papers):
    """The first one lost its lease and came back."""
    job = order(plantel, by, papers)
    draw_due_part(KIND, draw, now=NOW)

    def slow(job: PrintJob, papers: Sequence[LotPaper]) -> bytes:
        draw_due_part(KIND, draw, now=NOW + LEASE)
        return draw(job, papers)

    draw_due_part(KIND, slow, now=NOW)

    job.refresh_from_db()
    assert (job.sheets_done, len(part_paths())) == (50, 2)
    draw_all(now=NOW + LEASE)
    assert widths(download_lot(job, by=by, now=NOW)) == [900, *range(300, 420)]


def test_a_lot_that_two_workers_joined_is_ready_once(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    for _ in range(2):
        draw_due_part(KIND, draw, now=NOW)
    told = []

    def join(now: datetime) -> None:
        draw_due_part(KIND, draw, now=now, on_ready=told.append)

    with just_before('FOR UPDATE OF "papers_printjob"', lambda: join(NOW + LEASE)):
        join(NOW)

    job.refresh_from_db()
    assert (job.state, told) == (PrintState.READY, [job])


def test_cancel_print_job_of_a_lot_that_is_ready(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    draw_all()

    with pytest.raises(TransitionNotAllowed):
        cancel_print_job(job)


def test_download_lot_as_often_as_asked(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    with pytest.raises(LotGone):
        download_lot(job, by=by, now=NOW)
    draw_all()
    colleague = staff(Role.RESPONSABLE, plantel)

    first = download_lot(job, by=by, now=NOW)
    second = download_lot(job, by=colleague, now=NOW + timedelta(hours=1))

    assert first == second
    assert list(job.downloads.values_list("by", "at")) == [
        (colleague.pk, NOW + timedelta(hours=1)),
        (by.pk, NOW),
    ]


def test_download_lot_for_a_week(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    draw_all()
    week = NOW + timedelta(days=7)
    assert delete_expired_sheets(now=week - timedelta(seconds=1)) == 0

    with pytest.raises(LotGone):
        download_lot(job, by=by, now=week)

    assert delete_expired_sheets(now=week) == 1


def test_a_lot_of_ones_own_is_no_lot_of_the_plantel(plantel, by, papers):
    own = order(plantel, by, papers[:1], is_own=True)

    assert list(print_jobs_for(by)) == []
    assert order(plantel, by, papers[:1]) != own


def test_mark_printed_once(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    with pytest.raises(TransitionNotAllowed):
        mark_printed(job, by=by, now=NOW)
    draw_all()

    mark_printed(job, by=by, now=NOW)

    with pytest.raises(AlreadyPrinted):
        mark_printed(job, by=staff(Role.RESPONSABLE, plantel), now=NOW + timedelta(hours=1))
    job.refresh_from_db()
    assert (job.printed_by, job.printed_at) == (by, NOW)


def test_mark_printed_what_is_no_lot(plantel, by):
    job = queue_print_job(
        plantel, PaperKind.SLIPS, title="Códigos", parameters={}, sheets=1, by=by, now=NOW
    )

    with pytest.raises(TransitionNotAllowed):
        mark_printed(job, by=by, now=NOW)


def test_lots_for_all_who_print_in_the_plantel(plantel, by, papers):
    job = order(plantel, by, papers[:2])
    colleague = staff(Role.RESPONSABLE, plantel)
    auditor, administrator = staff(Role.AUDITOR), staff(Role.ADMIN)
    strangers = [
        staff(Role.RESPONSABLE, PlantelFactory()),
        staff(Role.REVISOR, plantel),
        staff(Role.CONSULTA, plantel),
    ]

    for person in (by, colleague, auditor, administrator):
        assert list(lots_for(person)) == list(print_jobs_for(person)) == [job]
    for person in strangers:
        assert list(lots_for(person)) == list(print_jobs_for(person)) == []
