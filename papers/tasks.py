"""The sweep that deletes printed secrets."""

from celery import shared_task
from django.utils import timezone

from papers.actions import delete_expired_sheets


@shared_task
def delete_old_sheets() -> int:
    """Delete the PDFs whose hour is over and return how many."""
    return delete_expired_sheets(now=timezone.now())
