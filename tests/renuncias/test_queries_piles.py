"""Reads of piles: whose, their counts, what is missing, and whom a typed text may mean."""

import pytest

from papers.actions import queue_lot
from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from renuncias.actions.piles import discard_page, file_page, finish_pile
from renuncias.queries.piles import (
    MOST_CANDIDATES,
    candidates,
    lot_of_most,
    lots_to_choose,
    missing_in,
    pages_to_decide,
    piles_for,
)
from school.models import Plantel
from school.states import Role
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.piles import a_pile, expected, kept, link_of, responsable
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    """Give somebody who handles the renuncias of a plantel."""
    return responsable()


@pytest.fixture
def plantel(by):
    """Give that person's plantel."""
    return by.memberships.get().plantel


def lot_of(*renuncias, by, state=PrintState.QUEUED, **how):
    """Return a lot in which these were printed."""
    papers = [one.paper for one in renuncias]
    plantel = renuncias[0].plantel
    lot = queue_lot(plantel, PaperKind.RENUNCIA, papers, title="Grupo 101", by=by, now=NOW, **how)
    PrintJob.objects.filter(pk=lot.pk).update(state=state)
    return lot


def test_piles_for_counts_the_pages(by, plantel):
    pile = a_pile(by, 6)
    kept(pile, link_of(expected(plantel)))
    file_page(kept(pile), expected(plantel), by=by, now=NOW)
    kept(pile)
    kept(pile, trouble="PDF_DAMAGED")
    kept(pile, is_blank=True)
    discard_page(kept(pile), by=by, now=NOW)

    (found,) = piles_for(by)

    assert (found.sheets_read, found.filed, found.to_decide) == (6, 2, 2)
    assert [page.number for page in pages_to_decide(pile)] == [3, 4]


@pytest.mark.parametrize("role", [Role.REVISOR, Role.CONSULTA, Role.ADMIN, Role.AUDITOR])
def test_piles_for_shows_nothing_to_who_does_not_handle_renuncias(by, plantel, role):
    a_pile(by)
    place = None if role in {Role.ADMIN, Role.AUDITOR} else plantel

    assert list(piles_for(staff(role, place))) == []
    assert list(piles_for(responsable())) == []


def test_missing_in_names_what_nobody_brought_back_in_the_order_of_printing(by, plantel):
    a, b, c, left = (expected(plantel) for _ in range(4))
    expected(plantel)
    Enrollment.objects.filter(renuncias=left).update(state=EnrollmentState.WITHDRAWN)
    pile = a_pile(by, lot=lot_of(c, left, b, a, by=by))
    kept(pile, link_of(b))
    finish_pile(pile, now=NOW)

    pile.refresh_from_db()
    assert [place.paper.renuncia for place in missing_in(pile)] == [c, a]


def test_missing_in_without_a_lot_names_nobody(by, plantel):
    lot_of(expected(plantel), by=by)

    assert list(missing_in(a_pile(by))) == []


def test_candidates_are_the_missing_of_the_lot_when_nothing_is_typed(by, plantel):
    of_lot, _ = expected(plantel), expected(plantel)
    pile = a_pile(by, lot=lot_of(of_lot, by=by))

    assert candidates(pile, " ") == [of_lot]


@pytest.mark.parametrize(
    "typed",
    [
        "{folio}",
        "{unsigned}",
        "{small}",
        "{number}",
        "26050148",
        "jimenez",
        "ÁNGELA Jiménez",
    ],
)
def test_candidates_finds_by_folio_matricula_and_name(by, plantel, typed):
    who = {"given_names": "Ángela", "first_surname": "Jiménez", "search_name": "angela jimenez"}
    expected(plantel)
    renuncia = expected(
        plantel, matricula="26050148", **{f"student__{key}": value for key, value in who.items()}
    )
    folio = renuncia.paper.folio

    text = typed.format(
        folio=folio,
        unsigned=folio.replace("-", ""),
        small=f" {folio.lower()} ",
        number=int(folio[-5:]),
    )

    assert candidates(a_pile(by), text) == [renuncia]


@pytest.mark.parametrize("typed", ["nadie", "26059999", "R26B-99-00001", "%", "'"])
def test_candidates_finds_nobody(by, plantel, typed):
    expected(plantel)

    assert candidates(a_pile(by), typed) == []


def test_candidates_never_come_from_another_plantel_nor_from_what_is_over(by, plantel):
    foreign = expected(PlantelFactory())
    received = expected(plantel)
    pile = a_pile(by)
    file_page(kept(pile), received, by=by, now=NOW)

    assert candidates(pile, "Gómez") == []
    assert candidates(pile, foreign.paper.folio) == []


def test_candidates_are_twenty_at_most(by, plantel):
    for _ in range(MOST_CANDIDATES + 1):
        expected(plantel)

    assert len(candidates(a_pile(by), "Gómez")) == MOST_CANDIDATES


def test_lots_to_choose_are_those_of_the_planteles(by, plantel):
    lot = lot_of(expected(plantel), by=by)
    lot_of(expected(PlantelFactory()), by=by)

    assert list(lots_to_choose(Plantel.objects.filter(pk=plantel.pk))) == [lot]


def test_lots_to_choose_are_only_those_that_staff_printed(by, plantel):
    """A student's own sheet, and what was called off or failed, is where no pile comes from."""
    renuncias = [expected(plantel) for _ in range(2)]
    lot = lot_of(*renuncias, by=by, state=PrintState.READY)
    for state in (PrintState.CANCELLED, PrintState.FAILED):
        lot_of(*renuncias, by=by, state=state)
    lot_of(renuncias[0], by=renuncias[0].enrollment.student.user, is_own=True)

    assert list(lots_to_choose(Plantel.objects.filter(pk=plantel.pk))) == [lot]


@pytest.mark.parametrize(
    "how", [{"is_own": True}, {"state": PrintState.CANCELLED}, {"state": PrintState.FAILED}]
)
def test_lot_of_most_is_one_that_staff_printed(by, plantel, how):
    first, second = expected(plantel), expected(plantel)
    lot = lot_of(second, by=by, state=PrintState.READY)
    lot_of(first, second, by=by, **how)
    pile = a_pile(by, 2)
    kept(pile, link_of(first))
    kept(pile, link_of(second))

    assert lot_of_most(pile) == lot


def test_lot_of_most_of_sheets_that_the_students_printed_is_none(by, plantel):
    renuncia = expected(plantel)
    lot_of(renuncia, by=renuncia.enrollment.student.user, is_own=True)
    pile = a_pile(by)
    kept(pile, link_of(renuncia))

    assert lot_of_most(pile) is None
