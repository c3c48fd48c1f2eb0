"""E-18: a student asks for the own data as a PDF."""

from datetime import datetime

from django.db import transaction

from papers.actions import queue_print_job
from papers.models import PrintJob
from papers.states import PaperKind
from students.models import Enrollment


@transaction.atomic
def order_copy(enrollment: Enrollment, *, now: datetime) -> PrintJob:
    """Put the PDF in line for the worker; who already waits for one waits for that."""
    return queue_print_job(
        enrollment.plantel,
        PaperKind.MY_DATA,
        title="Mis datos",
        parameters={"enrollment": enrollment.pk},
        sheets=1,
        by=enrollment.student.user,
        now=now,
    )
