"""Whether a mail about the clinic or the vigencia is still true at the moment when it would leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from clinics.models import VigenciaCheck
from clinics.queries.insured import has_clinic, insured_stays
from clinics.states import VigenciaResult
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
        stay = waiting.get(_stay_id(notice))
        if stay is None or not _is_asked(stay, notice.message):
            held[notice.pk] = NothingToTell()
        elif is_quiet(now, stay.plantel.zone):
            held[notice.pk] = NotYet(end_of_quiet(now, stay.plantel.zone))
    return held


def _waiting(stays: set[int]) -> dict[int, Any]:
    """The insured who still have something to answer, by their id."""
    said = VigenciaCheck.objects.filter(enrollment=OuterRef("pk"), is_current=True)
    could_not = Q(result=VigenciaResult.NOT_CONSULTED)
    rows = (
        insured_stays()
        .filter(~Exists(said.exclude(could_not)), pk__in=stays)
        .annotate(could_not_ask=Exists(said.filter(could_not)))
    )
    return {stay.pk: stay for stay in rows.select_related("plantel", "umf_registration")}


def _is_asked(stay: Any, message: str) -> bool:
    """M-13 is for who has to register; M-14 for who did, and for who tried to ask IMSS before."""
    registration = getattr(stay, "umf_registration", None)
    if message == OPENED:
        return registration is not None and not has_clinic(registration)
    return has_clinic(registration) or stay.could_not_ask


def _stay_id(notice: Notice) -> int:
    return int(notice.about.rpartition(":")[2])
