"""The tick that reminds."""

from celery import shared_task
from django.utils import timezone

from followup.actions.reminders import remind_students
from followup.actions.staff_mail import is_staff_mail_due, mail_staff
from followup.queries.reminders import planteles_to_sweep


@shared_task
def remind() -> int:
    """This will tell students and staff what is due until now and return how many mails were queued.

    A tick that finds nothing costs one query.
    """
    now = timezone.now()
    planteles = list(planteles_to_sweep(now))
    queued = sum(
        mail_staff(plantel, now=now)
        for plantel in planteles
        if is_staff_mail_due(plantel, told_on=plantel.staff_told_on, now=now)
    )
    if any(plantel.has_looks_due for plantel in planteles):
        queued += remind_students(now=now).queued
    return queued
