"""A student moves to another plantel: the stay closes here and opens there, and nothing of it is lost."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from notices.actions import Recipient, queue
from school.models import Plantel, User
from students import timeline
from students.actions.bajas import end_stays
from students.actions.clock import keep_deadline
from students.models import Declaration, Enrollment
from students.queries.roster_imports import ACTIVATION
from students.queries.sign_in import data_of, date_to_tell
from students.states import BajaKind, Event

KEPT = ("roster_email", "roster_phone", "semester", "declared_nss", "cycle", "student")


class MatriculaTaken(Exception):
    """Somebody else uses the matrícula, in any plantel."""

    sentence = "Otra persona ya usa esa matrícula. Escribir la que tendrá en el otro plantel"


@transaction.atomic
def transfer_student(
    enrollment: Enrollment,
    *,
    plantel: Plantel,
    group: str,
    matricula: str,
    on_date: date,
    by: User,
    now: datetime,
    note: str = "",
) -> Enrollment:
    """End the stay here and open another there, with the person's data and, where proven, the NSS.

    The clock there begins today: no deadline is due before anybody knew. Who has not confirmed an e-mail gets a code
    for the new stay (M-01); who has enters as ever. Raises TransitionNotAllowed, BajaDateRefused, MatriculaTaken,
    ValueError for the same plantel.
    """
    if plantel == enrollment.plantel:
        raise ValueError("a traslado leads to another plantel")
    (baja,) = end_stays(
        [enrollment.pk],
        kind=BajaKind.TRANSFER,
        on_date=on_date,
        by=by,
        now=now,
        note=note,
        data={"moved_to": str(plantel)},
    )
    old = baja.enrollment
    moved = _open(old, plantel, group=group, matricula=matricula, now=now)
    baja.moved_to = moved
    baja.save(update_fields=["moved_to"])
    _take_data_along(old, moved)
    keep_deadline(moved)
    timeline.record(moved, Event.TRANSFERRED, by=by, at=now, data={"came_from": str(old.plantel)})
    _invite(moved, now=now)
    return moved


def _open(
    old: Enrollment, plantel: Plantel, *, group: str, matricula: str, now: datetime
) -> Enrollment:
    today = now.astimezone(plantel.zone).date()
    moved = Enrollment(
        plantel=plantel,
        group=group,
        matricula=matricula,
        enrolled_on=max(today, old.enrolled_on),
        created_at=now,
        **{name: getattr(old, name) for name in KEPT},
    )
    try:
        with transaction.atomic():
            moved.save(force_insert=True)
    except IntegrityError:
        raise MatriculaTaken from None
    return moved


def _take_data_along(old: Enrollment, moved: Enrollment) -> None:
    """What the person said and declared is true in both planteles."""
    data = data_of(old)
    if data is not None:
        data.pk, data.enrollment = None, moved
        data.save(force_insert=True)
        moved.data = data
    Declaration.objects.bulk_create(
        Declaration(
            enrollment=moved, kind=one.kind, text=one.text, statement=one.statement, at=one.at
        )
        for one in old.declarations.select_related("text")
    )


def _invite(moved: Enrollment, *, now: datetime) -> None:
    """A code opens one stay alone, so who enters by code needs another."""
    data = data_of(moved)
    if data is not None and data.email_confirmed_at is not None:
        return
    due_on = date_to_tell(moved, now=now)
    queue(
        f"enrollment:{moved.pk}:moved",
        ACTIVATION,
        to=Recipient(moved.roster_email, moved.student.full_name),
        plantel=moved.plantel,
        about=f"enrollment:{moved.pk}",
        context={
            "enrollment": moved.pk,
            "first_name": moved.student.first_name,
            "due_on": due_on.isoformat() if due_on else "",
        },
        now=now,
    )
