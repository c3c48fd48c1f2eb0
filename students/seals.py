"""The chain that seals the access log: rows in, digests out; a batch carries the digest of the one before it.

Keyed (HMAC-SHA-256, RFC 2104), so that who can write to the database and lacks the key cannot mend the chain.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Final

START: Final = "0" * 64
"""What the first batch carries: there is none before it."""
_ROW_DIGITS: Final = 32
_GROUP: Final = 8


@dataclass(frozen=True)
class LookRow:
    """One look at a student's data, as the log keeps it; persons, stays and files by the ids of their rows."""

    pk: int
    enrollment: int | None
    by: int
    at: datetime
    look: str
    file: int | None
    reason: str


def row_digest(row: LookRow, *, key: str) -> str:
    """Return the digest of one row as 32 hex digits: half the hash, the least that RFC 2104 allows."""
    fields = [_plain(value) for value in astuple(row)]
    return _hmac(["row", *fields], key=key)[:_ROW_DIGITS]


def seal_digest(
    number: int, sealed_at: datetime, previous: str, rows: Sequence[Sequence[object]], *, key: str
) -> str:
    """Return the digest of a batch as 64 hex digits; `rows` are pairs of id and row digest."""
    return _hmac(
        ["seal", number, _plain(sealed_at), previous, [list(row) for row in rows]], key=key
    )


def spoken(number: int, digest: str) -> str:
    """Return a seal as logs and people carry it: «12:0f3a9c21.…», in groups no filter takes for an NSS."""
    groups = (digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))
    return f"{number}:{'.'.join(groups)}"


def heard(text: str) -> tuple[int, str]:
    """Read what `spoken` wrote; raises ValueError for anything else."""
    number, _, digest = text.strip().partition(":")
    plain = digest.replace(".", "").lower()
    if len(plain) != len(START) or int(plain, 16) < 0:
        raise ValueError(text)
    return int(number), plain


def _plain(value: object) -> object:
    """A moment is the same in every time zone; everything else stands in JSON as it is."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _hmac(content: list[object], *, key: str) -> str:
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
