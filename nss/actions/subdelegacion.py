"""The errand at the Subdelegación: who has it, the plantel or the student."""

from datetime import datetime

from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from nss.actions.steps import lock_request
from nss.models import NSSRequest
from nss.states import REQUEST_MOVES, RequestState
from students.models import Enrollment


@transaction.atomic
def send_to_subdelegacion(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """This will make the NSS the plantel's errand at the Subdelegación: the student waits (S-02).

    The line of history is the report's, written by who calls. Raises TransitionNotAllowed when it is there
    already or the NSS is proven.
    """
    return _move(enrollment, RequestState.AT_SUBDELEGACION, now=now)


@transaction.atomic
def take_back_from_subdelegacion(enrollment: Enrollment, *, now: datetime) -> NSSRequest:
    """This will give the errand back to the student, as when the report was a mistake.

    The line of history is the report's, written by who calls. Raises TransitionNotAllowed when the request
    is not at the Subdelegación.
    """
    request = lock_request(enrollment, now=now)
    if request.state != RequestState.AT_SUBDELEGACION:
        raise TransitionNotAllowed(request.state, RequestState.OPEN)
    return _move(enrollment, RequestState.OPEN, now=now)


def _move(enrollment: Enrollment, state: RequestState, *, now: datetime) -> NSSRequest:
    request = lock_request(enrollment, now=now)
    check(REQUEST_MOVES, request.state, state)
    request.state = state
    request.save(update_fields=["state"])
    return request
