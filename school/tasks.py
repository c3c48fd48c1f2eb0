"""Sweeps over what the school app keeps for a while."""

from celery import shared_task
from django.utils import timezone

from school.actions.limits import forget_old_attempts


@shared_task
def forget_attempts() -> None:
    """This will drop counters of attempts that are older than any limit."""
    forget_old_attempts(now=timezone.now())
