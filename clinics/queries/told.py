"""What left already for whom: who was told what is true no more has to be told again."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from common.bulk import Among
from notices.models import Notice
from notices.states import NoticeState

LEFT = (NoticeState.SENDING, NoticeState.SENT)


def last_told(stays: Collection[int], messages: Collection[str]) -> dict[int, datetime]:
    """This will return when the last of these messages that left was queued, by the id of the stay; one query."""
    about = {f"enrollment:{stay}": stay for stay in stays}
    told = Notice.objects.filter(Among("about", about), message__in=messages, state__in=LEFT)
    rows = told.order_by().values("about").annotate(last=Max("created_at"))
    return {about[row["about"]]: row["last"] for row in rows}
