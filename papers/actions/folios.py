"""Numbers without gaps: one counter per plantel, series and period."""

from django.db import transaction

from papers.folio import folio_text
from papers.models import FolioCounter
from school.models import Plantel


@transaction.atomic
def take_folio(series: str, plantel: Plantel, *, year: int) -> str:
    """Take the next folio of a series, such as «A26-05-000148»: without gaps per plantel and year.

    Call it inside the transaction that uses the folio: if that one is rolled back, the number is free again.
    The counter stays locked until it ends, so folios are taken one after the other.
    """
    period = f"{year % 100:02d}"
    number = take_numbers(series, plantel, period=period, count=1)
    return folio_text(series, plantel.number, period=period, number=number)


@transaction.atomic
def take_numbers(series: str, plantel: Plantel, *, period: str, count: int) -> int:
    """Take that many numbers of a series in a row and return the first of them."""
    FolioCounter.objects.get_or_create(plantel=plantel, series=series, period=period)
    counter = FolioCounter.objects.select_for_update().get(
        plantel=plantel, series=series, period=period
    )
    counter.last += count
    counter.save(update_fields=["last"])
    return counter.last - count + 1
