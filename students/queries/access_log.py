"""Whether the log of who looked at what is still as it was written."""

from dataclasses import dataclass
from hmac import compare_digest

from django.conf import settings
from django.db.models import Q, QuerySet

from students.models import AccessEntry, AccessSeal
from students.seals import START, LookRow, row_digest, seal_digest


@dataclass(frozen=True)
class Verdict:
    """What a reading of the whole chain found: `broken` names the first thing that is not as it was, "" if none.

    `last` is the newest seal that was read; `waiting` counts the looks that no seal covers yet.
    """

    seals: int
    looks: int
    waiting: int
    last: AccessSeal | None
    broken: str


def looks_to_seal() -> QuerySet[AccessEntry]:
    """Return the looks that no seal covers, oldest first."""
    return AccessEntry.objects.filter(seal__isnull=True).order_by("pk")


def row_of(look: AccessEntry) -> LookRow:
    """Return what of a look is sealed: everything but the seal itself."""
    return LookRow(
        look.pk, look.enrollment_id, look.by_id, look.at, look.look, look.file_id, look.reason
    )


def verify_access_log(anchor: tuple[int, str] | None = None) -> Verdict:
    """Read the chain from its first seal and stop at the first row that was changed, removed or added.

    `anchor` is number and digest of a seal that was noted elsewhere (the logs name each one): it must still stand.
    """
    seals = looks = 0
    last: AccessSeal | None = None
    for seal in AccessSeal.objects.order_by("number").iterator(chunk_size=10):
        broken = _broken_link(seal, last) or _broken_row(seal) or _broken_seal(seal)
        if broken:
            return Verdict(seals, looks, looks_to_seal().count(), last, broken)
        seals, looks, last = seals + 1, looks + len(seal.rows), seal
    return Verdict(seals, looks, looks_to_seal().count(), last, _broken_anchor(anchor))


def _broken_link(seal: AccessSeal, last: AccessSeal | None) -> str:
    number = last.number + 1 if last else 1
    if seal.number != number:
        return f"seal {number} is missing"
    return (
        "" if seal.previous == (last.digest if last else START) else f"seal {number} was replaced"
    )


def _broken_row(seal: AccessSeal) -> str:
    """The rows as they stand against the rows as they were sealed, in order."""
    sealed = dict(seal.rows)
    found = {look.pk: look for look in AccessEntry.objects.filter(Q(pk__in=sealed) | Q(seal=seal))}
    for pk in sorted(sealed.keys() | found.keys()):
        if problem := _problem(found.get(pk), sealed.get(pk), seal):
            return f"row {pk} {problem}, seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} UTC"
    return ""


def _problem(look: AccessEntry | None, digest: str | None, seal: AccessSeal) -> str:
    if look is None:
        return "was removed"
    if digest is None:
        return "was added"
    now = row_digest(row_of(look), key=settings.ACCESS_LOG_KEY)
    return "" if compare_digest(now, digest) and look.seal_id == seal.pk else "was changed"


def _broken_seal(seal: AccessSeal) -> str:
    now = seal_digest(
        seal.number, seal.sealed_at, seal.previous, seal.rows, key=settings.ACCESS_LOG_KEY
    )
    return "" if compare_digest(now, seal.digest) else f"seal {seal.number} was changed"


def _broken_anchor(anchor: tuple[int, str] | None) -> str:
    if anchor is None:
        return ""
    number, digest = anchor
    seal = AccessSeal.objects.filter(number=number).first()
    if seal is None:
        return f"seal {number} is missing: the end of the log was cut off"
    return "" if compare_digest(seal.digest, digest) else f"seal {number} is another than was noted"
