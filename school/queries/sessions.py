"""Reads of who is signed in where, and whether a sign-in still counts (security T22, G)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from school.devices import UNKNOWN
from school.models import LoginSession, User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
IS_STUDENT = "is_student"
DEVICE = "device"


@dataclass(frozen=True)
class OpenSession:
    """One browser in which the person is signed in; `name` tells it apart and opens nothing."""

    name: str
    device: str
    opened_at: datetime
    seen_at: datetime
    is_current: bool


def is_over(session: Mapping[str, Any], *, now: datetime) -> bool:
    """Tell whether a sign-in was idle or open for too long, by the times of its kind of person."""
    kind = "STUDENT" if session.get(IS_STUDENT) else "STAFF"
    idle, longest = settings.SIGN_IN_LASTS[kind]
    seen, started = (session.get(key, now.timestamp()) for key in (SEEN_AT, SIGNED_IN_AT))
    return bool(
        now.timestamp() - seen > idle.total_seconds()
        or now.timestamp() - started > longest.total_seconds()
    )


def open_sessions(user: User, *, current: str, now: datetime) -> list[OpenSession]:
    """Return where the person is signed in: here first, then the last seen; `current` is the key of here."""
    found = []
    for row in LoginSession.objects.filter(user=user, expire_date__gt=now):
        data = row.get_decoded()
        if not is_over(data, now=now):
            found.append(_described(row, data, current=current, now=now))
    return sorted(found, key=lambda one: (not one.is_current, -one.seen_at.timestamp()))


def name_of(session_key: str) -> str:
    """Return what a session is called on a page: its key is a secret."""
    return salted_hmac("school.sessions", session_key, algorithm="sha256").hexdigest()[:32]


def _described(
    row: LoginSession, data: Mapping[str, Any], *, current: str, now: datetime
) -> OpenSession:
    opened_at, seen_at = (
        datetime.fromtimestamp(data.get(key, now.timestamp()), UTC)
        for key in (SIGNED_IN_AT, SEEN_AT)
    )
    return OpenSession(
        name=name_of(row.session_key),
        device=data.get(DEVICE, UNKNOWN),
        opened_at=opened_at,
        seen_at=seen_at,
        is_current=row.session_key == current,
    )
