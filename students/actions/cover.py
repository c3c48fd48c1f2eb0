"""Whether a stay must end with an insured student: the one fact by which a renuncia stops every later step."""

from datetime import datetime

from django.db import transaction

from common.transitions import check
from notices.actions import resume, set_aside
from school.models import User
from students import timeline
from students.actions.reminders import look_again
from students.actions.summaries import revoke_stay_papers
from students.models import Enrollment
from students.states import EnrollmentState, Event

ABOUT_THE_ACCOUNT = frozenset(("M-00", "M-23"))
"""Mails that a student needs whether insured here or not: to enter, and that the address changed."""
COVER_MOVES = {
    EnrollmentState.ACTIVE: {EnrollmentState.OPTED_OUT},
    EnrollmentState.OPTED_OUT: {EnrollmentState.ACTIVE},
}
"""The part of ENROLLMENT_MOVES that is about the cover: a baja that was undone is another verb."""


@transaction.atomic
def opt_out(enrollment: Enrollment, *, by: User, now: datetime) -> None:
    """Take the student out of the cover: no later query holds the stay, and no reminder is sent.

    Mails that wait to be sent about the stay are paused or cancelled, its summary and citatorio are revoked. Raises
    TransitionNotAllowed.
    """
    _move(enrollment, EnrollmentState.OPTED_OUT, Event.OPTED_OUT, by=by, now=now)
    revoke_stay_papers(enrollment, now=now)
    set_aside(f"enrollment:{enrollment.pk}", but=ABOUT_THE_ACCOUNT)


@transaction.atomic
def opt_in(enrollment: Enrollment, *, by: User, now: datetime) -> None:
    """Bring the student back to where the trámite stood: its rows were never touched, its mails go on.

    Raises TransitionNotAllowed for a stay that is not opted out.
    """
    _move(enrollment, EnrollmentState.ACTIVE, Event.OPTED_IN, by=by, now=now)
    resume(f"enrollment:{enrollment.pk}")


def _move(
    enrollment: Enrollment, state: EnrollmentState, event: Event, *, by: User, now: datetime
) -> None:
    """The next look is touched before the stay, in the order of nss.actions: two at once must not wait in a ring."""
    look_again([enrollment.pk])
    stay = Enrollment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrollment.pk)
    check(COVER_MOVES, stay.state, state)
    enrollment.state = stay.state = state
    stay.save(update_fields=["state"])
    timeline.record(stay, event, by=by, at=now)
