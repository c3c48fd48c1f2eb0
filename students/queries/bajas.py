"""Reads of who left: how it is said, what may be taken back, who may leave together."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from common.dates import plain_date
from school.access import Ability, planteles_with
from school.models import Plantel, User
from students.models import Baja, Enrollment, StudentData, TimelineEntry
from students.queries.names import by_name
from students.states import OPEN_ENROLLMENT, BajaKind, Event

UNDO_FOR = timedelta(days=30)
"""How long a baja may be called a mistake; a baja temporal ends whenever the student comes back."""
_WORDS = {
    BajaKind.TEMPORARY: "Causaste baja temporal",
    BajaKind.DEFINITIVE: "Causaste baja definitiva",
    BajaKind.FINISHED: "Concluiste tu bachillerato",
    BajaKind.TRANSFER: "Te cambiaste a otro plantel",
}
_OF_ITSELF = (Event.TRANSFERRED, Event.CODE_ISSUED)
"""What stands in the history of a stay that a traslado opened before anybody does anything."""


@dataclass(frozen=True)
class LeaversFilter:
    """Who leaves together: of one plantel, a group or a semester, or both."""

    plantel: Plantel
    group: str = ""
    semester: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything was chosen: a whole plantel never leaves with one press."""
        return bool(self.group or self.semester)


def baja_words(baja: Baja) -> str:
    """Say to the student what happened: «Causaste baja temporal»."""
    return _WORDS[BajaKind(baja.kind)]


def baja_sentence(baja: Baja) -> str:
    """Say to the student what happened and when."""
    return f"{baja_words(baja)} el {plain_date(baja.on_date)}."


def holding_baja(enrollment: Enrollment) -> Baja | None:
    """Return the baja by which the stay is over; None for an open one, and where nobody knows it."""
    held = Baja.objects.filter(enrollment=enrollment, ended_at__isnull=True)
    return held.select_related("by", "moved_to__plantel").first()


def may_be_undone(baja: Baja, *, now: datetime) -> bool:
    """Tell whether it may still be called a mistake, or ends because the student is back."""
    return baja.kind == BajaKind.TEMPORARY or now - baja.at <= UNDO_FOR


def has_been_worked_on(moved: Enrollment) -> bool:
    """Tell whether anything happened in a stay since a traslado opened it.

    Data that are not confirmed yet leave no line in the history.
    """
    history = TimelineEntry.objects.filter(enrollment=moved).exclude(event__in=_OF_ITSELF)
    data = StudentData.objects.filter(enrollment=moved, updated_at__gt=moved.created_at)
    return history.exists() or data.exists()


def planteles_to_move_to(enrollment: Enrollment) -> QuerySet[Plantel]:
    """Return the planteles to which a traslado may lead."""
    return Plantel.objects.filter(is_active=True).exclude(pk=enrollment.plantel_id)


def bajas_for(user: User) -> QuerySet[Baja]:
    """Return the bajas that hold in the planteles in which the person registers them, newest first."""
    planteles = planteles_with(user, Ability.WITHDRAW_STUDENT)
    return (
        Baja.objects.filter(enrollment__plantel__in=planteles, ended_at__isnull=True)
        .select_related("enrollment__student", "enrollment__plantel", "moved_to__plantel", "by")
        .order_by("-at", "-pk")
    )


def together(found: QuerySet[Baja], at: datetime) -> QuerySet[Baja]:
    """Keep the bajas that were registered with one press, at that moment."""
    return found.filter(at=at)


def leavers(wanted: LeaversFilter) -> QuerySet[Enrollment]:
    """Return the open stays of a group or semester, by group and surname; nobody of a whole plantel."""
    if not wanted.is_narrow:
        return Enrollment.objects.none()
    chosen = {"group": wanted.group, "semester": wanted.semester}
    stays = Enrollment.objects.filter(
        plantel=wanted.plantel,
        state__in=OPEN_ENROLLMENT,
        **{name: value for name, value in chosen.items() if value},
    )
    return stays.select_related("student").order_by("group", *by_name(), "pk")


def digest_of(stays: Iterable[Enrollment]) -> str:
    """Tell these students from any others, in whatever order: only who was looked at leaves."""
    told = sorted(stay.public_id for stay in stays)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def open_groups(plantel: Plantel) -> list[str]:
    """Return the groups of the plantel in which somebody is enrolled."""
    return _distinct(plantel, "group")


def open_semesters(plantel: Plantel) -> list[str]:
    """Return the semesters of the plantel in which somebody is enrolled."""
    return _distinct(plantel, "semester")


def counts_by_group(stays: list[Enrollment]) -> list[tuple[str, int]]:
    """Count stays by group, in their order."""
    return sorted(Counter(stay.group for stay in stays).items())


def _distinct(plantel: Plantel, column: str) -> list[str]:
    stays = Enrollment.objects.filter(plantel=plantel, state__in=OPEN_ENROLLMENT)
    found = stays.exclude(**{column: ""}).order_by(column).values_list(column, flat=True)
    return list(found.distinct())
