"""Reads of print jobs."""

from datetime import datetime

from django.db.models import Q, QuerySet

from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from school.access import Ability, planteles_with
from school.models import User


def jobs_due(kind: PaperKind, now: datetime) -> QuerySet[PrintJob]:
    """This will return the jobs of a kind that wait for a worker, or whose worker died."""
    return PrintJob.objects.filter(
        Q(state=PrintState.QUEUED) | Q(state=PrintState.PRINTING, lease_until__lte=now), kind=kind
    ).order_by("created_at")


def print_jobs_for(user: User) -> QuerySet[PrintJob]:
    """This will return the person's own jobs, newest first: sheets with codes are their owner's alone."""
    planteles = planteles_with(user, Ability.SEE_PRINT_JOBS)
    return PrintJob.objects.filter(created_by=user, plantel__in=planteles).select_related("plantel")


def expired_jobs(now: datetime) -> QuerySet[PrintJob]:
    """This will return the jobs whose PDF is still there after its hour."""
    return PrintJob.objects.filter(expires_at__lte=now).exclude(path="")
