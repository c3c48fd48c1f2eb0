"""The ticks that remind, and that draw the copy of one's data."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from common.leases import claim
from common.transitions import TransitionNotAllowed
from followup.actions.reminders import remind_students
from followup.actions.staff_mail import is_staff_mail_due, mail_staff
from followup.queries.reminders import planteles_to_sweep
from followup.render import draw_copy
from papers.actions import fail_printing, finish_printing, start_printing
from papers.models import PrintJob
from papers.queries import jobs_due
from papers.states import PaperKind
from students.models import Enrollment

LEASE = timedelta(seconds=90)  # longer than a task may run
MAX_ATTEMPTS = 3
GAVE_UP = "No pudimos preparar tu PDF. Pídelo otra vez, o descarga el archivo de datos"


@shared_task
def remind() -> int:
    """This will tell students and staff what is due until now and return how many mails were queued.

    A tick that finds nothing costs one query.
    """
    now = timezone.now()
    planteles = list(planteles_to_sweep())
    queued = sum(
        mail_staff(plantel, now=now)
        for plantel in planteles
        if is_staff_mail_due(plantel, told_on=plantel.staff_told_on, now=now)
    )
    if any(plantel.next_look_at and plantel.next_look_at <= now for plantel in planteles):
        queued += remind_students(now=now).queued
    return queued


@shared_task
def print_copies() -> int:
    """This will draw the copy of the data of whoever waits longest; returns how many were handled."""
    now = timezone.now()
    keys = claim(jobs_due(PaperKind.MY_DATA, now), now=now, lease=LEASE, limit=1)
    for pk in keys:
        print_copy(pk)
    return len(keys)


def print_copy(pk: int) -> None:
    """This will draw one copy; one that killed its worker three times is given up."""
    now = timezone.now()
    try:
        job = start_printing(PrintJob.objects.get(pk=pk))
        if job.attempts > MAX_ATTEMPTS:
            fail_printing(job, GAVE_UP)
            return
        known = Enrollment.objects.select_related("student", "plantel", "cycle", "data")
        stay = known.get(pk=job.parameters["enrollment"])
        finish_printing(job, draw_copy(stay, now=now), now=now)
    except TransitionNotAllowed:
        return  # somebody else was faster
