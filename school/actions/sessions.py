"""Ending sign-ins: a person's own, from another device, or all of them (security T22, T23)."""

import logging
from datetime import datetime

from django.db import transaction

from school.models import LoginSession, User
from school.queries.sessions import name_of

log = logging.getLogger(__name__)


class SessionAlreadyEnded(Exception):
    """That session is not open any more, or was never the person's."""

    sentence = "Esa sesión ya estaba cerrada"


@transaction.atomic
def end_session(user: User, name: str) -> None:
    """Sign the person out in the browser of that name; raises SessionAlreadyEnded."""
    own = LoginSession.objects.filter(user=user)
    keys = [key for key in own.values_list("session_key", flat=True) if name_of(key) == name]
    deleted, _ = own.filter(session_key__in=keys).delete()
    if not deleted:
        raise SessionAlreadyEnded
    log.info("a session of user %s was ended by its owner", user.pk)


@transaction.atomic
def end_other_sessions(user: User, *, keep: str) -> int:
    """Sign the person out everywhere but in the session of that key; returns how many it ended.

    An empty `keep` ends them all.
    """
    deleted, _ = LoginSession.objects.filter(user=user).exclude(session_key=keep).delete()
    if deleted:
        log.info("%d sessions of user %s were ended", deleted, user.pk)
    return deleted


def forget_ended_sessions(*, now: datetime) -> int:
    """Delete the sessions that nobody can use any more; returns how many."""
    deleted, _ = LoginSession.objects.filter(expire_date__lte=now).delete()
    return deleted
