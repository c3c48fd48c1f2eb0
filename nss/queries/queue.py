"""The review queue of Control Escolar: what waits, in which order, in which of its three parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
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

from common.bulk import Among
from common.prepared import Given, Prepared
from nss.extraction.compare import Match
from nss.models import Acuse, Reading
from nss.states import AcuseState
from school.access import Ability, plantel_list, planteles_with
from school.models import User
from students.models import Student
from students.states import EnrollmentState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

CLAIM = timedelta(minutes=2)
"""How long a look keeps the queue from offering the acuse to a second reviewer."""


WAITING = {
    "state": AcuseState.RECEIVED,
    "request__enrollment__state": EnrollmentState.ACTIVE,
}
"""What an acuse to review is: who left or renounced meanwhile waits for nobody, and again once that is undone."""


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

    @property
    def narrowed(self) -> dict[str, str]:
        """What besides the part is asked for."""
        return {name: value for name in _WHERE if (value := getattr(self, name))}


def reviewable(
    user: User | AnonymousUser, ability: Ability = Ability.REVIEW_ACUSE
) -> QuerySet[Acuse]:
    """Return the acuses, sent or decided, of the planteles in which the person has the ability."""
    return _sent(Q(plantel__in=planteles_with(user, ability)))


def reviewable_acuse(
    user: User | AnonymousUser, public_id: str, ability: Ability = Ability.REVIEW_ACUSE
) -> Acuse | None:
    """Return one of `reviewable`; None when there is none with that id."""
    planteles = [one.pk for one in plantel_list(user, ability)]
    return _NAMED.first(planteles=planteles, public_id=public_id)


def review_queue(
    user: User | AnonymousUser, wanted: QueueFilter | None = None
) -> "QuerySet[QueuedAcuse]":
    """Return what the person may review now: the earliest promised date first, then the oldest."""
    wanted = wanted or QueueFilter()
    queue = _with_part(reviewable(user).filter(**WAITING))
    queue = queue.filter(**{_WHERE[name]: value for name, value in wanted.narrowed.items()})
    if wanted.part:
        queue = queue.filter(part=wanted.part)
    return queue.order_by(F("review_due_on").asc(nulls_last=True), "sent_at", "pk")


def not_looked_at(
    queue: "QuerySet[QueuedAcuse]", user: User, *, now: datetime
) -> "QuerySet[QueuedAcuse]":
    """Leave out what somebody else has on the screen."""
    return queue.filter(Q(seen_by=None) | Q(seen_by=user) | Q(seen_at__lt=now - CLAIM))


def count_parts(user: User | AnonymousUser, wanted: QueueFilter) -> dict[str, int]:
    """Count the queue by part, whichever is wanted; parts of which nothing waits included."""
    counting = _counting(*wanted.narrowed)
    planteles = [one.pk for one in plantel_list(user, Ability.REVIEW_ACUSE)]
    counted = dict(counting.rows(planteles=planteles, **wanted.narrowed))
    return {part.value: counted.get(part.value, 0) for part in Part}


def look_of_another(acuse: Acuse, user: User, *, now: datetime) -> User | None:
    """Return who else has the acuse on the screen, if anybody."""
    if acuse.seen_by is None or acuse.seen_by == user or acuse.seen_at is None:
        return None
    return acuse.seen_by if acuse.seen_at >= now - CLAIM else None


@dataclass(frozen=True)
class ReviewRun:
    """What one person reviewed since a moment."""

    reviewed: int
    returned: int


def review_run(user: User, *, since: datetime) -> ReviewRun:
    """Count the person's decisions that still stand."""
    counted = dict(_DECIDED.rows(user=user.pk, since=since))
    return ReviewRun(sum(counted.values()), counted.get(AcuseState.RETURNED, 0))


def _sent(where: Q | Among) -> QuerySet[Acuse]:
    return (
        Acuse.objects.filter(where)
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


_IN_PLANTELES = Among("plantel", Given("planteles"))
_WHERE = {"plantel": "plantel__clave", "group": "request__enrollment__group"}
_NAMED = Prepared(lambda: _sent(_IN_PLANTELES).filter(public_id=Given("public_id")))
_DECIDED = Prepared(
    lambda: (
        Acuse.objects.filter(
            reviewed_by=Given("user"), reviewed_at__gte=Given("since", DateTimeField())
        )
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
)


@cache
def _counting(*narrowed: str) -> Prepared[tuple[str, int]]:
    """The count of the queue by part, narrowed by these fields of a QueueFilter."""
    where = {_WHERE[name]: Given(name) for name in narrowed}
    waiting = Acuse.objects.filter(_IN_PLANTELES, **WAITING, **where)
    return Prepared(
        lambda: _with_part(waiting).order_by().values_list("part").annotate(Count("pk"))
    )
