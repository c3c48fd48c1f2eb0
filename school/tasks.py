"""Sweeps over what the school app keeps for a while."""

from celery import shared_task
from django.utils import timezone

from school.actions.limits import forget_old_attempts
from school.actions.sessions import forget_ended_sessions


@shared_task
def forget_attempts() -> None:
    """Drop counters of attempts that are older than any limit."""
    forget_old_attempts(now=timezone.now())


@shared_task
def forget_sessions() -> None:
    """Drop the sessions whose time is over."""
    forget_ended_sessions(now=timezone.now())
