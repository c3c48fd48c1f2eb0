"""Folios without gaps, one series per plantel and year."""

import pytest
from django.db import transaction

from papers.actions import take_folio
from tests.factories.school import PlantelFactory

pytestmark = pytest.mark.django_db


def test_take_folio_counts_from_one_in_each_series_plantel_and_year():
    north, south = PlantelFactory(number="05"), PlantelFactory(number="07")

    folios = [
        take_folio("A", north, year=2026),
        take_folio("A", north, year=2026),
        take_folio("A", south, year=2026),
        take_folio("A", north, year=2027),
        take_folio("SUB", north, year=2026),
    ]

    assert folios == [
        "A26-05-000001",
        "A26-05-000002",
        "A26-07-000001",
        "A27-05-000001",
        "SUB26-05-0001",
    ]


def test_take_folio_of_a_transaction_that_failed_is_given_again():
    plantel = PlantelFactory(number="05")

    class Broken(Exception):
        pass

    def fail_later() -> None:
        with transaction.atomic():
            take_folio("A", plantel, year=2026)
            raise Broken

    with pytest.raises(Broken):
        fail_later()

    assert take_folio("A", plantel, year=2026) == "A26-05-000001"
