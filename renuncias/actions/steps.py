"""What every action about a renuncia shares: its locks, the end of one, whom to write to."""

from datetime import datetime

from common.transitions import check
from notices.actions import Recipient, cancel, queue
from papers.actions import revoke_paper
from renuncias.models import Renuncia
from renuncias.states import RENUNCIA_MOVES, RenunciaState
from school.models import User
from students.actions.clock import resume_clock
from students.actions.reminders import look_again
from students.models import Enrollment
from students.queries.sign_in import mailbox_of
from students.states import PauseReason

ASKED, REGISTERED, CANCELLED = "M-17", "M-18", "M-18b"
DECIDED = (REGISTERED, CANCELLED)
SHORTEST_REASON = 15


def lock_stay(enrollment: Enrollment) -> Enrollment:
    """Lock the stay before anything of its renuncias, and have the reminders look at it again.

    The next look goes first, as in nss.actions: two actions at once must not wait for each other in a ring.
    """
    look_again([enrollment.pk])
    return (
        Enrollment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("student", "plantel", "cycle", "data")
        .get(pk=enrollment.pk)
    )


def lock_renuncia(renuncia: Renuncia) -> Renuncia:
    """Lock the stay and then the renuncia, always in this order, and return it as it is now."""
    stay = lock_stay(renuncia.enrollment)
    locked = (
        Renuncia.objects.select_for_update(of=("self",)).select_related("paper").get(pk=renuncia.pk)
    )
    locked.enrollment = stay
    return locked


def end_renuncia(
    renuncia: Renuncia, state: RenunciaState, *, reason: str, by: User, now: datetime
) -> None:
    """End a locked renuncia: its paper no longer counts, and the student's clock goes on.

    Raises TransitionNotAllowed.
    """
    mark_ended(renuncia, state, reason=reason, by=by, now=now)
    revoke_paper(renuncia.paper, now=now)
    resume_clock(renuncia.enrollment, PauseReason.RENUNCIA, now=now)


def mark_ended(
    renuncia: Renuncia, state: RenunciaState, *, reason: str, by: User, now: datetime
) -> None:
    """Write down that a locked renuncia ended, and why. Raises TransitionNotAllowed."""
    check(RENUNCIA_MOVES, renuncia.state, state)
    renuncia.state, renuncia.end_reason = state, reason
    renuncia.ended_at, renuncia.ended_by = now, by
    renuncia.save(update_fields=["state", "end_reason", "ended_at", "ended_by"])


def recipient_of(enrollment: Enrollment) -> Recipient:
    """Return the student's mailbox."""
    return Recipient(mailbox_of(enrollment), enrollment.student.full_name)


def tell_decided(
    renuncia: Renuncia, *, is_registered: bool, now: datetime, not_before: datetime
) -> None:
    """Tell the student that the renuncia was registered or cancelled, whichever was the last word."""
    stay = renuncia.enrollment
    about = f"enrollment:{stay.pk}"
    message = REGISTERED if is_registered else CANCELLED
    cancel(about, messages=[ASKED, *DECIDED])
    queue(
        f"renuncia:{renuncia.pk}:{message}:{now.isoformat()}",
        message,
        to=recipient_of(stay),
        plantel=stay.plantel,
        about=about,
        context={},
        now=now,
        not_before=not_before,
    )
