"""Whether a mail about the clinic or the vigencia is still true at the moment when it would leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Subquery

from affiliation.queries.sending import is_insured
from clinics.models import VigenciaCheck
from clinics.queries.insured import has_clinic
from clinics.states import VigenciaResult
from common.quiet_hours import MORNING, at, end_of_quiet, is_quiet
from notices.actions import NothingToTell, NotYet
from notices.models import Notice
from notices.states import NoticeState
from students.queries.enrollments import needing_affiliation

OPENED, MOVED, WITHDRAWN = "M-13", "M-13b", "M-13c"
LOOK, LOOK_AGAIN = "M-14", "M-16"
REMIND_AFTER = timedelta(days=5)
"""From an invitation to the clinic to the next one."""


def held_back(notices: Sequence[Notice], *, now: datetime) -> Mapping[int, NothingToTell | NotYet]:
    """Return which of these must not leave now, and why; two queries for all of them.

    NothingToTell once the student answered or left, or the day that it names is another. NotYet while IMSS has no
    alta in force, which may be answered again; while the step is not open, or the last invitation to it is younger
    than five days; and in the quiet hours.
    """
    waiting, invited = _waiting(notices), _invited(notices)
    held: dict[int, NothingToTell | NotYet] = {}
    for notice in notices:
        stay = waiting.get(_stay_id(notice))
        if stay is None or not _is_asked(stay, notice):
            held[notice.pk] = NothingToTell()
            continue
        until = _waits_until(stay, now=now)
        if notice.message == OPENED:
            until = max(until, _next_invitation(stay, invited.get(notice.about)))
        if until > now:
            held[notice.pk] = NotYet(until)
        elif notice.message == OPENED:
            invited[notice.about] = now
    return held


def _waiting(notices: Sequence[Notice]) -> dict[int, Any]:
    """The students in the cover, by the id of the stay, with what they said last of their vigencia."""
    said = VigenciaCheck.objects.filter(enrollment=OuterRef("pk"), is_current=True)
    rows = needing_affiliation().filter(pk__in={_stay_id(notice) for notice in notices})
    rows = rows.annotate(
        said=Subquery(said.values("result")[:1]),
        is_insured=ExpressionWrapper(is_insured(), output_field=BooleanField()),
    )
    return {stay.pk: stay for stay in rows.select_related("plantel", "umf_registration")}


def _invited(notices: Sequence[Notice]) -> dict[str, datetime | None]:
    """When the last invitation about each of these students left."""
    told = Notice.objects.filter(
        about__in={notice.about for notice in notices if notice.message == OPENED},
        message=OPENED,
        state=NoticeState.SENT,
    )
    return dict(told.order_by("sent_at").values_list("about", "sent_at"))


def _is_asked(stay: Any, notice: Notice) -> bool:
    """Whether the student still has to do that.

    M-13 and M-13b are for who has to register, M-13c for who need not any more; M-14 for who did, and for who tried
    to ask IMSS before; M-16 for who said NO.
    """
    registration, message = getattr(stay, "umf_registration", None), notice.message
    if message == WITHDRAWN:
        return registration is None
    if message in {OPENED, MOVED}:
        is_missing = registration is not None and not has_clinic(registration)
        return is_missing and _holds(notice, registration) and stay.said != VigenciaResult.NONE
    may_look = message == LOOK_AGAIN or has_clinic(registration) or stay.said is not None
    return may_look and stay.said in {None, VigenciaResult.NOT_CONSULTED}


def _holds(notice: Notice, registration: Any) -> bool:
    """Whether the step still opens on the day that M-13b names; M-13 names none."""
    day = registration.opens_on.isoformat()
    return notice.message == OPENED or notice.context["opens_on"] == day


def _waits_until(stay: Any, *, now: datetime) -> datetime:
    zone = stay.plantel.zone
    if not stay.is_insured:
        return at(now.astimezone(zone).date() + timedelta(days=1), MORNING, zone)
    return end_of_quiet(now, zone) if is_quiet(now, zone) else now


def _next_invitation(stay: Any, last: datetime | None) -> datetime:
    """Not before the step opens; what was said of another day, before this one opened it, holds up nothing more."""
    zone, opens_on = stay.plantel.zone, stay.umf_registration.opens_on
    day = last.astimezone(zone).date() if last else None
    if day is None or day < opens_on:
        return at(opens_on, MORNING, zone)
    return at(day + REMIND_AFTER, MORNING, zone)


def _stay_id(notice: Notice) -> int:
    return int(notice.about.rpartition(":")[2])
