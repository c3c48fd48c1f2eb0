"""The ticks that remind, and that draw papers: a student's copy and summary, and the papers of groups."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from followup.actions.climbing import escalate_cases
from followup.actions.heartbeat import note_heartbeat
from followup.actions.reminders import remind_students
from followup.actions.staff_mail import mail_staff
from followup.actions.summary import settle_summary
from followup.queries.escalations import planteles_to_climb
from followup.queries.mornings import is_morning_due
from followup.queries.reminders import planteles_to_sweep
from followup.render.citatorios import draw_citatorios
from followup.render.group_lists import draw_group_lists
from followup.render.guide import draw_guide
from followup.render.my_data import draw_copy
from followup.render.oficio import draw_oficios
from followup.render.samples import draw_format
from followup.render.summary import draw_summary
from followup.states import WorkQueue
from papers.actions import draw_due_job
from papers.models import PrintJob
from papers.states import PaperKind
from students.actions.lots import print_lots
from students.models import Enrollment

GAVE_UP = "No pudimos preparar tu PDF. Pídelo otra vez, o descarga el archivo de datos"
NO_SUMMARY = "No pudimos preparar tu resumen. Pídelo otra vez"
NOT_PRINTED = "No se pudo imprimir después de varios intentos. Pedirla otra vez"


@shared_task
def beat_heart(queue: str) -> None:
    """Say that the queue's worker is alive; a tick costs one query."""
    note_heartbeat(WorkQueue(queue), now=timezone.now())


@shared_task
def remind() -> int:
    """Tell students and staff what is due until now and return how many mails were queued.

    A tick that finds nothing costs one query.
    """
    now = timezone.now()
    planteles = list(planteles_to_sweep())
    queued = sum(
        mail_staff(plantel, now=now)
        for plantel in planteles
        if is_morning_due(plantel, ran_on=plantel.staff_told_on, now=now)
    )
    if any(plantel.next_look_at and plantel.next_look_at <= now for plantel in planteles):
        queued += remind_students(now=now).queued
    return queued


@shared_task
def escalate() -> int:
    """Tell of the cases that nobody moves, each step once; returns how many mails were queued.

    A tick that finds nothing costs one query.
    """
    now = timezone.now()
    due = [one for one in planteles_to_climb() if is_morning_due(one, ran_on=one.ran_on, now=now)]
    return escalate_cases(due, now=now) if due else 0


@shared_task
def print_copies() -> bool:
    """Draw the copy of the data of whoever waits longest; returns whether there was one."""
    return draw_due_job(PaperKind.MY_DATA, _copy, gave_up=GAVE_UP, now=timezone.now())


def _copy(job: PrintJob) -> bytes:
    known = Enrollment.objects.select_related("student", "plantel", "cycle", "data")
    return draw_copy(known.get(pk=job.parameters["enrollment"]), now=timezone.now())


@shared_task
def print_summaries() -> bool:
    """Draw the summary of whoever waits longest; returns whether there was one."""
    return draw_due_job(PaperKind.SUMMARY, _summary, gave_up=NO_SUMMARY, now=timezone.now())


def _summary(job: PrintJob) -> bytes:
    return draw_summary(job, *settle_summary(job, now=timezone.now()))


@shared_task
def print_samples() -> bool:
    """Draw the sample of a format for whoever waits longest; returns whether there was one."""
    now = timezone.now()
    draw = partial(draw_format, now=now)
    return draw_due_job(PaperKind.SAMPLE, draw, gave_up=NOT_PRINTED, now=now)


@shared_task
def print_guides() -> bool:
    """Draw the guide for whoever waits longest; returns whether there was one."""
    return draw_due_job(PaperKind.GUIDE, draw_guide, gave_up=NOT_PRINTED, now=timezone.now())


@shared_task
def print_citatorios() -> int:
    """Draw the parts of citatorios that wait longest; returns how many."""
    return print_lots(PaperKind.CITATORIO, draw_citatorios, clock=timezone.now)


@shared_task
def print_group_lists() -> int:
    """Draw the parts of group lists that wait longest; returns how many."""
    return print_lots(PaperKind.GROUP_LIST, draw_group_lists, clock=timezone.now)


@shared_task
def print_oficios() -> int:
    """Draw the letters to the Subdelegación that wait longest, each in three parts; returns how many."""
    return print_lots(PaperKind.OFICIO, draw_oficios, clock=timezone.now)
