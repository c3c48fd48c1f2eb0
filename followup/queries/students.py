"""The students of the staff's lists: who is where, who is late, who never entered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from followup.queries.progress import progress
from followup.stages import ACUSE_ASKED
from followup.states import Stage
from school.models import Plantel
from students.models import Enrollment
from students.queries.names import by_name
from students.states import CLOSED_ENROLLMENT, EnrollmentState

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

LATE, NOT_ENTERED, NO_MAIL = "vencido", "sin-entrar", "sin-correo"

NO_ADDRESS = Q(roster_email="") & (Q(data__isnull=True) | Q(data__email=""))
"""Nobody gave an e-mail for this student: no notice can reach them."""

FILTERS = (
    ("", "Todos"),
    (LATE, "Plazo vencido, en cualquier paso"),
    (NOT_ENTERED, "Sin entrar aún"),
    (NO_MAIL, "Sin correo"),
    *Stage.choices,
)
"""What `?paso=` may say; anything else filters nothing."""

_CONDITIONS: dict[str, Callable[[], Q]] = {
    LATE: lambda: Q(is_overdue=True),
    NOT_ENTERED: lambda: Q(state=EnrollmentState.ACTIVE, first_signed_in_at__isnull=True),
    NO_MAIL: lambda: Q(state=EnrollmentState.ACTIVE) & NO_ADDRESS,
}


@dataclass(frozen=True)
class StudentFilter:
    """What a list is narrowed to; empty fields narrow nothing."""

    step: str = ""
    group: str = ""
    due_on: date | None = None


def stays_in(planteles: Iterable[Plantel], *, now: datetime) -> "QuerySet[StandingEnrollment]":
    """Return the stays of the planteles with where they stand."""
    scope = Enrollment.objects.filter(plantel__in=planteles)
    return progress(scope, now=now).select_related("student", "plantel")


def student_list(
    planteles: QuerySet[Plantel], wanted: StudentFilter, *, now: datetime
) -> "QuerySet[StandingEnrollment]":
    """Return the students of a list by plantel, group and surname; who left only when asked for."""
    stays = stays_in(planteles, now=now)
    if wanted.step != Stage.S_14:
        stays = stays.exclude(state__in=CLOSED_ENROLLMENT)
    if wanted.step in _CONDITIONS:
        stays = stays.filter(_CONDITIONS[wanted.step]())
    elif wanted.step:
        stays = stays.filter(stage=wanted.step)
    if wanted.group:
        stays = stays.filter(group=wanted.group)
    if wanted.due_on:
        stays = waiting_for_acuse(stays).filter(due_on=wanted.due_on)
    first = (F("due_on").asc(nulls_last=True),) if wanted.step == LATE else ()
    return stays.order_by(*first, "plantel__number", "group", *by_name(), "pk")


def waiting_for_acuse(
    stays: "QuerySet[StandingEnrollment]",
) -> "QuerySet[StandingEnrollment]":
    """Keep the stays whose deadline runs: the ball is the student's."""
    return stays.filter(stage__in=ACUSE_ASKED)


def groups_in(planteles: QuerySet[Plantel]) -> list[str]:
    """Return the groups of the open stays, for the filter."""
    groups = (
        Enrollment.objects.filter(plantel__in=planteles)
        .exclude(state__in=CLOSED_ENROLLMENT)
        .exclude(group="")
        .order_by("group")
        .values_list("group", flat=True)
        .distinct()
    )
    return list(groups)
