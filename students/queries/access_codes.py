"""Reads about access codes: who still needs a slip."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from school.models import Plantel
from students.models import AccessCode, Enrollment
from students.queries.names import by_name
from students.states import CodeChannel, EnrollmentState

_BY_GROUP: tuple[str | Combinable, ...] = ("group", *by_name(), "pk")


@dataclass(frozen=True)
class GroupSlips:
    """How many of a group may get a slip, and how many of them have none yet."""

    group: str
    students: int
    without_slip: int


def slips_wanted(
    plantel: Plantel, groups: Iterable[str] | None, *, reprint: bool
) -> QuerySet[Enrollment]:
    """Return the stays that get a slip, by group and surname: e-mail not confirmed, none live.

    `reprint` also takes those who have a live one; `groups` None means all.
    """
    stays = (
        Enrollment.objects.filter(plantel=plantel, state=EnrollmentState.ACTIVE)
        .exclude(data__email_confirmed_at__isnull=False)
        .annotate(has_slip=Exists(_live_slips()))
        .order_by(*_BY_GROUP)
    )
    if groups is not None:
        stays = stays.filter(group__in=list(groups))
    return stays if reprint else stays.filter(has_slip=False)


def stays_of_slips(ids: Iterable[int]) -> QuerySet[Enrollment]:
    """Return these stays in the order in which their slips are printed: by group and surname."""
    stays = Enrollment.objects.filter(pk__in=ids).select_related("student", "plantel")
    return stays.order_by(*_BY_GROUP)


def _live_slips() -> QuerySet[AccessCode]:
    return AccessCode.objects.filter(
        enrollment=OuterRef("pk"), channel=CodeChannel.SLIP, voided_at__isnull=True
    )


def groups_to_print(plantel: Plantel) -> list[GroupSlips]:
    """Return the plantel's groups with their slips, in one query."""
    rows = (
        slips_wanted(plantel, None, reprint=True)
        .order_by()
        .values("group")
        .annotate(students=Count("pk"), without_slip=Count("pk", filter=Q(has_slip=False)))
        .order_by("group")
    )
    return [GroupSlips(row["group"], row["students"], row["without_slip"]) for row in rows]


def wants_mail_code(enrollment: Enrollment) -> bool:
    """Tell whether a mailed code may open the account: no address confirmed yet, not closed."""
    return (
        Enrollment.objects.filter(pk=enrollment.pk, student__user__is_active=True)
        .exclude(data__email_confirmed_at__isnull=False)
        .exists()
    )
