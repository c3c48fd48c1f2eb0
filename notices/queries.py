"""Reads of the outbox."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from notices.models import Notice
from notices.states import NoticeState
from school.access import Ability, planteles_with
from school.models import User


def due_notices(now: datetime) -> QuerySet[Notice]:
    """This will return what must leave now: waiting rows whose time has come, and rows whose sender died."""
    return Notice.objects.filter(
        Q(state__in=[NoticeState.QUEUED, NoticeState.RETRY], not_before__lte=now)
        | Q(state=NoticeState.SENDING, lease_until__lte=now)
    ).order_by("not_before", "pk")


def tried_before(keys: Collection[int]) -> dict[int, str]:
    """This will return the notices of these that were claimed before.

    With the Message-ID where the sender spoke to the relay and wrote down no answer: it is in doubt.
    """
    again = Notice.objects.filter(pk__in=keys, attempts__gt=1)
    return {
        pk: message_id if state == NoticeState.SENDING else ""
        for pk, state, message_id in again.values_list("pk", "state", "message_id")
    }


def notices_for(user: User | AnonymousUser) -> QuerySet[Notice]:
    """This will return the notices of the planteles whose notices the person may see, newest first."""
    return Notice.objects.filter(
        plantel__in=planteles_with(user, Ability.SEE_NOTICES)
    ).select_related("plantel")
