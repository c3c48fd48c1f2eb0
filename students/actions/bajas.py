"""The end of a stay: by hand, for a whole group, by moving to another plantel; and taking it back."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from common.bulk import Among
from common.dates import weekday_date
from common.transitions import TransitionNotAllowed, check
from notices.actions import Draft, Recipient, cancel, queue_many, resume, set_aside
from papers.actions import revoke_papers
from school.models import User
from students import timeline
from students.actions.clock import pause_clocks, resume_clock
from students.actions.cover import ABOUT_THE_ACCOUNT
from students.actions.reminders import look_again
from students.actions.summaries import STAY_PAPERS
from students.models import Baja, Enrollment, TimelineEntry
from students.queries.bajas import UNDO_FOR, baja_words, has_been_worked_on
from students.queries.enrollments import about_stay
from students.queries.sign_in import mailbox_of
from students.states import (
    ENROLLMENT_MOVES,
    BajaKind,
    EnrollmentState,
    Event,
    PauseReason,
)

UNDO_WINDOW = timedelta(seconds=10)
TOLD = "M-19"
LEADS_TO = {
    BajaKind.TEMPORARY: EnrollmentState.WITHDRAWN,
    BajaKind.DEFINITIVE: EnrollmentState.WITHDRAWN,
    BajaKind.FINISHED: EnrollmentState.FINISHED,
    BajaKind.TRANSFER: EnrollmentState.WITHDRAWN,
}
_EVENTS = {BajaKind.FINISHED: Event.FINISHED, BajaKind.TRANSFER: Event.TRANSFERRED}


class BajaDateRefused(Exception):
    """The day of a baja lies before the enrolment or has not come."""

    def __init__(self, stay: Enrollment) -> None:
        self.sentence = (
            f"{stay.student.list_name} se inscribió el {stay.enrolled_on:%d/%m/%Y}: "
            "la fecha de la baja va de ese día a hoy"
        )
        super().__init__(self.sentence)


class EnrolledAgain(Exception):
    """The person or the matrícula has another open stay meanwhile."""

    sentence = "Ya tiene otra inscripción abierta, o alguien más usa su matrícula: no hay baja que deshacer"


class TooLateToReinstate(Exception):
    """Only a baja temporal ends whenever the student comes back."""

    sentence = (
        f"Pasaron más de {UNDO_FOR.days} días de esa baja y ya no se puede deshacer. "
        "Si regresó, inscribirlo otra vez con la lista del plantel"
    )


class WorkedOnThere(Exception):
    """The plantel to which the student moved has begun its work."""

    def __init__(self, stay: Enrollment) -> None:
        self.sentence = (
            f"En {stay.plantel} ya se hizo algo en su trámite. "
            "Pedir a ese plantel que lo traslade de regreso"
        )
        super().__init__(self.sentence)


@transaction.atomic
def withdraw_student(
    enrollment: Enrollment,
    *,
    kind: BajaKind,
    on_date: date,
    by: User,
    now: datetime,
    note: str = "",
    folio: str = "",
) -> Baja:
    """End one stay, as withdraw_students ends many; `folio` is the list that did not name the student."""
    (baja,) = withdraw_students(
        [enrollment.pk], kind=kind, on_date=on_date, by=by, now=now, note=note, folio=folio
    )
    enrollment.state = LEADS_TO[kind]
    return baja


@transaction.atomic
def withdraw_students(
    enrollments: Collection[int],
    *,
    kind: BajaKind,
    on_date: date,
    by: User,
    now: datetime,
    note: str = "",
    folio: str = "",
) -> list[Baja]:
    """End these stays, given by id, all or none, and tell who was in the cover after the undo window (M-19).

    One fact low on the street: the clock stops, mails that wait are stopped, papers are revoked, and no later query
    holds the stay. Raises TransitionNotAllowed, BajaDateRefused, ValueError for a traslado (see transfer_student).
    """
    if kind == BajaKind.TRANSFER:
        raise ValueError("a traslado opens a stay in another plantel")
    bajas = end_stays(
        enrollments, kind=kind, on_date=on_date, by=by, now=now, note=note, data={"folio": folio}
    )
    _tell(bajas, now=now)
    return bajas


def end_stays(
    enrollments: Collection[int],
    *,
    kind: BajaKind,
    on_date: date,
    by: User,
    now: datetime,
    note: str,
    data: dict[str, Any],
) -> list[Baja]:
    """Write the end of these stays; `data` stands in their history beside kind and day.

    Raises TransitionNotAllowed, BajaDateRefused.
    """
    stays = lock_stays(enrollments)
    for stay in stays:
        _check_end(stay, kind, on_date, now=now)
    bajas = Baja.objects.bulk_create(
        Baja(
            enrollment=stay,
            kind=kind,
            left_from=stay.state,
            on_date=on_date,
            note=note.strip(),
            at=now,
            by=by,
        )
        for stay in stays
    )
    Enrollment.objects.filter(Among("pk", enrollments)).update(state=LEADS_TO[kind])
    pause_clocks([stay.pk for stay in stays], PauseReason.WITHDRAWN, now=now)
    timeline.record_many(_entries(bajas, data))
    for stay in stays:
        revoke_papers(STAY_PAPERS, about_stay(stay), now=now)
        set_aside(f"enrollment:{stay.pk}", but=ABOUT_THE_ACCOUNT)
    return bajas


def _entries(bajas: Sequence[Baja], data: dict[str, Any]) -> Iterator[TimelineEntry]:
    for one in bajas:
        told = {"baja": one.get_kind_display(), "since": weekday_date(one.on_date)}
        told |= {"note": one.note, **data}
        yield TimelineEntry(
            enrollment=one.enrollment,
            event=_EVENTS.get(BajaKind(one.kind), Event.WITHDRAWN),
            at=one.at,
            by=one.by,
            data={key: value for key, value in told.items() if value},
        )


def _check_end(stay: Enrollment, kind: BajaKind, on_date: date, *, now: datetime) -> None:
    check(ENROLLMENT_MOVES, stay.state, LEADS_TO[kind])
    if not stay.enrolled_on <= on_date <= now.astimezone(stay.plantel.zone).date():
        raise BajaDateRefused(stay)


def lock_stays(enrollments: Collection[int]) -> list[Enrollment]:
    """Return the stays as they are now, locked in one order for all."""
    return list(
        Enrollment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("student", "plantel", "cycle", "data")
        .filter(Among("pk", enrollments))
        .order_by("pk")
    )


@transaction.atomic
def reinstate_student(enrollment: Enrollment, *, by: User, now: datetime, folio: str = "") -> Baja:
    """Open the stay again where it stood: the end of a baja temporal, or of one that was a mistake.

    Its clock and its mails go on. Of a traslado, the stay in the other plantel ends. Raises TransitionNotAllowed for
    a stay that has no baja, TooLateToReinstate, EnrolledAgain, WorkedOnThere.
    """
    look_again([enrollment.pk])
    (stay,) = lock_stays([enrollment.pk])
    baja = stay.bajas.select_related("moved_to__plantel").filter(ended_at__isnull=True).first()
    if baja is None:
        raise TransitionNotAllowed(stay.state, EnrollmentState.ACTIVE)
    check(ENROLLMENT_MOVES, stay.state, baja.left_from)
    if baja.kind != BajaKind.TEMPORARY and now - baja.at > UNDO_FOR:
        raise TooLateToReinstate
    if baja.moved_to is not None:
        _take_back(baja.moved_to, stay, by=by, now=now)
    baja.ended_at, baja.ended_by = now, by
    baja.save(update_fields=["ended_at", "ended_by"])
    _open_again(stay, EnrollmentState(baja.left_from))
    enrollment.state = stay.state
    resume_clock(stay, PauseReason.WITHDRAWN, now=now)
    cancel(f"enrollment:{stay.pk}", messages=[TOLD])
    if stay.state == EnrollmentState.ACTIVE:
        resume(f"enrollment:{stay.pk}")
    data = {"folio": folio} if folio else {}
    timeline.record(stay, Event.REINSTATED, by=by, at=now, data=data)
    return baja


@transaction.atomic
def reinstate_students(enrollments: Collection[int], *, by: User, now: datetime) -> int:
    """Take back bajas that were registered together, of the stays given by id; returns how many.

    All or none. Raises what reinstate_student raises.
    """
    look_again(sorted(enrollments))
    stays = lock_stays(enrollments)
    for stay in stays:
        reinstate_student(stay, by=by, now=now)
    return len(stays)


def _open_again(stay: Enrollment, state: EnrollmentState) -> None:
    """The constraints decide: a list may enrol the person, or give the matrícula away, at the same moment."""
    stay.state = state
    try:
        with transaction.atomic():
            stay.save(update_fields=["state"])
    except IntegrityError:
        raise EnrolledAgain from None


def _take_back(moved: Enrollment, stay: Enrollment, *, by: User, now: datetime) -> None:
    """The stay that a traslado opened ends as if it had not been asked for; held first, so nobody begins meanwhile."""
    lock_stays([moved.pk])
    if has_been_worked_on(moved):
        raise WorkedOnThere(moved)
    end_stays(
        [moved.pk],
        kind=BajaKind.TRANSFER,
        on_date=moved.enrolled_on,
        by=by,
        now=now,
        note="Traslado deshecho",
        data={"moved_to": str(stay.plantel)},
    )


def _tell(bajas: Collection[Baja], *, now: datetime) -> None:
    """Who had renounced the cover has none that ends."""
    queue_many(
        (
            Draft(
                f"baja:{baja.pk}",
                TOLD,
                to=Recipient(mailbox_of(baja.enrollment), baja.enrollment.student.full_name),
                plantel=baja.enrollment.plantel,
                about=f"enrollment:{baja.enrollment_id}",
                context={"baja": baja_words(baja), "left_on": baja.on_date.isoformat()},
                not_before=now + UNDO_WINDOW,
            )
            for baja in bajas
            if baja.left_from == EnrollmentState.ACTIVE
        ),
        now=now,
    )
