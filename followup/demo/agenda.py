"""The last weeks of a plantel, lived by the portal's own verbs in the order of time."""

from collections.abc import Callable
from datetime import datetime

from followup.demo.moments import end_of_story
from followup.demo.schools import School
from notices.actions import mark_sent, start_sending
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel

MESSAGES = ("M-01", "M-12", "M-13", "M-14", "M-15", "M-16", "M-17", "M-18", "M-19")
"""The mails that these verbs write; what waits of others was told to wait."""

Thing = Callable[[datetime], object]
"""A verb, waiting for its moment."""


class Agenda:
    """What is to happen in one plantel; between two things the mails that are due leave."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._things: list[tuple[datetime, Thing]] = []

    def add(self, at: datetime, thing: Thing) -> None:
        """Have something happen then."""
        self._things.append((at, thing))

    def run(self) -> None:
        """Let all of it happen, and the mails leave that are due until the demo begins."""
        plantel = self._school.plantel
        for at, thing in sorted(self._things, key=lambda one: one[0]):
            _deliver(plantel, until=at)
            thing(at)
        _deliver(plantel, until=end_of_story(self._school.days.today, plantel.zone))


def _deliver(plantel: Plantel, *, until: datetime) -> None:
    """The mails that are due leave, each at its time: what is no longer true does not, and no relay is asked."""
    waiting = Notice.objects.filter(
        plantel=plantel,
        message__in=MESSAGES,
        state=NoticeState.QUEUED,
        not_before__lte=until,
    )
    moments = waiting.order_by("not_before").values_list("not_before", flat=True).distinct()
    for at in list(moments):
        keys = list(waiting.filter(not_before=at).values_list("pk", flat=True))
        for notice, mail in start_sending(keys, now=at):
            mark_sent(notice.pk, mail, now=at)
