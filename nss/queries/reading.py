"""What the reader must do now, and how well it does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from nss.extraction.result import ENGINE
from nss.models import Acuse, AcusePhoto, Reading
from nss.states import AcuseState, ReadingOutcome

WEEK, MONTH = timedelta(days=7), timedelta(days=28)
ENOUGH = 20
"""Fewer readings say nothing about a rate."""

DROP = 10
"""So many of a hundred fewer are no chance any more."""


def acuses_to_read() -> QuerySet[Acuse]:
    """Return the acuses, drafts too, without a reading of all photos by this version of the reader.

    The oldest come first.
    """
    unread = AcusePhoto.objects.filter(acuse=OuterRef("acuse"), number__gt=OuterRef("photos"))
    read = Reading.objects.filter(~Exists(unread), acuse=OuterRef("pk"), engine=ENGINE)
    waiting = Acuse.objects.filter(state__in=[AcuseState.DRAFT, AcuseState.RECEIVED])
    return waiting.filter(~Exists(read)).order_by("created_at", "pk")


@dataclass(frozen=True)
class Rate:
    """Of so many acuses that opened, so many were read."""

    read: int
    tried: int

    @property
    def percent(self) -> int:
        """How many of a hundred were read, 0 when none was tried."""
        return round(100 * self.read / self.tried) if self.tried else 0


@dataclass(frozen=True)
class Reader:
    """How well the machine reads: in the last seven days, and in the four weeks before them."""

    lately: Rate
    before: Rate

    @property
    def has_dropped(self) -> bool:
        """Whether it reads so much less than before that cameras or the layout of IMSS must have changed."""
        is_known = min(self.lately.tried, self.before.tried) >= ENOUGH
        return is_known and self.lately.percent <= self.before.percent - DROP


def how_it_reads(*, now: datetime) -> Reader:
    """Count what the machine read and what it could not: one query."""
    week, month = now - WEEK, now - WEEK - MONTH
    lately, before = Q(created_at__gte=week), Q(created_at__gte=month, created_at__lt=week)
    is_read = Q(outcome=ReadingOutcome.READ)
    counts = Reading.objects.filter(
        created_at__gte=month, outcome__in=[ReadingOutcome.READ, ReadingOutcome.UNREADABLE]
    ).aggregate(
        lately=Count("pk", filter=lately),
        lately_read=Count("pk", filter=lately & is_read),
        before=Count("pk", filter=before),
        before_read=Count("pk", filter=before & is_read),
    )
    return Reader(
        Rate(counts["lately_read"], counts["lately"]), Rate(counts["before_read"], counts["before"])
    )
