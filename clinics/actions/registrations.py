"""The clinic step: opened by the plantel, answered by the student or at the window, undone when it was wrong."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clinics.actions.errors import DayHasPassed, NobodyToOpen, NotInsured, StepNotOpen
from clinics.actions.steps import (
    invitations,
    local_day,
    lock_stay,
    morning_after,
    morning_of,
    tell,
)
from clinics.models import UMF, UMFRegistration
from clinics.queries.insured import (
    current_check,
    insured_stays,
    is_insured,
    is_step_open,
    registration_of,
)
from clinics.queries.registrations import ClinicReport, report_of
from clinics.queries.still_due import LOOK, OPENED, REMIND_AFTER
from clinics.states import REGISTRATION_MOVES, RegistrationState, VigenciaResult
from common.bulk import Among
from common.transitions import check
from common.uploads import DOCUMENT
from notices.actions import cancel, queue_many
from nss.actions.steps import about
from school.models import User
from students import timeline
from students.actions.files import CheckedFile, checked_upload, keep_file
from students.actions.reminders import hold_stays
from students.models import Enrollment, TimelineEntry
from students.states import Event

LOOK_AFTER = timedelta(days=1)
"""From the registration to M-14."""


@transaction.atomic
def open_clinics(
    enrollments: Sequence[Enrollment], *, opens_on: date, by: User, now: datetime
) -> list[UMFRegistration]:
    """Open the step from that day on for each of these who is insured and does not have it; M-13.

    The mail leaves in the morning of that day, today after the undo window; a reminder follows five days later. The
    number of statements does not grow with the selection. Raises NobodyToOpen and DayHasPassed.
    """
    keys = [enrollment.pk for enrollment in enrollments]
    hold_stays(keys)
    stays = list(
        insured_stays()
        .filter(Among("pk", keys), umf_registration=None)
        .select_related("student", "plantel", "data")
        .order_by("pk")
    )
    if not stays:
        raise NobodyToOpen
    if any(opens_on < local_day(now, stay) for stay in stays):
        raise DayHasPassed
    opened = UMFRegistration.objects.bulk_create(
        [_row(stay, opens_on=opens_on, by=by, now=now) for stay in stays], batch_size=1_000
    )
    timeline.record_many(
        TimelineEntry(
            enrollment=one.enrollment,
            event=Event.CLINIC_OPENED,
            at=now,
            by=by,
            data={"opens_on": opens_on.isoformat()},
        )
        for one in opened
    )
    queue_many((draft for one in opened for draft in invitations(one, now=now)), now=now)
    return opened


def register_clinic(
    enrollment: Enrollment,
    report: ClinicReport,
    *,
    carnet: UploadedFile | None = None,
    by: User,
    now: datetime,
) -> UMFRegistration:
    """Keep what the student reads on the carnet, with its picture if there is one, and ask for the vigencia.

    The same answer twice is one; a picture that was missing is kept with the second. Raises UploadRefused,
    NotInsured, StepNotOpen while the plantel has not opened the step, TransitionNotAllowed for another answer to what
    was answered.
    """
    _check_open(enrollment, now=now)
    return _with_carnet(enrollment, report, carnet, needs_open=True, by=by, now=now)


def register_clinic_for_student(
    enrollment: Enrollment,
    report: ClinicReport,
    *,
    carnet: UploadedFile | None = None,
    by: User,
    now: datetime,
) -> UMFRegistration:
    """Do the same at the window, where the step need not have been opened before."""
    return _with_carnet(enrollment, report, carnet, needs_open=False, by=by, now=now)


@transaction.atomic
def undo_registration(registration: UMFRegistration, *, by: User, now: datetime) -> UMFRegistration:
    """Take a wrong clinic back: the student is asked again, for the clinic alone if the vigencia is said.

    The plantel asks on the day of the step, the student corrects at once. Raises NotInsured, TransitionNotAllowed.
    """
    stay = lock_stay(registration.enrollment)
    if not is_insured(stay):
        raise NotInsured
    locked = UMFRegistration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    check(REGISTRATION_MOVES, locked.state, RegistrationState.INVITED)
    data = {"umf": locked.umf.number if locked.umf else None}
    locked.state = RegistrationState.INVITED
    locked.umf = locked.carnet = locked.registered_at = locked.registered_by = None
    locked.turno = locked.consultorio = ""
    if by.pk == stay.student.user_id:
        locked.opens_on = min(locked.opens_on, local_day(now, stay))
    locked.save(update_fields=[*_ANSWER, "opens_on"])
    timeline.record(stay, Event.CLINIC_UNDONE, by=by, at=now, data=data)
    cancel(about(stay), messages=[LOOK])
    tell(
        f"clinic:{locked.pk}:remind:{now.isoformat()}",
        OPENED,
        stay,
        now=now,
        not_before=max(
            morning_after(now, stay, after=REMIND_AFTER), morning_of(locked.opens_on, stay)
        ),
    )
    return locked


_ANSWER = ["state", "umf", "turno", "consultorio", "carnet", "registered_at", "registered_by"]


def _row(stay: Enrollment, *, opens_on: date, by: User, now: datetime) -> UMFRegistration:
    return UMFRegistration(
        enrollment=stay, plantel=stay.plantel, opens_on=opens_on, opened_at=now, opened_by=by
    )


def _check_open(enrollment: Enrollment, *, now: datetime) -> None:
    """Asked before the picture is looked at, and again under the lock: the plantel may withdraw the step meanwhile."""
    if not is_step_open(registration_of(enrollment), today=local_day(now, enrollment)):
        raise StepNotOpen


def _with_carnet(
    enrollment: Enrollment,
    report: ClinicReport,
    carnet: UploadedFile | None,
    *,
    needs_open: bool,
    by: User,
    now: datetime,
) -> UMFRegistration:
    """The picture is checked before the transaction, which holds no lock meanwhile."""
    if carnet is None:
        return _register(enrollment, report, None, needs_open=needs_open, by=by, now=now)
    with checked_upload(carnet, DOCUMENT, enrollment=enrollment) as file:
        return _register(enrollment, report, file, needs_open=needs_open, by=by, now=now)


@transaction.atomic
def _register(
    enrollment: Enrollment,
    report: ClinicReport,
    file: CheckedFile | None,
    *,
    needs_open: bool,
    by: User,
    now: datetime,
) -> UMFRegistration:
    stay = lock_stay(enrollment)
    if needs_open:
        _check_open(stay, now=now)
    if not is_insured(stay):
        raise NotInsured
    registration, _ = UMFRegistration.objects.select_for_update(of=("self",)).get_or_create(
        enrollment=stay,
        defaults={
            "plantel": stay.plantel,
            "opens_on": local_day(now, stay),
            "opened_at": now,
            "opened_by": by,
        },
    )
    if report_of(registration) != report:
        check(REGISTRATION_MOVES, registration.state, RegistrationState.REGISTERED)
        _answer(registration, stay, report, by=by, now=now)
    if file is not None and registration.carnet_id is None:
        registration.carnet = keep_file(file, enrollment=stay, plantel=stay.plantel, by=by, now=now)
        registration.save(update_fields=["carnet"])
    return registration


def _answer(
    registration: UMFRegistration,
    stay: Enrollment,
    report: ClinicReport,
    *,
    by: User,
    now: datetime,
) -> None:
    umfs = UMF.objects.select_for_update(of=("self",))  # so that nobody takes it away meanwhile
    registration.umf, _ = umfs.get_or_create(plantel=stay.plantel, number=report.number)
    registration.turno, registration.consultorio = report.turno, report.consultorio
    registration.state = RegistrationState.REGISTERED
    registration.registered_at, registration.registered_by = now, by
    registration.save(update_fields=_ANSWER)
    timeline.record(stay, Event.CLINIC_REGISTERED, by=by, at=now, data={"umf": report.number})
    cancel(about(stay), messages=[OPENED])
    said = current_check(stay)
    if said is None or said.result == VigenciaResult.NOT_CONSULTED:
        _ask_vigencia(registration, stay, now=now)


def _ask_vigencia(registration: UMFRegistration, stay: Enrollment, *, now: datetime) -> None:
    """M-14, in the morning after: IMSS shows a registration the next day."""
    tell(
        f"clinic:{registration.pk}:vigencia:{now.isoformat()}",
        LOOK,
        stay,
        now=now,
        not_before=morning_after(now, stay, after=LOOK_AFTER),
    )
