"""The sweep over piles: a few pages a tick, one worker a pile, safe to run twice."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from common.leases import claim
from common.uploads.runner import _slot
from renuncias.actions.piles import MAX_ATTEMPTS, finish_pile
from renuncias.models import SignedPile
from renuncias.queries.piles import piles_due
from renuncias.states import PileState
from renuncias.tasks import LEASE, read_piles
from students.models import TimelineEntry
from students.states import Event
from tests.factories.piles import (
    a_pile,
    expected,
    read_to_the_end,
    responsable,
    scanned,
    sheet_of,
    uploaded,
)
from tests.factories.students import NOW
from tests.meanwhile import just_before
from tests.samples import sheets


@pytest.mark.django_db
def test_read_piles_with_nothing_to_read_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read_piles() == 0


@pytest.mark.django_db
def test_read_piles_twice_reads_once():
    by = responsable()
    pile = uploaded(by, scanned(sheet_of(expected(by.memberships.get().plantel))))

    ticks = [read_piles() for _ in range(4)]

    pile.refresh_from_db()
    assert ticks == [1, 1, 0, 0]
    assert (pile.state, pile.pages.count(), pile.lease_until) == (PileState.FILED, 1, None)


@pytest.mark.django_db
def test_read_piles_shows_how_far_it_is():
    pile = uploaded(responsable(), scanned(*[sheets.blank(dpi=40)] * 12))

    seen = []
    for _ in range(3):
        read_piles()
        pile.refresh_from_db()
        seen.append((pile.pages.count(), pile.sheets_total, pile.state))

    assert seen == [(0, 12, "UPLOADED"), (10, 12, "UPLOADED"), (12, 12, "FILED")]


@pytest.mark.django_db
def test_read_piles_takes_the_oldest_first():
    by = responsable()
    young, old = a_pile(by, 1, now=NOW), a_pile(by, 2, now=NOW - timedelta(hours=1))

    read_piles()

    assert (old.pages.count(), young.pages.count()) == (2, 0)


@pytest.mark.django_db
def test_read_piles_leaves_alone_what_another_worker_reads():
    pile = a_pile(responsable())
    claim(piles_due(), now=timezone.now(), lease=LEASE, limit=1)

    assert read_piles() == 0
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert read_piles() == 1

    assert pile.pages.count() == 1


@pytest.mark.django_db
def test_read_piles_gives_up_a_pile_that_stops_every_worker():
    pile = a_pile(responsable())
    SignedPile.objects.update(attempts=MAX_ATTEMPTS)

    assert [read_piles(), read_piles()] == [1, 0]

    pile.refresh_from_db()
    assert (pile.state, pile.failure) == (PileState.FAILED, "NOT_WRITTEN")


class Killed(BaseException):
    """What nothing catches, as nothing catches the end of a process."""


@pytest.mark.django_db(transaction=True)
def test_read_piles_killed_within_a_page_loses_nothing_and_files_nothing_twice():
    by = responsable()
    renuncias = [expected(by.memberships.get().plantel) for _ in range(3)]
    pile = uploaded(by, scanned(*map(sheet_of, renuncias)))
    read_piles()
    kept: list[str] = []

    def kill_at_the_second(execute, sql, *rest):
        if 'INSERT INTO "students_timelineentry"' in sql:
            kept.append(sql)
            if len(kept) == 2:
                raise Killed
        return execute(sql, *rest)

    with pytest.raises(Killed), connection.execute_wrapper(kill_at_the_second):
        read_piles()
    before = (pile.pages.count(), read_piles())
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        read_to_the_end(pile)

    holders = [page.file.renuncia for page in pile.pages.order_by("number")]
    events = TimelineEntry.objects.filter(event=Event.RENUNCIA_RECEIVED)
    assert before == (1, 0)
    assert holders == renuncias
    assert list(events.order_by("pk").values_list("enrollment", flat=True)) == [
        one.enrollment_id for one in renuncias
    ]


@pytest.mark.django_db
def test_read_piles_without_a_free_child_gives_the_pile_back():
    pile = a_pile(responsable())

    with _slot(0), _slot(0):
        assert read_piles() == 1

    pile.refresh_from_db()
    assert (pile.state, pile.lease_until, pile.attempts) == (PileState.UPLOADED, None, 0)


@pytest.mark.django_db(transaction=True)
def test_read_piles_yields_to_a_worker_that_was_faster():
    pile = a_pile(responsable())

    with just_before('SELECT "renuncias_pilefile"', lambda: finish_pile(pile, now=NOW)):
        assert read_piles() == 1

    pile.refresh_from_db()
    assert (pile.state, pile.read_at) == (PileState.FILED, NOW)
