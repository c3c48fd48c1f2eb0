"""The vigencia: what the student read at IMSS, its repair after a NO, and asking everybody again."""

from datetime import datetime

from django.db import transaction

from clinics.actions.errors import (
    ClinicMissing,
    NotInsured,
    StillInCorrection,
)
from clinics.actions.steps import (
    IN_CORRECTION,
    LOOK,
    LOOK_AGAIN,
    lock_stay,
    morning_after,
    tell,
)
from clinics.models import VigenciaCheck
from clinics.queries.insured import current_check, has_clinic, is_insured, registration_of
from clinics.states import VIGENTE, VigenciaResult
from notices.actions import cancel
from nss.actions.steps import about
from school.models import User
from students import timeline
from students.models import Enrollment
from students.states import Event

TRY_AGAIN_AFTER = 3
"""Days, for who could not ask IMSS."""


@transaction.atomic
def report_vigencia(
    enrollment: Enrollment,
    result: VigenciaResult,
    *,
    is_sure: bool = True,
    by: User,
    now: datetime,
) -> VigenciaCheck:
    """This will keep what the student read at IMSS, in place of what was said before.

    A NO orders the alta again, tells the student that the plantel knows (M-15) and waits for somebody. The same
    answer twice is one. Raises NotInsured, ClinicMissing for a SÍ before the clinic, StillInCorrection for «no pude
    consultar» while a NO is being mended.
    """
    stay = lock_stay(enrollment)
    _check_may_say(stay, result)
    before = current_check(stay)
    if before is not None and (before.result, before.is_sure) == (result, is_sure):
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
        tell(f"vigencia:{said.pk}:no", IN_CORRECTION, stay, now=now, not_before=now)
    elif result == VigenciaResult.NOT_CONSULTED:
        again = morning_after(now, stay, days=TRY_AGAIN_AFTER)
        tell(f"vigencia:{said.pk}:again", LOOK, stay, now=now, not_before=again)
    return said


def _check_may_say(stay: Enrollment, result: VigenciaResult) -> None:
    if not is_insured(stay):
        raise NotInsured
    if result in VIGENTE and not has_clinic(registration_of(stay)):
        raise ClinicMissing


def _set_aside(before: VigenciaCheck, result: VigenciaResult) -> None:
    if before.result == VigenciaResult.NONE and result == VigenciaResult.NOT_CONSULTED:
        raise StillInCorrection
    before.is_current = False
    before.save(update_fields=["is_current"])
