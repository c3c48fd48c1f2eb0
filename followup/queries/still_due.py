"""Whether a reminder in the outbox is still true at the moment when it would leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from common.quiet_hours import end_of_quiet, is_quiet
from followup.queries.progress import progress
from followup.queries.reminders import DRAFT_MESSAGE, GUARDIAN_MESSAGE, REMINDERS
from followup.states import Stage
from notices.actions import NothingToTell, NotYet
from notices.models import Notice
from students.models import Enrollment
from students.queries.data import is_minor

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

_WAITING = {Stage.S_00, Stage.S_01, Stage.S_01V, Stage.S_05}


def held_back(notices: Sequence[Notice], *, now: datetime) -> Mapping[int, NothingToTell | NotYet]:
    """Return which reminders must not leave now, and why; two queries for all of them.

    NothingToTell once the student handed over the acuse, left, got another deadline or was reminded today
    already, or came of age where the mail is for mamá, papá o tutor. NotYet in the quiet hours.
    """
    stays = {_stay_id(notice) for notice in notices}
    scope = Enrollment.objects.filter(pk__in=stays).select_related("student", "plantel")
    standing = {stay.pk: stay for stay in progress(scope, now=now)}
    told = _told_today(notices, standing)
    held: dict[int, NothingToTell | NotYet] = {}
    for notice in notices:
        stay = standing[_stay_id(notice)]
        is_repeated = notice.message in REMINDERS and stay.pk in told
        if is_repeated or not _is_true(notice, stay):
            held[notice.pk] = NothingToTell()
        elif is_quiet(now, stay.plantel.zone):
            held[notice.pk] = NotYet(end_of_quiet(now, stay.plantel.zone))
        elif notice.message in REMINDERS:
            told.add(stay.pk)
    return held


def _is_true(notice: Notice, stay: "StandingEnrollment") -> bool:
    if notice.message == DRAFT_MESSAGE:
        return stay.stage == Stage.S_04B
    if stay.stage not in _WAITING:
        return False
    if notice.message == GUARDIAN_MESSAGE and not is_minor(stay.student, today=stay.local_day):
        return False
    return notice.context.get("due_on") in {None, str(stay.due_on)}


def _told_today(
    notices: Sequence[Notice], standing: "Mapping[int, StandingEnrollment]"
) -> set[int]:
    """The students to whom a reminder left on this local day of theirs."""
    sent = (
        Notice.objects.filter(about__in={notice.about for notice in notices}, message__in=REMINDERS)
        .exclude(sent_at=None)
        .values_list("about", "sent_at")
    )
    days = {pk: stay.local_day for pk, stay in standing.items()}
    zones = {pk: stay.plantel.zone for pk, stay in standing.items()}
    told = set()
    for about, sent_at in sent:
        pk = int(about.rpartition(":")[2])
        if sent_at is not None and sent_at.astimezone(zones[pk]).date() == days[pk]:
            told.add(pk)
    return told


def _stay_id(notice: Notice) -> int:
    return int(notice.about.rpartition(":")[2])
