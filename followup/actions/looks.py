"""Looks at what is not shown to everybody: each one is written down with the read."""

from datetime import datetime

from django.db import transaction

from school.models import User
from students.actions.looks import record_look
from students.models import Enrollment
from students.states import Look


@transaction.atomic
def see_full_nss(enrollment: Enrollment, *, by: User, now: datetime, reason: str = "") -> str:
    """Return the whole NSS and write down who saw it. Raises LookupError when there is none."""
    nss = enrollment.student.nss
    if not nss:
        raise LookupError("the student has no proven NSS")
    record_look(enrollment, Look.FULL_NSS, by=by, now=now, reason=reason)
    return nss


@transaction.atomic
def open_student_file(enrollment: Enrollment, *, by: User, now: datetime, reason: str) -> None:
    """Write down why somebody of the subsystem opens a student's file.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a file outside one's plantel is opened for a reason")
    record_look(enrollment, Look.STUDENT_FILE, by=by, now=now, reason=reason.strip())


@transaction.atomic
def find_by_nss(enrollment: Enrollment, *, by: User, now: datetime) -> None:
    """Write down that somebody searched for a whole NSS and learnt whose it is."""
    record_look(enrollment, Look.NSS_SEARCH, by=by, now=now)
