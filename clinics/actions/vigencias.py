"""The vigencia: what the student read at IMSS, its repair after a NO, and asking everybody again."""

from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from affiliation.actions.work import drop_alta_order, order_alta_again
from clinics.actions.errors import (
    ClinicMissing,
    NobodyToAsk,
    NothingToRepair,
    NotInsured,
    StillInCorrection,
)
from clinics.actions.steps import (
    IN_CORRECTION,
    draft_of,
    local_day,
    lock_stay,
    morning_after,
    tell,
)
from clinics.models import VigenciaCampaign, VigenciaCheck
from clinics.queries.insured import current_check, has_clinic, is_insured, registration_of
from clinics.queries.registrations import Selection
from clinics.queries.still_due import LOOK, LOOK_AGAIN
from clinics.queries.told import last_told
from clinics.queries.vigencias import (
    applied_again,
    checks_to_close,
    checks_to_reopen,
    stays_to_ask,
    undone_by,
)
from clinics.states import VIGENTE, VigenciaResult
from common.bulk import Among
from common.quiet_hours import end_of_quiet
from notices.actions import cancel, queue_many
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import about
from school.models import User
from students import timeline
from students.actions.reminders import hold_stays
from students.models import Enrollment, TimelineEntry
from students.states import Event

WHY_AGAIN = "Su consulta de vigencia salió NO"
TRY_AGAIN_AFTER = timedelta(days=3)
"""For who could not ask IMSS."""


@transaction.atomic
def report_vigencia(
    enrollment: Enrollment,
    result: VigenciaResult,
    *,
    is_sure: bool = True,
    by: User,
    now: datetime,
) -> VigenciaCheck:
    """Keep what the student read at IMSS, in place of what was said before.

    A NO orders the alta again, tells the student that the plantel knows (M-15) and waits for somebody. The same
    answer twice is one, but «no pude consultar» on another day is reminded anew. Raises NotInsured, ClinicMissing
    for a SÍ before the clinic, StillInCorrection for «no pude consultar» while a NO is being mended.
    """
    stay = lock_stay(enrollment)
    _check_may_say(stay, result)
    before = current_check(stay)
    if before is not None and _is_said(before, (result, is_sure), stay, now=now):
        return before
    if before is not None:
        _set_aside(before, result)
    said = VigenciaCheck.objects.create(
        enrollment=stay,
        plantel=stay.plantel,
        result=result,
        is_sure=is_sure,
        reported_at=now,
        reported_by=by,
    )
    timeline.record(stay, Event.VIGENCIA_REPORTED, by=by, at=now, data={"result": result.value})
    cancel(about(stay), messages=[LOOK, LOOK_AGAIN])
    if result == VigenciaResult.NONE:
        order_alta_again(stay, reason=WHY_AGAIN, by=by, now=now)
        tell(f"vigencia:{said.pk}:no", IN_CORRECTION, stay, now=now, not_before=now)
    elif result == VigenciaResult.NOT_CONSULTED:
        again = morning_after(now, stay, after=TRY_AGAIN_AFTER)
        tell(f"vigencia:{said.pk}:again", LOOK, stay, now=now, not_before=again)
    return said


def _check_may_say(stay: Enrollment, result: VigenciaResult) -> None:
    if not is_insured(stay):
        raise NotInsured
    if result in VIGENTE and not has_clinic(registration_of(stay)):
        raise ClinicMissing


def _is_said(
    before: VigenciaCheck,
    answer: tuple[VigenciaResult, bool],
    stay: Enrollment,
    *,
    now: datetime,
) -> bool:
    """The same answer is the one before, but who could not ask IMSS and tries on another day tried again."""
    is_of_today = local_day(before.reported_at, stay) >= local_day(now, stay)
    is_same = (before.result, before.is_sure) == answer
    return is_same and (is_of_today or before.result != VigenciaResult.NOT_CONSULTED)


def _set_aside(before: VigenciaCheck, result: VigenciaResult) -> None:
    if before.result == VigenciaResult.NONE and result == VigenciaResult.NOT_CONSULTED:
        raise StillInCorrection
    if before.result == VigenciaResult.NONE:
        drop_alta_order(before.enrollment)
    before.is_current = False
    before.save(update_fields=["is_current"])


@transaction.atomic
def repair_vigencia(check: VigenciaCheck, *, by: User, now: datetime) -> VigenciaCheck:
    """Note that the plantel mended what a NO named, and ask the student to look again (M-16).

    An alta that was ordered for it and stands in no batch yet is not sent any more. The mail leaves after the undo
    window. Raises NothingToRepair when somebody was faster, or the student is not insured any more.
    """
    stay = lock_stay(check.enrollment)
    locked = VigenciaCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    is_open = locked.is_current and locked.result == VigenciaResult.NONE
    if not (is_open and is_insured(stay)):
        raise NothingToRepair
    locked.is_current, locked.repaired_at, locked.repaired_by = False, now, by
    locked.save(update_fields=["is_current", "repaired_at", "repaired_by"])
    drop_alta_order(stay)
    timeline.record(stay, Event.VIGENCIA_REPAIRED, by=by, at=now)
    cancel(about(stay), messages=[IN_CORRECTION])
    tell(
        f"vigencia:{locked.pk}:repaired:{now.isoformat()}",
        LOOK_AGAIN,
        stay,
        now=now,
        not_before=end_of_quiet(now + UNDO_WINDOW, stay.plantel.zone),
    )
    return locked


@transaction.atomic
def ask_vigencia(chosen: Selection, *, by: User, now: datetime) -> VigenciaCampaign:
    """Ask everybody with a clinic, of one group or of the whole plantel, to look again (M-14).

    What they said before counts no more; who waits for a NO to be mended is not asked, nor who was asked within a
    day. The number of statements does not grow with the selection. Raises NobodyToAsk.
    """
    keys = list(stays_to_ask(chosen, now=now).order_by().values_list("pk", flat=True))
    hold_stays(keys)
    stays = list(stays_to_ask(chosen, now=now).filter(Among("pk", keys)))
    if not stays:
        raise NobodyToAsk
    campaign = VigenciaCampaign.objects.create(
        plantel=chosen.plantel, group=chosen.group, students=len(stays), asked_at=now, asked_by=by
    )
    asked = [stay.pk for stay in stays]
    VigenciaCheck.objects.filter(Among("enrollment", asked), is_current=True).update(
        is_current=False
    )
    timeline.record_many(
        TimelineEntry(enrollment=stay, event=Event.VIGENCIA_ASKED, at=now, by=by) for stay in stays
    )
    leaves_at = end_of_quiet(now + UNDO_WINDOW, chosen.plantel.zone)
    key = f"campaign:{campaign.pk}"
    queue_many(
        (draft_of(f"{key}:{stay.pk}", LOOK, stay, not_before=leaves_at) for stay in stays), now=now
    )
    return campaign


@transaction.atomic
def close_repaired(check: VigenciaCheck, *, now: datetime) -> VigenciaCheck:
    """Note that IMSS applied the alta that a NO had ordered again, and ask the student to look once more.

    It stands in the name of who registered the answer of IMSS. Raises NothingToRepair when that was taken back, or
    the student said something else meanwhile.
    """
    lock_stay(check.enrollment)
    found = checks_to_close().filter(pk=check.pk).first()
    if found is None:
        raise NothingToRepair
    movement = applied_again(found)
    closed = repair_vigencia(found, by=cast(User, movement.answered_by), now=now)
    closed.repaired_with = movement
    closed.save(update_fields=["repaired_with"])
    return closed


@transaction.atomic
def reopen_vigencia(check: VigenciaCheck, *, now: datetime) -> VigenciaCheck:
    """Bring back the NO that an applied alta had closed, once that answer of IMSS was taken back.

    It stands in the name of who took it back; who was asked to look again is told that it is not yet time (M-15).
    Raises NothingToRepair when it was applied again, or the student said something meanwhile.
    """
    stay = lock_stay(check.enrollment)
    found = checks_to_reopen().filter(pk=check.pk).first()
    if found is None:
        raise NothingToRepair
    asked_at = last_told([stay.pk], [LOOK_AGAIN]).get(stay.pk)
    was_told = asked_at is not None and asked_at >= cast(datetime, found.repaired_at)
    found.is_current = True
    found.repaired_at = found.repaired_by = found.repaired_with = None
    found.save(update_fields=["is_current", "repaired_at", "repaired_by", "repaired_with"])
    timeline.record(stay, Event.VIGENCIA_REOPENED, by=undone_by(found), at=now)
    cancel(about(stay), messages=[LOOK_AGAIN])
    if was_told and is_insured(stay):
        tell(
            f"vigencia:{found.pk}:reopened:{now.isoformat()}",
            IN_CORRECTION,
            stay,
            now=now,
            not_before=end_of_quiet(now + UNDO_WINDOW, stay.plantel.zone),
        )
    return found
