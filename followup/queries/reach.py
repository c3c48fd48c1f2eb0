"""How a student can be reached: by mail where the address takes it, by WhatsApp, on paper."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from followup.models import Reminder
from followup.queries.progress import Standing
from followup.queries.reminders import EMAIL, TOLD_STUDENT
from followup.queries.students import stays_in
from followup.states import ReminderChannel
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel
from students.models import Enrollment
from students.queries.names import by_name
from students.states import EnrollmentState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from followup.queries.progress import StandingEnrollment

_GAVE_BACK = Q(state=NoticeState.FAILED, bounced_at__isnull=False)


class Reachable(Standing):
    """What `reachable` adds to a stay.

    `email`, `phone` and `whatsapp` are empty without one; `bounced_at` is when the address gave a mail back and has
    taken none since, `bounce` what the relay said; `channel` is what reaches the student. `told_by` is the channel
    of today's one reminder, None when it is not used up.
    """

    email: str
    bounced_at: datetime | None
    bounce: str | None
    phone: str
    whatsapp: str
    channel: str
    told_by: str | None


if TYPE_CHECKING:
    ReachableStay = WithAnnotations[Enrollment, Reachable]


def bounced_stays(planteles: Iterable[Plantel], *, now: datetime) -> "QuerySet[ReachableStay]":
    """Return the active students whose present address gave its last mail back, the newest first.

    Who corrects the address is in it no more, nor who got a mail there since.
    """
    places = list(planteles)
    given_back = Notice.objects.filter(_GAVE_BACK, plantel__in=places).values("about")
    stays = stays_in(places, now=now).filter(state=EnrollmentState.ACTIVE)
    return (
        reachable(stays.alias(about=_about(F("pk"))).filter(about__in=given_back))
        .filter(bounced_at__isnull=False)
        .order_by("-bounced_at", "plantel__number", "group", *by_name(), "pk")
    )


def reachable(stays: "QuerySet[StandingEnrollment]") -> "QuerySet[ReachableStay]":
    """Add to stays how each student can be reached.

    Who gave a number in the data and did not agree to WhatsApp has none there; of who was never asked, the number
    of the enrolment counts. An address that gives mails back reaches nobody.
    """
    told_today = Reminder.objects.filter(
        TOLD_STUDENT, enrollment=OuterRef("pk"), day__gte=OuterRef("local_day")
    ).order_by("-day")
    bounces = _bounces()
    return (
        stays.annotate(
            email=EMAIL,
            phone=_given_or("data__phone", "roster_phone"),
            whatsapp=Case(
                When(data__phone__gt="", data__accepts_whatsapp=True, then=F("data__phone")),
                When(data__phone__gt="", then=Value("")),
                default=F("roster_phone"),
            ),
            told_by=Subquery(told_today.values("channel")[:1]),
        )
        .annotate(
            bounced_at=Subquery(bounces.values("bounced_at")[:1]),
            bounce=Subquery(bounces.values("error")[:1]),
        )
        .annotate(
            channel=Case(
                When(email__gt="", bounced_at=None, then=Value(ReminderChannel.MAIL)),
                When(whatsapp__gt="", then=Value(ReminderChannel.WHATSAPP)),
                default=Value(ReminderChannel.PAPER),
                output_field=CharField(),
            )
        )
    )


def _bounces() -> "QuerySet[Notice]":
    """The mails that a stay's address gave back and after which it took none, newest first."""
    taken_since = Notice.objects.filter(
        about=OuterRef("about"),
        to_email=OuterRef("to_email"),
        state=NoticeState.SENT,
        sent_at__gt=OuterRef("bounced_at"),
    )
    own = Notice.objects.filter(
        _GAVE_BACK, about=_about(OuterRef("pk")), to_email=OuterRef("email")
    )
    return own.exclude(Exists(taken_since)).order_by("-bounced_at")


def _given_or(given: str, roster: str) -> Case:
    """What the student gave, else what the roster brought."""
    return Case(When(**{f"{given}__gt": ""}, then=F(given)), default=F(roster))


def _about(pk: F | OuterRef) -> Concat:
    """How notices name a stay."""
    return Concat(Value("enrollment:"), Cast(pk, CharField()))
