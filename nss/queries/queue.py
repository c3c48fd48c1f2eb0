"""The review queue of Control Escolar: what waits, in which order, in which of its three parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf

from nss.extraction.compare import Match
from nss.models import Acuse, Reading
from nss.states import AcuseState
from school.access import Ability, planteles_with
from school.models import User
from students.models import Student

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

CLAIM = timedelta(minutes=2)
"""How long a look keeps the queue from offering the acuse to a second reviewer."""


class Part(TextChoices):
    """The three parts of the queue: what needs one key, what needs eyes, what needs reading."""

    MATCH = "coincide", "Coincide todo"
    DIFFERS = "diferencia", "Revisar diferencia"
    UNREAD = "sin-leer", "No se leyó"


class Queued(TypedDict):
    """What `review_queue` adds to an acuse."""

    part: str


if TYPE_CHECKING:
    QueuedAcuse = WithAnnotations[Acuse, Queued]


@dataclass(frozen=True)
class QueueFilter:
    """Which part of the queue a reviewer works on; empty means all of it."""

    part: str = ""
    plantel: str = ""
    group: str = ""


def reviewable(
    user: User | AnonymousUser, ability: Ability = Ability.REVIEW_ACUSE
) -> QuerySet[Acuse]:
    """This will return the acuses, sent or decided, of the planteles in which the person has the ability."""
    return (
        Acuse.objects.filter(request__enrollment__plantel__in=planteles_with(user, ability))
        .exclude(state=AcuseState.DRAFT)
        .select_related(
            "file",
            "reviewed_by",
            "seen_by",
            "request__enrollment__student",
            "request__enrollment__plantel",
            "request__enrollment__cycle",
        )
    )


def review_queue(
    user: User | AnonymousUser, wanted: QueueFilter | None = None
) -> "QuerySet[QueuedAcuse]":
    """This will return what the person may review now: the earliest promised date first, then the oldest."""
    wanted = wanted or QueueFilter()
    queue = _with_part(reviewable(user).filter(state=AcuseState.RECEIVED))
    if wanted.plantel:
        queue = queue.filter(request__enrollment__plantel__clave=wanted.plantel)
    if wanted.group:
        queue = queue.filter(request__enrollment__group=wanted.group)
    if wanted.part:
        queue = queue.filter(part=wanted.part)
    return queue.order_by(F("review_due_on").asc(nulls_last=True), "sent_at", "pk")


def not_looked_at(
    queue: "QuerySet[QueuedAcuse]", user: User, *, now: datetime
) -> "QuerySet[QueuedAcuse]":
    """This will leave out what somebody else has on the screen."""
    return queue.filter(Q(seen_by=None) | Q(seen_by=user) | Q(seen_at__lt=now - CLAIM))


def count_parts(queue: "QuerySet[QueuedAcuse]") -> dict[str, int]:
    """This will count the queue by part, parts of which nothing waits included."""
    counted = queue.order_by().values_list("part").annotate(Count("pk"))
    return {part.value: 0 for part in Part} | dict(counted)


def look_of_another(acuse: Acuse, user: User, *, now: datetime) -> User | None:
    """This will return who else has the acuse on the screen, if anybody."""
    if acuse.seen_by is None or acuse.seen_by == user or acuse.seen_at is None:
        return None
    return acuse.seen_by if acuse.seen_at >= now - CLAIM else None


@dataclass(frozen=True)
class ReviewRun:
    """What one person reviewed since a moment."""

    reviewed: int
    returned: int


def review_run(user: User, *, since: datetime) -> ReviewRun:
    """This will count the person's decisions that still stand."""
    decided = Acuse.objects.filter(reviewed_by=user, reviewed_at__gte=since)
    counted = decided.aggregate(
        reviewed=Count("pk"), returned=Count("pk", filter=Q(state=AcuseState.RETURNED))
    )
    return ReviewRun(counted["reviewed"], counted["returned"])


def _with_part(queue: QuerySet[Acuse]) -> "QuerySet[QueuedAcuse]":
    """The part as nss.queries.comparison.compare decides it, in SQL for the whole queue."""
    last = Reading.objects.filter(acuse=OuterRef("pk")).order_by("-created_at", "-pk")
    holders = Student.objects.filter(nss=OuterRef("read_nss")).exclude(
        pk=OuterRef("request__enrollment__student")
    )
    matches = Q(
        Q(known_nss__isnull=True) | Q(known_nss=F("read_nss")),
        ~Exists(holders),
        curp_match__in=[Match.EXACT, Match.FOLDED],
        names_match__in=[Match.EXACT, Match.UNKNOWN],
    )
    return queue.annotate(
        read_nss=_last(last, "fields__nss__value"),
        curp_match=_last(last, "checks__compared__curp__match"),
        names_match=_last(last, "checks__compared__names__match"),
        known_nss=Coalesce("nss", "typed_nss", "request__enrollment__student__nss"),
    ).annotate(
        part=Case(
            When(read_nss__isnull=True, then=Value(Part.UNREAD)),
            When(matches, then=Value(Part.MATCH)),
            default=Value(Part.DIFFERS),
            output_field=CharField(),
        )
    )


def _last(readings: QuerySet[Reading], path: str) -> NullIf:
    # SQLite gives a null inside JSON as the text «null».
    found = Subquery(readings.values(found=KT(path))[:1], output_field=CharField())
    return NullIf(found, Value("null"))
