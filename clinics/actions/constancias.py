"""The constancia de vigencia: added by the student, read by the machine."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clinics.actions.errors import ConstanciaNotAsked
from clinics.actions.steps import lock_stay
from clinics.constancia import from_json
from clinics.models import VigenciaCheck
from clinics.queries.constancias import may_attach
from clinics.queries.insured import is_insured
from common.uploads import DOCUMENT, Kind, Limits, run_child, with_room_for
from school.models import User
from students import timeline
from students.actions.files import (
    absolute,
    checked_upload,
    keep_derivatives,
    keep_file,
    prepare_file,
    refusal_of,
    refuse_file,
)
from students.models import StoredFile
from students.states import Event, FileState

JOB = "clinics.extraction:read_file"
LIMITS = Limits(wall_seconds=45)
SLOT_SECONDS = 10.0
MAX_ATTEMPTS = 2
NOTHING_READ: dict[str, Any] = {}
"""What a constancia keeps that was looked at and said nothing."""


def attach_constancia(
    check: VigenciaCheck, *, upload: UploadedFile, by: User, now: datetime
) -> VigenciaCheck:
    """Keep the constancia beside what the student said, and have it read.

    One is enough, unless it did not open. Raises UploadRefused and ConstanciaNotAsked.
    """
    if not may_attach(check):
        raise ConstanciaNotAsked
    with (
        checked_upload(upload, DOCUMENT, enrollment=check.enrollment) as file,
        transaction.atomic(),
    ):
        stay = lock_stay(check.enrollment)
        locked = _lock(check)
        if not (may_attach(locked) and is_insured(stay)):
            raise ConstanciaNotAsked
        locked.constancia = keep_file(file, enrollment=stay, plantel=stay.plantel, by=by, now=now)
        locked.reading = locked.lease_until = None
        locked.attempts = 0
        locked.save(update_fields=["constancia", "reading", "lease_until", "attempts"])
        timeline.record(stay, Event.CONSTANCIA_ATTACHED, by=by, at=now)
    return locked


def read_constancia(check: VigenciaCheck) -> VigenciaCheck | None:
    """Read one constancia in a limited child and keep what came out; a second time changes nothing.

    A file that kills the reader twice is only drawn, and goes unread to a person. Returns None when the child died
    and another attempt follows; raises NoSlot when none is free.
    """
    file = check.constancia
    if file is None or check.reading is not None:
        return check
    if file.state == FileState.REFUSED:
        return _keep(check, file, NOTHING_READ)
    if check.attempts > MAX_ATTEMPTS:
        prepare_file(file)
        return _keep(check, file, NOTHING_READ)
    kind = Kind(file.kind)
    result = run_child(
        JOB,
        absolute(file.path),
        limits=with_room_for(kind, LIMITS),
        arguments={"kind": file.kind},
        wait_seconds=SLOT_SECONDS,
    )
    if result.refused is not None:
        refuse_file(file, refusal_of(result, kind))
        return _keep(check, file, NOTHING_READ)
    if not result.is_done:
        return None  # the lease ends by itself and the next attempt begins
    keep_derivatives(file, result.files, pages=result.value["pages"])
    return _keep(check, file, _kept(check, result.value["reading"]))


def _kept(check: VigenciaCheck, values: dict[str, Any]) -> dict[str, Any]:
    """What was read, without the CURPs: whether one is the student's is all that anybody needs."""
    is_own = from_json(values).names(check.enrollment.student.curp)
    return {name: values[name] for name in ("has_right", "umf", "issued_on")} | {"is_own": is_own}


@transaction.atomic
def _keep(check: VigenciaCheck, file: StoredFile, reading: dict[str, Any]) -> VigenciaCheck:
    locked = _lock(check)
    if locked.reading is None and locked.constancia_id == file.pk:
        locked.reading, locked.lease_until, locked.attempts = reading, None, 0
        locked.save(update_fields=["reading", "lease_until", "attempts"])
    return locked


def _lock(check: VigenciaCheck) -> VigenciaCheck:
    rows = VigenciaCheck.objects.select_for_update(of=("self",)).select_related("constancia")
    return rows.get(pk=check.pk)
