"""Reads about planteles, their people, cycles and calendars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from common.prepared import Given, Prepared
from school.calendar import Calendar, SkippedDay
from school.models import Membership, NonWorkingDay, Plantel, SchoolCycle
from school.states import Role

_RESPONSABLE = Prepared(
    lambda: (
        Membership.objects.filter(
            plantel=Given("plantel"),
            role=Role.RESPONSABLE,
            is_substitute=False,
            user__is_active=True,
        )
        .order_by("pk")
        .values_list("user__name", flat=True)[:1]
    )
)
_OWN_DAYS = Prepared(
    lambda: NonWorkingDay.objects.filter(plantel=Given("plantel")).values_list("date", "reason")
)


@dataclass(frozen=True)
class Contact:
    """Whom a student of the plantel asks: shown at the foot of every page."""

    name: str
    room: str
    hours: str
    email: str
    whatsapp: str


def contact_of(plantel: Plantel) -> Contact:
    """Return the responsable and where to find that person; the name is empty when there is none."""
    return Contact(
        name=_RESPONSABLE.first(plantel=plantel.pk) or "",
        room=plantel.room,
        hours=plantel.hours,
        email=plantel.email,
        whatsapp=plantel.whatsapp,
    )


def cycle_on(today: date) -> SchoolCycle | None:
    """Return the ciclo of that day, or else the one that starts next, or else the last one."""
    cycles = SchoolCycle.objects.order_by("starts_on")
    return (
        cycles.filter(starts_on__lte=today, ends_on__gte=today).last()
        or cycles.filter(starts_on__gt=today).first()
        or cycles.last()
    )


def calendar_of(plantel: Plantel) -> Calendar:
    """Return the working days of the plantel: national holidays with the plantel's own days on top."""
    return Calendar(dict(_OWN_DAYS.rows(plantel=plantel.pk)))


def own_days(planteles: Iterable[int]) -> dict[int, dict[date, str]]:
    """Return the own days of planteles, given by id, of each in their order: one query."""
    own: dict[int, dict[date, str]] = {plantel: {} for plantel in planteles}
    rows = NonWorkingDay.objects.filter(plantel__in=list(own)).order_by("date")
    for plantel, day, reason in rows.values_list("plantel", "date", "reason"):
        own[plantel][day] = reason
    return own


def calendars_of(planteles: Iterable[Plantel]) -> dict[int, Calendar]:
    """Return `calendar_of` each plantel by its id, all of them in one query."""
    days = own_days(plantel.pk for plantel in planteles)
    return {plantel: Calendar(own) for plantel, own in days.items()}


def days_off(plantel: Plantel, *, since: date, until: date) -> list[SkippedDay]:
    """List the plantel's days off that are no mere weekend, with the reason of each."""
    days = calendar_of(plantel).skipped_days(since - timedelta(days=1), until)
    return [day for day in days if not day.is_weekend]


def with_health(planteles: QuerySet[Plantel]) -> QuerySet[Plantel]:
    """Add to planteles whether somebody is responsable there, `has_responsable`."""
    responsables = Membership.objects.filter(
        plantel=OuterRef("pk"),
        role=Role.RESPONSABLE,
        is_substitute=False,
        user__is_active=True,
    )
    return planteles.annotate(has_responsable=Exists(responsables))


def people_of(plantel: Plantel) -> QuerySet[Membership]:
    """Return who works in the plantel, responsables first."""
    return (
        Membership.objects.filter(plantel=plantel, user__is_active=True)
        .select_related("user")
        .order_by("is_substitute", "role", "user__name")
    )
