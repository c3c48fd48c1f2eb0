"""The clinic steps that are open, or have their day, and wait for the student: by day, and who was told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from clinics.models import UMFRegistration
from clinics.queries.insured import insured_stays
from clinics.queries.registrations import BY_SURNAME, Selection
from clinics.queries.still_due import MOVED, OPENED
from clinics.queries.told import last_told
from clinics.states import RegistrationState
from school.models import Plantel
from students.models import Enrollment


@dataclass(frozen=True)
class OpeningCount:
    """Of how many students the day changes, and how many of them read of it already."""

    total: int
    told: int


def stays_invited(chosen: Selection, opens_on: date) -> QuerySet[Enrollment]:
    """Return whose step opens, or opened, on that day and who has not registered, by group and surname."""
    stays = insured_stays().filter(
        plantel=chosen.plantel,
        umf_registration__state=RegistrationState.INVITED,
        umf_registration__opens_on=opens_on,
    )
    if chosen.group:
        stays = stays.filter(group=chosen.group)
    return stays.select_related("student", "plantel", "data").order_by(*BY_SURNAME)


def count_invited(chosen: Selection, opens_on: date) -> OpeningCount:
    """Count `stays_invited`: two queries."""
    stays = stays_invited(chosen, opens_on).order_by()
    steps = UMFRegistration.objects.filter(enrollment__in=stays.values("pk"))
    found = list(steps.order_by("pk"))
    return OpeningCount(len(found), len(who_was_told(found)))


def days_invited(plantel: Plantel) -> list[tuple[date, int]]:
    """Return the days of the steps that wait for students, the last first, with how many wait."""
    stays = insured_stays().filter(
        plantel=plantel, umf_registration__state=RegistrationState.INVITED
    )
    days = stays.order_by().values_list("umf_registration__opens_on").annotate(Count("pk"))
    return list(days.order_by("-umf_registration__opens_on"))


def groups_invited(plantel: Plantel) -> list[str]:
    """Return the groups of who has the step and has not registered."""
    stays = insured_stays().filter(
        plantel=plantel, umf_registration__state=RegistrationState.INVITED
    )
    groups = stays.exclude(group="").order_by("group").values_list("group", flat=True)
    return list(groups.distinct())


def who_was_told(registrations: Sequence[UMFRegistration]) -> set[int]:
    """Return those of these steps of which the student was written to since they were opened: one query."""
    told = last_told([one.enrollment_id for one in registrations], [OPENED, MOVED])
    return {
        one.pk
        for one in registrations
        if (last := told.get(one.enrollment_id)) is not None and last >= one.opened_at
    }
