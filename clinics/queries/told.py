"""What left already for whom: who was told what is true no more has to be told again. And what will leave."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Max

from clinics.queries.still_due import LOOK
from common.bulk import Among
from notices.models import Notice
from notices.states import NoticeState
from students.models import Enrollment

WAITS = (NoticeState.QUEUED, NoticeState.RETRY)
LEFT = (NoticeState.SENDING, NoticeState.SENT)


def last_told(stays: Collection[int], messages: Collection[str]) -> dict[int, datetime]:
    """Return when the last of these messages that left was queued, by the id of the stay; one query."""
    about = {f"enrollment:{stay}": stay for stay in stays}
    told = Notice.objects.filter(Among("about", about), message__in=messages, state__in=LEFT)
    rows = told.order_by().values("about").annotate(last=Max("created_at"))
    return {about[row["about"]]: row["last"] for row in rows}


def asked_again_on(enrollment: Enrollment) -> date | None:
    """Return on which day a mail asks the student for the vigencia (M-14); None when none waits."""
    waiting = Notice.objects.filter(
        about=f"enrollment:{enrollment.pk}", message=LOOK, state__in=WAITS
    )
    first = waiting.order_by("not_before").first()
    return first.not_before.astimezone(enrollment.plantel.zone).date() if first else None
