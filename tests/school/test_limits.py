"""Attempts are counted in the database, before they are made, and by everybody at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from school.actions.limits import Limit, count_attempt, forget_old_attempts, give_back_attempt
from school.models import RateCounter

NOW = datetime(2026, 8, 27, 15, 0, 30, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ANA = Limit("code:ana", 5, QUARTER)


@pytest.mark.django_db
def test_count_attempt_allows_as_many_as_the_limit_says():
    answers = [count_attempt(ANA, now=NOW) for _ in range(7)]

    assert answers == [True] * 5 + [False] * 2


@pytest.mark.django_db
def test_count_attempt_after_waiting_the_window():
    for second in range(5):
        count_attempt(ANA, now=NOW + timedelta(seconds=second * 40))

    assert count_attempt(ANA, now=NOW + timedelta(minutes=10)) is False
    assert count_attempt(ANA, now=NOW + timedelta(seconds=160) + QUARTER) is True


@pytest.mark.django_db
def test_count_attempt_refused_is_not_counted():
    for _ in range(5):
        count_attempt(ANA, now=NOW)
    for minute in range(1, 15):
        count_attempt(ANA, now=NOW + timedelta(minutes=minute))

    assert count_attempt(ANA, now=NOW + QUARTER) is True


@pytest.mark.django_db
def test_count_attempt_refused_by_one_limit_counts_under_none():
    network = Limit("network:x", 100, QUARTER)
    for _ in range(5):
        count_attempt(ANA, now=NOW)

    refused = count_attempt(ANA, network, now=NOW)

    assert refused is False
    assert RateCounter.objects.get(key="network:x").count == 0


@pytest.mark.django_db
def test_count_attempt_keeps_keys_and_windows_apart():
    hourly = Limit("mail:ana", 3, timedelta(hours=1))
    for _ in range(3):
        count_attempt(hourly, now=NOW)

    assert count_attempt(ANA, now=NOW) is True
    assert count_attempt(hourly, now=NOW + timedelta(minutes=59)) is False
    assert count_attempt(hourly, now=NOW + timedelta(hours=1)) is True


@pytest.mark.django_db
def test_give_back_attempt_frees_one():
    for _ in range(5):
        count_attempt(ANA, now=NOW)

    give_back_attempt(ANA, now=NOW)

    assert [count_attempt(ANA, now=NOW) for _ in range(2)] == [True, False]


@pytest.mark.django_db
def test_give_back_attempt_never_goes_below_nothing():
    count_attempt(ANA, now=NOW)

    for _ in range(3):
        give_back_attempt(ANA, now=NOW)

    assert [count_attempt(ANA, now=NOW) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_forget_old_attempts_keeps_what_still_counts():
    count_attempt(Limit("old", 5, QUARTER), now=NOW - timedelta(hours=2))
    count_attempt(ANA, now=NOW)

    assert [forget_old_attempts(now=NOW) for _ in range(2)] == [1, 0]
    assert list(RateCounter.objects.values_list("key", flat=True)) == ["code:ana"]


@pytest.mark.django_db(transaction=True)
def test_count_attempt_twenty_at_once():
    everyone = Limit("everyone", 1000, QUARTER)

    def attempt(number: int) -> bool:
        try:
            pair = (ANA, everyone) if number % 2 else (everyone, ANA)
            return count_attempt(*pair, now=NOW + timedelta(seconds=number * 3))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(20)))

    assert answers.count(True) == 5


@pytest.mark.django_db
def test_count_attempt_costs_the_same_for_one_and_three_limits(django_assert_num_queries):
    limits = [Limit(f"key:{number}", 5, QUARTER) for number in range(3)]

    with django_assert_num_queries(5):
        count_attempt(limits[0], now=NOW)
    with django_assert_num_queries(5):
        count_attempt(*limits, now=NOW)
