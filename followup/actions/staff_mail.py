"""The mail of the morning: what waits in the plantel today, for those who review."""

from datetime import datetime

from django.db import transaction

from followup.ladder import end_of_day
from followup.models import DailyRun
from followup.queries.today import counts_by_plantel
from followup.states import DailyJob
from notices.actions import Draft, Recipient, queue_many
from school.access import ABILITIES, Ability
from school.models import Plantel
from school.queries.planteles import calendar_of, people_of


@transaction.atomic
def mail_staff(plantel: Plantel, *, now: datetime) -> int:
    """Write M-21 to each person of the plantel who may review, once per plantel and local day.

    Returns how many mails: none on a day that does not count, none when nothing waits, none the second time.
    """
    today = now.astimezone(plantel.zone).date()
    _, is_first = DailyRun.objects.get_or_create(
        job=DailyJob.STAFF_MAIL, plantel=plantel, day=today, defaults={"created_at": now}
    )
    if not is_first or not calendar_of(plantel).is_working(today):
        return 0
    (counts,) = counts_by_plantel([plantel], now=now)
    context = {name: counts[name] for name in ("acuses", "late", "cases")}
    if not any(context.values()):
        return 0
    drafts = [
        Draft(
            key=f"staff-day:{plantel.pk}:{today.isoformat()}:{person.pk}",
            message="M-21",
            to=Recipient(person.email, person.name),
            plantel=plantel,
            about="",
            context=context,
            expires_at=end_of_day(now, plantel.zone),
        )
        for person in {one.user for one in people_of(plantel) if _reviews(one.role)}
    ]
    return queue_many(drafts, now=now)


def _reviews(role: str) -> bool:
    return Ability.REVIEW_ACUSE in ABILITIES[role]
