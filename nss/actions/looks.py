"""Looking at an acuse: written down, and softly claimed so that two people do not review the same one."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from nss.models import Acuse
from nss.queries.queue import CLAIM
from nss.states import AcuseState
from school.models import User
from students.actions.looks import record_look
from students.states import Look


@transaction.atomic
def look_at_acuse(acuse: Acuse, *, by: User, now: datetime) -> None:
    """Write down that the person saw the full NSS, and claim an acuse in review nobody is looking at.

    The claim is soft: it locks nothing and ends by itself.
    """
    record_look(acuse.request.enrollment, Look.FULL_NSS, by=by, now=now, file=acuse.file)
    is_claimed = Acuse.objects.filter(
        Q(seen_by=None) | Q(seen_by=by) | Q(seen_at__lt=now - CLAIM),
        pk=acuse.pk,
        state=AcuseState.RECEIVED,
    ).update(seen_at=now, seen_by=by)
    if is_claimed:
        acuse.seen_at, acuse.seen_by = now, by
    else:
        acuse.refresh_from_db(fields=["seen_at", "seen_by"])
