"""What becomes of a sheet: received, registered, undone; withdrawn by the student, voided or revoked by the plantel."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from notices.actions import cancel
from renuncias.actions.errors import (
    AlreadySigned,
    MotiveMissing,
    ReasonMissing,
    StayNotOpen,
    TooLateToUndo,
)
from renuncias.actions.steps import (
    ASKED,
    DECIDED,
    SHORTEST_REASON,
    end_renuncia,
    lock_renuncia,
    tell_decided,
)
from renuncias.models import Renuncia
from renuncias.queries.renuncias import UNDO_WINDOW, may_be_undone
from renuncias.states import RENUNCIA_MOVES, RenunciaState
from school.models import User
from students import timeline
from students.access import is_open
from students.actions.cover import opt_in, opt_out
from students.models import StoredFile
from students.states import Event

CHANGED_MIND = "Cambió de opinión"
RECEIVED = (RenunciaState.SIGNED, RenunciaState.ACCEPTED)


@transaction.atomic
def receive_renuncia(
    renuncia: Renuncia, *, by: User, now: datetime, scan: StoredFile | None = None
) -> Renuncia:
    """Write down that the signed sheet came back, with its picture where it was scanned.

    The student stays in the trámite until it is registered. Raises TransitionNotAllowed unless it waits for that.
    """
    renuncia = lock_renuncia(renuncia)
    if renuncia.state != RenunciaState.ISSUED:  # a registered one goes back there by its undo alone
        raise TransitionNotAllowed(renuncia.state, RenunciaState.SIGNED)
    renuncia.state, renuncia.scan = RenunciaState.SIGNED, scan
    renuncia.signed_at, renuncia.signed_by = now, by
    renuncia.save(update_fields=["state", "scan", "signed_at", "signed_by"])
    cancel(f"enrollment:{renuncia.enrollment_id}", messages=[ASKED])
    _record(renuncia, Event.RENUNCIA_RECEIVED, by=by, now=now)
    return renuncia


def receive_renuncias(renuncias: Iterable[Renuncia], *, by: User, now: datetime) -> list[Renuncia]:
    """Receive signed sheets one by one, and return those that could not be: somebody was faster.

    Each stands for itself, so that one that is refused holds up no other.
    """
    refused = []
    for renuncia in renuncias:
        try:
            receive_renuncia(renuncia, by=by, now=now)
        except TransitionNotAllowed:
            refused.append(renuncia)
    return refused


@transaction.atomic
def attach_scan(renuncia: Renuncia, *, scan: StoredFile, by: User, now: datetime) -> Renuncia:
    """Keep the picture of a sheet that was received at the window before it was scanned.

    Nothing else changes. Raises TransitionNotAllowed when it has a picture, or was never received or has ended.
    """
    renuncia = lock_renuncia(renuncia)
    if renuncia.state not in RECEIVED or renuncia.scan_id is not None:
        raise TransitionNotAllowed(renuncia.state, renuncia.state)
    renuncia.scan = scan
    renuncia.save(update_fields=["scan"])
    _record(renuncia, Event.RENUNCIA_SCANNED, by=by, now=now)
    return renuncia


@transaction.atomic
def accept_renuncia(renuncia: Renuncia, *, by: User, now: datetime, motive: str = "") -> Renuncia:
    """Register the signed renuncia: the student leaves the cover, and is told after the undo window.

    `motive` is what a sheet filled in by hand says. Raises TransitionNotAllowed if somebody decided first,
    StayNotOpen when the stay is over, MotiveMissing.
    """
    renuncia = lock_renuncia(renuncia)
    check(RENUNCIA_MOVES, renuncia.state, RenunciaState.ACCEPTED)
    if not is_open(renuncia.enrollment):
        raise StayNotOpen
    renuncia.motive = renuncia.motive or motive
    if not renuncia.motive:
        raise MotiveMissing
    opt_out(renuncia.enrollment, by=by, now=now)
    renuncia.state, renuncia.accepted_at, renuncia.accepted_by = RenunciaState.ACCEPTED, now, by
    renuncia.save(update_fields=["state", "motive", "accepted_at", "accepted_by"])
    _record(renuncia, Event.RENUNCIA_ACCEPTED, by=by, now=now)
    tell_decided(renuncia, is_registered=True, now=now, not_before=now + UNDO_WINDOW)
    return renuncia


@transaction.atomic
def undo_renuncia(renuncia: Renuncia, *, by: User, now: datetime) -> Renuncia:
    """Take back the last step: a registered one is again to review, a received one again to sign.

    Raises TooLateToUndo once the undo window of a registration is over, TransitionNotAllowed for other states.
    """
    renuncia = lock_renuncia(renuncia)
    before = renuncia.state
    if before == RenunciaState.ACCEPTED:
        _undo_acceptance(renuncia, by=by, now=now)
    else:
        check(RENUNCIA_MOVES, before, RenunciaState.ISSUED)
        renuncia.state, renuncia.scan = RenunciaState.ISSUED, None
        renuncia.signed_at = renuncia.signed_by = None
    renuncia.save(
        update_fields=["state", "scan", "signed_at", "signed_by", "accepted_at", "accepted_by"]
    )
    timeline.record(
        renuncia.enrollment,
        Event.RENUNCIA_UNDONE,
        by=by,
        at=now,
        data={"folio": renuncia.paper.folio, "from": before},
    )
    return renuncia


@transaction.atomic
def withdraw_renuncia(renuncia: Renuncia, *, by: User, now: datetime) -> Renuncia:
    """Take the student's renuncia back: «Cambié de opinión» before it is signed, «Quiero afiliarme» after.

    A registered one is revoked and the student is where the trámite stood. Raises AlreadySigned while the plantel
    reviews it, TransitionNotAllowed once it ended.
    """
    renuncia = lock_renuncia(renuncia)
    if renuncia.state == RenunciaState.SIGNED:
        raise AlreadySigned
    _end(renuncia, Event.RENUNCIA_WITHDRAWN, CHANGED_MIND, by=by, now=now)
    return renuncia


@transaction.atomic
def void_renuncia(renuncia: Renuncia, *, reason: str, by: User, now: datetime) -> Renuncia:
    """Call off a renuncia that is not registered yet. Raises ReasonMissing, TransitionNotAllowed."""
    renuncia = _lock_to_end(renuncia, RenunciaState.VOIDED, reason)
    _end(renuncia, Event.RENUNCIA_VOIDED, reason, by=by, now=now)
    return renuncia


@transaction.atomic
def revoke_renuncia(renuncia: Renuncia, *, reason: str, by: User, now: datetime) -> Renuncia:
    """Cancel a registered renuncia: the student is again where the trámite stood.

    Raises ReasonMissing, TransitionNotAllowed.
    """
    renuncia = _lock_to_end(renuncia, RenunciaState.REVOKED, reason)
    _end(renuncia, Event.RENUNCIA_REVOKED, reason, by=by, now=now)
    return renuncia


def _undo_acceptance(renuncia: Renuncia, *, by: User, now: datetime) -> None:
    if not may_be_undone(renuncia, now=now):
        raise TooLateToUndo
    check(RENUNCIA_MOVES, renuncia.state, RenunciaState.SIGNED)
    opt_in(renuncia.enrollment, by=by, now=now)
    cancel(f"enrollment:{renuncia.enrollment_id}", messages=DECIDED)
    renuncia.state = RenunciaState.SIGNED
    renuncia.accepted_at = renuncia.accepted_by = None


def _lock_to_end(renuncia: Renuncia, state: RenunciaState, reason: str) -> Renuncia:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    locked = lock_renuncia(renuncia)
    check(RENUNCIA_MOVES, locked.state, state)
    return locked


def _end(renuncia: Renuncia, event: Event, reason: str, *, by: User, now: datetime) -> None:
    """A registered one is revoked and opens the trámite again; any other is voided."""
    was_registered = renuncia.state == RenunciaState.ACCEPTED
    state = RenunciaState.REVOKED if was_registered else RenunciaState.VOIDED
    end_renuncia(renuncia, state, reason=reason.strip(), by=by, now=now)
    if was_registered:
        opt_in(renuncia.enrollment, by=by, now=now)
    timeline.record(
        renuncia.enrollment,
        event,
        by=by,
        at=now,
        data={"folio": renuncia.paper.folio, "reason": reason.strip()},
    )
    if is_open(renuncia.enrollment):  # who left has no trámite that goes on
        tell_decided(renuncia, is_registered=False, now=now, not_before=now)


def _record(renuncia: Renuncia, event: Event, *, by: User, now: datetime) -> None:
    folio = renuncia.paper.folio
    timeline.record(renuncia.enrollment, event, by=by, at=now, data={"folio": folio})
