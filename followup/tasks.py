"""The tick that reminds."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from followup.actions.reminders import remind_plantel
from followup.actions.staff_mail import is_staff_mail_due, mail_staff
from followup.queries.reminders import planteles_to_sweep

SECONDS = 40


@shared_task
def remind() -> int:
    """This will tell students and staff what is due until now and return how many mails were queued.

    A tick that finds nothing costs one query. What does not fit into a tick waits for the next one.
    """
    now, stop_at, queued = timezone.now(), monotonic() + SECONDS, 0
    for plantel in planteles_to_sweep(now):
        if monotonic() >= stop_at:
            break
        if is_staff_mail_due(plantel, told_on=plantel.staff_told_on, now=now):
            queued += mail_staff(plantel, now=now)
        if plantel.has_stays_due:
            queued += remind_plantel(plantel, now=now).queued
    return queued
