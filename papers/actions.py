"""Writes about papers: the folios they carry."""

from django.db import transaction

from papers.models import FolioCounter
from school.models import Plantel

_DIGITS = {"A": 6, "R": 5}
_OTHER_DIGITS = 4


@transaction.atomic
def take_folio(series: str, plantel: Plantel, *, year: int) -> str:
    """This will take the next folio of a series, such as «A26-05-000148»: without gaps per plantel and year.

    Call it inside the transaction that uses the folio: if that one is rolled back, the number is free again.
    The counter stays locked until it ends, so folios are taken one after the other.
    """
    FolioCounter.objects.get_or_create(plantel=plantel, series=series, year=year)
    counter = FolioCounter.objects.select_for_update().get(
        plantel=plantel, series=series, year=year
    )
    counter.last += 1
    counter.save(update_fields=["last"])
    digits = _DIGITS.get(series, _OTHER_DIGITS)
    return f"{series}{year % 100:02d}-{plantel.number}-{counter.last:0{digits}d}"
