"""C-11: which groups there are to print for, and who stands on their sheets."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count

from followup.queries.overdue import OverdueFilter, overdue_stays
from papers.models import Paper
from renuncias.models import Renuncia
from renuncias.queries.lists import may_get_one
from renuncias.queries.renuncias import unsigned
from school.models import Plantel
from students.models import Enrollment
from students.queries.enrollments import needing_affiliation
from students.queries.names import by_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from followup.queries.reach import ReachableStay

LINES = 24
"""Students on one sheet of a group's list: so many fit, however long their names are."""


@dataclass(frozen=True)
class GroupSheets:
    """How many sheets a group takes: one a student of a citatorio, one for 24 students of a list.

    `to_issue` are the sheets that are not there yet and may be issued with the order.
    """

    group: str
    students: int
    sheets: int
    to_issue: int = 0


def groups_to_list(plantel: Plantel) -> list[GroupSheets]:
    """Return the plantel's groups with the sheets of their lists."""
    rows = needing_affiliation().filter(plantel=plantel).order_by().values_list("group")
    counts = rows.annotate(students=Count("pk")).order_by("group")
    return [GroupSheets(group, count, -(-count // LINES)) for group, count in counts]


def lists_of(plantel: Plantel, groups: Collection[str]) -> list[tuple[str, int]]:
    """Return group and start of each sheet of the groups' lists."""
    return [
        (one.group, start)
        for one in groups_to_list(plantel)
        if one.group in groups
        for start in range(0, one.students, LINES)
    ]


def groups_to_sign(plantel: Plantel) -> list[GroupSheets]:
    """Return the groups with renuncias that wait for signatures or may be issued, and how many they are."""
    issued = renuncias_to_sign(plantel).order_by().values_list("enrollment__group")
    missing = stays_to_issue(plantel).select_related(None).order_by().values_list("group")
    to_sign, to_issue = (dict(rows.annotate(Count("pk"))) for rows in (issued, missing))
    return [
        GroupSheets(group, to_sign.get(group, 0), to_sign.get(group, 0), to_issue.get(group, 0))
        for group in sorted(to_sign.keys() | to_issue.keys())
    ]


def renuncias_to_sign(plantel: Plantel) -> "QuerySet[Renuncia]":
    """Return the plantel's renuncias that wait for a signature."""
    return unsigned(Renuncia.objects.filter(plantel=plantel))


def stays_to_issue(plantel: Plantel) -> "QuerySet[Enrollment]":
    """Return who said to have another cover and has no renuncia open: who may be issued one by group."""
    return may_get_one(plantel, with_other_cover=True)


def groups_to_summon(plantel: Plantel, *, now: datetime) -> list[GroupSheets]:
    """Return the groups with students whom only paper reaches, and how many they are."""
    rows = stays_to_summon(plantel, None, now=now).select_related(None).order_by()
    counts = rows.values_list("group").annotate(Count("pk")).order_by("group")
    return [GroupSheets(group, count, count) for group, count in counts]


def stays_to_summon(
    plantel: Plantel, groups: Collection[str] | None, *, now: datetime
) -> "QuerySet[ReachableStay]":
    """Return the overdue whom neither mail nor WhatsApp reaches, by group and surname; None: all groups.

    They are the ones that C-07 counts for paper: who was told today already waits until tomorrow.
    """
    overdue = overdue_stays([plantel], OverdueFilter(channel="citatorio"), now=now)
    stays = overdue.filter(told_by=None)
    if groups is not None:
        stays = stays.filter(group__in=list(groups))
    return stays.order_by("group", *by_name(), "pk")


def members_of(plantel: Plantel, groups: Iterable[str]) -> dict[str, list[Enrollment]]:
    """Return who is in each of the groups, by surname."""
    members = defaultdict(list)
    stays = needing_affiliation().filter(plantel=plantel, group__in=list(groups))
    for stay in stays.select_related("student").order_by(*by_name(), "pk"):
        members[stay.group].append(stay)
    return members


def about_list(group: str, start: int) -> str:
    """Return how a paper names the sheet of a group that begins with its student number `start`."""
    return f"list:{start}:{group}"


def list_of(paper: Paper) -> tuple[str, int]:
    """Return group and start of what `about_list` named."""
    _, start, group = paper.about.split(":", 2)
    return group, int(start)
