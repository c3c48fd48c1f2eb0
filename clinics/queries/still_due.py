"""Whether a mail about the clinic or the vigencia is still true at the moment when it would leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from clinics.models import UMFRegistration, VigenciaCheck
from clinics.queries.insured import insured_stays
from clinics.states import RegistrationState, VigenciaResult
from common.quiet_hours import end_of_quiet, is_quiet
from notices.actions import NothingToTell, NotYet
from notices.models import Notice

OPENED = "M-13"


def held_back(notices: Sequence[Notice], *, now: datetime) -> Mapping[int, NothingToTell | NotYet]:
    """This will return which of these must not leave now, and why; one query for all of them.

    NothingToTell once the student answered, left, or is not insured any more. NotYet in the quiet hours.
    """
    waiting = _waiting({_stay_id(notice) for notice in notices})
    held: dict[int, NothingToTell | NotYet] = {}
    for notice in notices:
        registration = waiting.get(_stay_id(notice))
        if registration is None or (notice.message == OPENED) != _is_invited(registration):
            held[notice.pk] = NothingToTell()
        elif is_quiet(now, registration.plantel.zone):
            held[notice.pk] = NotYet(end_of_quiet(now, registration.plantel.zone))
    return held


def _waiting(stays: set[int]) -> dict[int, UMFRegistration]:
    """The clinic step of who still has something to answer, by the stay."""
    answered = VigenciaCheck.objects.filter(
        enrollment=OuterRef("enrollment"), is_current=True
    ).exclude(result=VigenciaResult.NOT_CONSULTED)
    rows = UMFRegistration.objects.filter(
        ~Exists(answered), enrollment__in=insured_stays().filter(pk__in=stays)
    )
    return {one.enrollment_id: one for one in rows.select_related("plantel")}


def _is_invited(registration: UMFRegistration) -> bool:
    return registration.state == RegistrationState.INVITED


def _stay_id(notice: Notice) -> int:
    return int(notice.about.rpartition(":")[2])
