"""Papers with a folio: issued without gaps, replaced, revoked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.transitions import TransitionNotAllowed
from papers.actions import issue_papers, replace_paper, revoke_paper, revoke_papers
from papers.folio import ALPHABET
from papers.models import Paper
from papers.queries import paper_by_code, paper_by_token
from papers.states import PaperKind, PaperState
from school.states import Role
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

KIND = PaperKind.CITATORIO


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def by(plantel):
    return staff(Role.RESPONSABLE, plantel)


def issue(plantel, by, *abouts, kind=KIND, cycle="2026-B") -> list[Paper]:
    cycle = SchoolCycleFactory(name=cycle)
    return issue_papers(kind, plantel, cycle, abouts, text=None, by=by, now=NOW)


def test_issue_papers_in_order(plantel, by):
    papers = issue(plantel, by, "enrollment:7", "enrollment:3")

    assert [(paper.folio, paper.about, paper.state) for paper in papers] == [
        ("C26B-05-0001", "enrollment:7", PaperState.VALID),
        ("C26B-05-0002", "enrollment:3", PaperState.VALID),
    ]
    assert Paper.objects.count() == 2


def test_issue_papers_counts_each_plantel_cycle_and_kind(plantel, by):
    issue(plantel, by, "enrollment:1")

    folios = [
        *issue(plantel, by, "enrollment:1"),
        *issue(PlantelFactory(number="07"), by, "enrollment:1"),
        *issue(plantel, by, "enrollment:1", cycle="2027-A"),
        *issue(plantel, by, "enrollment:1", kind=PaperKind.RENUNCIA),
    ]

    assert [paper.folio for paper in folios] == [
        "C26B-05-0002",
        "C26B-07-0001",
        "C27A-05-0001",
        "R26B-05-00001",
    ]


def test_issue_papers_for_nobody(plantel, by):
    assert issue(plantel, by) == []
    assert [paper.folio for paper in issue(plantel, by, "enrollment:1")] == ["C26B-05-0001"]


def test_issue_papers_gives_each_its_own_token_and_code(plantel, by):
    first, second = issue(plantel, by, "enrollment:1", "enrollment:2")

    assert len({first.token, second.token}) == len({first.code, second.code}) == 2
    assert (len(first.token), len(first.code)) == (22, 8)
    assert set(first.code + second.code) <= set(ALPHABET)


def test_issue_papers_costs_the_same_for_many(plantel, by):
    issue(plantel, by, "enrollment:0")

    counts = []
    for many in (1, 30):
        with CaptureQueriesContext(connection) as queries:
            issue(plantel, by, *(f"enrollment:{n}" for n in range(many)))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("end", "state"),
    [(replace_paper, PaperState.REPLACED), (revoke_paper, PaperState.REVOKED)],
)
def test_a_paper_ends_once(plantel, by, end, state):
    (paper,) = issue(plantel, by, "enrollment:1")

    end(paper, now=NOW + timedelta(days=1))

    paper.refresh_from_db()
    assert (paper.state, paper.ended_at) == (state, NOW + timedelta(days=1))
    for again in (replace_paper, revoke_paper):
        with pytest.raises(TransitionNotAllowed):
            again(paper, now=NOW)


def test_revoke_papers_of_some_kinds_that_are_about_something(plantel, by):
    later = NOW + timedelta(days=1)
    issue(plantel, by, "enrollment:1", "enrollment:1:b", "enrollment:12")
    issue(plantel, by, "enrollment:1:a", kind=PaperKind.SUMMARY)
    issue(plantel, by, "enrollment:1", kind=PaperKind.COMPROBANTE)
    replace_paper(Paper.objects.get(kind=KIND, about="enrollment:1:b"), now=NOW)

    revoke_papers([KIND, PaperKind.SUMMARY], "enrollment:1", now=later)

    assert list(Paper.objects.order_by("pk").values_list("state", "ended_at")) == [
        (PaperState.REVOKED, later),
        (PaperState.REPLACED, NOW),
        (PaperState.VALID, None),
        (PaperState.REVOKED, later),
        (PaperState.VALID, None),
    ]


def test_paper_by_token(plantel, by):
    (paper,) = issue(plantel, by, "enrollment:1")

    assert paper_by_token(paper.token) == paper
    assert paper_by_token("a" * 22) is None
    assert paper_by_token("") is None


def test_paper_by_code_needs_both(plantel, by):
    first, second = issue(plantel, by, "enrollment:1", "enrollment:2")

    assert paper_by_code(first.folio, first.code) == first
    assert paper_by_code(first.folio, second.code) is None
    assert paper_by_code(first.folio, "") is None
    assert paper_by_code("C26B-05-9999", first.code) is None
    assert paper_by_code("", "") is None
