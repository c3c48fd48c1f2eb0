"""Two at the same moment over one pile, with real threads on the real database."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.transitions import TransitionNotAllowed
from renuncias.actions.piles import discard_page, file_page, read_pile
from renuncias.models import SignedPile
from renuncias.states import PileState
from renuncias.tasks import read_piles
from students.models import TimelineEntry
from students.states import Event
from tests.factories.piles import (
    a_pile,
    expected,
    kept,
    responsable,
    scanned,
    sheet_of,
    uploaded,
)
from tests.factories.students import NOW
from tests.nss.test_races import at_once
from tests.samples import hostile, sheets

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_over_the_same_pages_file_each_once():
    by = responsable()
    renuncias = [expected(by.memberships.get().plantel) for _ in range(3)]
    pile = uploaded(by, scanned(*map(sheet_of, renuncias)))
    read_piles()
    rows = SignedPile.objects.select_related("plantel", "created_by")
    SignedPile.objects.update(attempts=1)
    one, other = rows.get(), rows.get()

    results = at_once(lambda: read_pile(one, now=NOW), lambda: read_pile(other, now=NOW))

    pile.refresh_from_db()
    assert sum(isinstance(result, TransitionNotAllowed) for result in results) == 1
    assert results.count(None) == 1
    assert (pile.state, pile.pages.count()) == (PileState.FILED, 3)
    assert [one.file.renuncia for one in pile.pages.order_by("number")] == renuncias
    assert TimelineEntry.objects.filter(event=Event.RENUNCIA_RECEIVED).count() == 3


def test_same_sheet_in_two_piles_at_once_is_filed_once():
    by = responsable()
    renuncia = expected(by.memberships.get().plantel)
    photo = SimpleUploadedFile("1.jpg", sheets.photo(sheet_of(renuncia)))
    twin = SimpleUploadedFile("2.png", sheets.photo(sheet_of(renuncia), "PNG"))
    piles = [uploaded(by, photo), uploaded(by, photo, twin)]
    SignedPile.objects.update(attempts=1)
    one, other = SignedPile.objects.select_related("plantel", "created_by")

    at_once(lambda: read_pile(one, now=NOW), lambda: read_pile(other, now=NOW))

    outcomes = sorted(page.outcome for pile in piles for page in pile.pages.all())
    assert outcomes == ["FILED", "REPEATED", "REPEATED"]


def test_same_pile_sent_twice_at_once_is_one():
    by = responsable()

    results = at_once(*[lambda: uploaded(by, SimpleUploadedFile("a.pdf", hostile.plain_pdf()))] * 3)

    assert len({pile.pk for pile in results}) == 1
    assert SignedPile.objects.count() == 1


def test_two_people_decide_one_page_and_one_wins():
    by = responsable()
    renuncia = expected(by.memberships.get().plantel)
    page = kept(a_pile(by))

    results = at_once(
        lambda: file_page(page, renuncia, by=by, now=NOW),
        lambda: discard_page(page, by=by, now=NOW),
    )

    page.refresh_from_db()
    renuncia.refresh_from_db()
    assert sum(isinstance(result, TransitionNotAllowed) for result in results) == 1
    assert (page.outcome == "BY_HAND") == (renuncia.state == "SIGNED")
