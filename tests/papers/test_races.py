"""Two at once: folios without gaps and without twins, one lot of two presses, one cancelled lot."""

import pytest

from common.transitions import TransitionNotAllowed
from papers.actions import (
    cancel_print_job,
    draw_due_part,
    issue_papers,
    queue_lot,
    replace_paper,
    revoke_paper,
)
from papers.models import Paper, PrintJob
from papers.states import PaperKind, PaperState, PrintState
from school.states import Role
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db(transaction=True)

KIND = PaperKind.CITATORIO


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def cycle():
    return SchoolCycleFactory()


def test_issue_papers_while_somebody_else_does(plantel, by, cycle):
    def issue(*abouts: str) -> list[Paper]:
        return issue_papers(KIND, plantel, cycle, abouts, text=None, by=by, now=NOW)

    with just_before('FROM "papers_foliocounter"', lambda: issue("other:1", "other:2")):
        issue("mine:1", "mine:2")

    assert list(Paper.objects.order_by("folio").values_list("folio", "about")) == [
        ("C26B-05-0001", "other:1"),
        ("C26B-05-0002", "other:2"),
        ("C26B-05-0003", "mine:1"),
        ("C26B-05-0004", "mine:2"),
    ]


def test_queue_lot_while_somebody_else_does(plantel, by, cycle):
    papers = issue_papers(KIND, plantel, cycle, ["x:1", "x:2"], text=None, by=by, now=NOW)

    def order() -> PrintJob:
        return queue_lot(plantel, KIND, papers, title="Citatorios", by=by, now=NOW)

    with just_before('FROM "school_plantel"', order):
        job = order()

    assert list(PrintJob.objects.all()) == [job]


def test_revoke_paper_while_somebody_replaces_it(plantel, by, cycle):
    (paper,) = issue_papers(KIND, plantel, cycle, ["x:1"], text=None, by=by, now=NOW)

    with (
        just_before('FROM "papers_paper"', lambda: replace_paper(paper, now=NOW)),
        pytest.raises(TransitionNotAllowed),
    ):
        revoke_paper(paper, now=NOW)

    paper.refresh_from_db()
    assert paper.state == PaperState.REPLACED


def test_draw_due_part_of_a_lot_that_is_cancelled_before_it_is_in_hand(plantel, by, cycle):
    papers = issue_papers(KIND, plantel, cycle, ["x:1"], text=None, by=by, now=NOW)
    job = queue_lot(plantel, KIND, papers, title="Citatorios", by=by, now=NOW)

    with just_before('UPDATE "papers_printjob"', lambda: cancel_print_job(job)):
        draw_due_part(KIND, lambda job, places: b"%PDF-", now=NOW)

    job.refresh_from_db()
    assert (job.state, job.parts.exclude(path="").count()) == (PrintState.CANCELLED, 0)
