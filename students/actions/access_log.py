"""Sealing the log of who looked at what (security T32): batch after batch, each bound to the one before it."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from students.models import AccessEntry, AccessSeal
from students.queries.access_log import looks_to_seal, row_of
from students.seals import START, row_digest, seal_digest, spoken

BATCH = 500
log = logging.getLogger(__name__)


def seal_looks(*, now: datetime) -> AccessSeal | None:
    """Seal the looks that wait, up to BATCH of them; None when there is none.

    Two sealers at once are safe: the chain has room for one batch of each number, so the other one gets None
    and its looks wait for the next call. The seal is also logged: kept elsewhere, it proves that the end of the
    chain was not cut off.
    """
    try:
        seal = _seal_next(now=now)
    except IntegrityError:
        return None
    if seal:
        said = spoken(seal.number, seal.digest)
        log.info("access log sealed %s (%d looks)", said, len(seal.rows))
    return seal


@transaction.atomic
def _seal_next(*, now: datetime) -> AccessSeal | None:
    last = AccessSeal.objects.select_for_update().order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, START)
    looks = list(looks_to_seal().select_for_update(of=("self",))[:BATCH])
    if not looks:
        return None
    key = settings.ACCESS_LOG_KEY
    rows = [[look.pk, row_digest(row_of(look), key=key)] for look in looks]
    seal = AccessSeal.objects.create(
        number=number,
        sealed_at=now,
        rows=rows,
        previous=previous,
        digest=seal_digest(number, now, previous, rows, key=key),
    )
    AccessEntry.objects.filter(pk__in=[look.pk for look in looks]).update(seal=seal)
    return seal
