"""Reads of the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from notices.models import Notice, RelaySilence
from notices.states import NoticeState
from school.access import Ability, planteles_with
from school.models import Plantel, User

FAILED_DAYS = timedelta(days=30)
MOST_FAILED = 50


def due_notices(now: datetime) -> QuerySet[Notice]:
    """Return what must leave now: waiting rows whose time has come, and rows whose sender died."""
    return Notice.objects.filter(
        Q(state__in=[NoticeState.QUEUED, NoticeState.RETRY], not_before__lte=now)
        | Q(state=NoticeState.SENDING, lease_until__lte=now)
    ).order_by("not_before", "pk")


def tried_before(keys: Collection[int]) -> dict[int, str]:
    """Return the notices of these that were claimed before.

    With the Message-ID where the sender spoke to the relay and wrote down no answer: it is in doubt.
    """
    again = Notice.objects.filter(pk__in=keys, attempts__gt=1)
    return {
        pk: message_id if state == NoticeState.SENDING else ""
        for pk, state, message_id in again.values_list("pk", "state", "message_id")
    }


def relay_silence(*, now: datetime) -> RelaySilence | None:
    """Return the silence of the relay when it has lasted longer than SILENT_AFTER, else None.

    One that nobody tried to break for longer than the longest wait is over: nothing waits to be sent.
    """
    return RelaySilence.objects.filter(
        since__lte=now - settings.SILENT_AFTER,
        last_at__gte=now - settings.NOTICE_WAITS[1] - settings.SILENT_AFTER,
    ).first()


@dataclass(frozen=True)
class Failed:
    """Mails of one plantel (None: of nobody's) that could not be delivered for one reason."""

    plantel: Plantel | None
    error: str
    count: int


def failed_lately(*, now: datetime) -> list[Failed]:
    """Count the mails of the last 30 days that could not be delivered, by plantel and reason.

    The reasons with most mails come first, 50 at most: two queries.
    """
    failed = Notice.objects.filter(state=NoticeState.FAILED, created_at__gte=now - FAILED_DAYS)
    counted = failed.order_by().values_list("plantel", "error").annotate(count=Count("pk"))
    rows = list(counted.order_by("-count", "plantel_id", "error")[:MOST_FAILED])
    planteles = Plantel.objects.in_bulk({plantel for plantel, _, _ in rows})
    return [Failed(planteles.get(plantel), error, count) for plantel, error, count in rows]


def notices_for(user: User | AnonymousUser) -> QuerySet[Notice]:
    """Return the notices of the planteles whose notices the person may see, newest first."""
    return Notice.objects.filter(
        plantel__in=planteles_with(user, Ability.SEE_NOTICES)
    ).select_related("plantel")
