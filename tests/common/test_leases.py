"""common.leases: of two workers one gets the row."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from common.leases import claim, give_back
from notices.models import Notice
from tests.factories.notices import NoticeFactory
from tests.factories.students import NOW

LEASE = timedelta(minutes=2)


def waiting() -> QuerySet[Notice]:
    return Notice.objects.select_related("plantel").order_by("not_before", "pk")


@pytest.mark.django_db
def test_claim_takes_the_first_ones_in_order_and_counts_the_attempt() -> None:
    late = NoticeFactory(not_before=NOW + timedelta(hours=1))
    early = NoticeFactory(not_before=NOW - timedelta(hours=1))
    middle = NoticeFactory(not_before=NOW)

    ids = claim(waiting(), now=NOW, lease=LEASE, limit=2)

    assert ids == [early.pk, middle.pk]
    rows = Notice.objects.order_by("not_before").values_list("pk", "lease_until", "attempts")
    assert list(rows) == [
        (early.pk, NOW + LEASE, 1),
        (middle.pk, NOW + LEASE, 1),
        (late.pk, None, 0),
    ]


@pytest.mark.django_db
def test_claim_leaves_a_held_row_until_its_lease_dies() -> None:
    notice = NoticeFactory()
    claim(waiting(), now=NOW, lease=LEASE, limit=5)

    while_held = claim(waiting(), now=NOW + LEASE - timedelta(seconds=1), lease=LEASE, limit=5)
    once_dead = claim(waiting(), now=NOW + LEASE, lease=LEASE, limit=5)

    assert while_held == []
    assert once_dead == [notice.pk]
    notice.refresh_from_db()
    assert notice.attempts == 2


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_claim_costs_three_queries_whatever_it_finds(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    NoticeFactory.create_batch(count)

    with django_assert_num_queries(3 + 2):  # the test's own transaction adds a savepoint's two
        claim(waiting(), now=NOW, lease=LEASE, limit=10)


@pytest.mark.django_db
def test_claim_of_nothing_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        ids = claim(waiting(), now=NOW, lease=LEASE, limit=10)

    assert ids == []


@pytest.mark.django_db(transaction=True)
def test_claim_inside_a_transaction_is_refused() -> None:
    NoticeFactory()

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        claim(waiting(), now=NOW, lease=LEASE, limit=10)


@pytest.mark.django_db(transaction=True)
def test_claim_by_many_workers_gives_each_row_once() -> None:
    NoticeFactory.create_batch(40)
    start = threading.Barrier(4)
    taken: list[list[int]] = []

    def work() -> None:
        start.wait()
        try:
            while ids := claim(waiting(), now=NOW, lease=LEASE, limit=3):
                taken.append(ids)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    ids = [pk for batch in taken for pk in batch]
    assert sorted(ids) == sorted(Notice.objects.values_list("pk", flat=True))
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db
def test_give_back_frees_the_row_and_uncounts_the_attempt() -> None:
    notice = NoticeFactory()
    claim(waiting(), now=NOW, lease=LEASE, limit=1)

    given = give_back(Notice, notice.pk, held_until=NOW + LEASE)

    notice.refresh_from_db()
    assert given is True
    assert (notice.lease_until, notice.attempts) == (None, 0)


@pytest.mark.django_db
def test_give_back_of_a_lost_lease_changes_nothing() -> None:
    notice = NoticeFactory()
    claim(waiting(), now=NOW, lease=LEASE, limit=1)
    claim(waiting(), now=NOW + LEASE, lease=LEASE, limit=1)

    given = give_back(Notice, notice.pk, held_until=NOW + LEASE)

    notice.refresh_from_db()
    assert given is False
    assert (notice.lease_until, notice.attempts) == (NOW + 2 * LEASE, 2)
