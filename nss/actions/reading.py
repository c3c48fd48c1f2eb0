"""What the machine makes of an acuse: its safe pictures, and one reading per version of the reader."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from common.transitions import check
from common.uploads import (
    ChildResult,
    Kind,
    Limits,
    Refusal,
    run_child,
    with_room_for,
)
from notices.actions import cancel, queue
from nss.actions.steps import about, lock_acuse, recipient_of
from nss.extraction.compare import Known, Match, compare
from nss.extraction.result import ENGINE, AcuseReading, Outcome, from_json
from nss.models import Acuse, Reading
from nss.queries.acuses import files_of
from nss.queries.reasons import reason_words
from nss.states import ACUSE_MOVES, AcuseState, ReturnReason
from students import timeline
from students.actions.clock import resume_clock
from students.actions.files import absolute, keep_derivatives, prepare_file, refusal_of, refuse_file
from students.models import StoredFile
from students.states import Event, FileState, PauseReason

JOB = "nss.extraction.reading:read_file"
PHOTOS_JOB = "nss.extraction.reading:read_photos"
WALL_SECONDS = 45
LIMITS = Limits(wall_seconds=WALL_SECONDS)
"""Processor time stays at 10 s a file; a busy machine only stretches it."""
MAX_ATTEMPTS = 2
SLOT_SECONDS = 10.0
READER_FAILED = "READER_FAILED"


def read_acuse(acuse: Acuse, *, now: datetime) -> Reading | None:
    """Read one acuse in a limited child and keep what came out; a second time changes nothing.

    `now` is when the reading counts as made. A file that kills the reader twice is only drawn, and goes unread to
    a person; one that cannot be drawn either is refused. A photo added later has all photos read again, as pages
    of one sheet. Returns None when the child died and another attempt follows; raises NoSlot when none is free.
    """
    files = files_of(acuse)
    done = acuse.readings.filter(engine=ENGINE, photos__gte=len(files)).first()
    if done is not None:
        return done
    if acuse.attempts > MAX_ATTEMPTS:
        return _give_up(acuse, [prepare_file(file) for file in files], now=now)
    result = _run_reader(files)
    if result.refused is not None:
        refused = [refuse_file(file, refusal_of(result, Kind(file.kind))) for file in files]
        return _reject(acuse, refused, now=now)
    if not result.is_done:
        return None  # the lease ends by itself and the next attempt begins
    return _keep(acuse, files, result, now=now)


def _run_reader(files: list[StoredFile]) -> ChildResult:
    """One child for all photos of the sheet: only together do they tell what is certain."""
    numbered = _readable(files)
    limits = LIMITS
    for file in numbered.values():
        limits = with_room_for(Kind(file.kind), limits)
    limits = replace(limits, cpu_seconds=limits.cpu_seconds * len(numbered))
    is_alone = len(files) == 1
    arguments = {"kind": files[0].kind} if is_alone else {"numbers": list(numbered)}
    paths = [absolute(file.path) for file in numbered.values()]
    job = JOB if is_alone else PHOTOS_JOB
    return run_child(job, *paths, limits=limits, arguments=arguments, wait_seconds=SLOT_SECONDS)


def _readable(files: list[StoredFile]) -> dict[int, StoredFile]:
    """The files by number, without the photos that an earlier reading refused."""
    numbered = dict(enumerate(files, 1))
    kept = {number: file for number, file in numbered.items() if file.state != FileState.REFUSED}
    return kept or numbered


def kept_values(reading: AcuseReading, known: Known) -> dict[str, Any]:
    """Return what a Reading keeps: outcome, code, fields, and the comparison with the student."""
    comparison = compare(reading, known)
    fields = {name: _field(reading, name) for name in ("nss", "curp", "names", "issued_date")}
    if comparison.curp.match in {Match.EXACT, Match.FOLDED}:
        # The known CURP confirms what OCR alone could not be sure of: kept as it was seen.
        place = fields["curp"] or {"source": "ocr", "page": 1, "box": None}
        fields["curp"] = {**place, "value": comparison.curp.read}
    return {
        "outcome": reading.outcome.value,
        "code": reading.code,
        "fields": fields,
        "checks": {**reading.checks, "compared": comparison.as_json()},
    }


def _keep(acuse: Acuse, files: list[StoredFile], result: ChildResult, *, now: datetime) -> Reading:
    if len(files) == 1:
        keep_derivatives(files[0], result.files, pages=result.value["pages"])
    else:
        _keep_photos(_readable(files), result)
    reading = from_json(result.value["reading"])
    return _record(acuse, files, reading, now=now, duration_ms=result.duration_ms)


def _keep_photos(numbered: dict[int, StoredFile], result: ChildResult) -> None:
    """Each photo keeps its own safe picture; one that broke a rule is refused alone."""
    for number, file in numbered.items():
        code = result.value["refused"].get(str(number))
        if code is not None:
            refuse_file(file, Refusal(code))
        else:
            keep_derivatives(file, {"1": result.files[f"page-{number:02}.jpg"]}, pages=1)


def _give_up(acuse: Acuse, files: list[StoredFile], *, now: datetime) -> Reading:
    if all(file.state == FileState.REFUSED for file in files):
        return _reject(acuse, files, now=now)
    return _record(acuse, files, AcuseReading(Outcome.UNREADABLE, READER_FAILED), now=now)


@transaction.atomic
def _record(
    acuse: Acuse,
    files: list[StoredFile],
    reading: AcuseReading,
    *,
    now: datetime,
    duration_ms: int = 0,
) -> Reading:
    acuse = lock_acuse(acuse)
    enrollment = acuse.request.enrollment
    student = enrollment.student
    known = Known(
        curp=student.curp or "",
        names=student.full_name,
        nss=acuse.typed_nss or student.nss or "",
    )
    kept, _ = Reading.objects.get_or_create(
        acuse=acuse,
        engine=ENGINE,
        photos=len(files),
        defaults={
            **kept_values(reading, known),
            "duration_ms": duration_ms,
            "created_at": now,
        },
    )
    _free(acuse)
    return kept


@transaction.atomic
def _reject(acuse: Acuse, files: list[StoredFile], *, now: datetime) -> Reading:
    """Every file breaks a rule: the acuse is refused, and who sent it already is told by mail."""
    code = files[0].refusal
    acuse = lock_acuse(acuse)
    kept, is_new = Reading.objects.get_or_create(
        acuse=acuse,
        engine=ENGINE,
        photos=len(files),
        defaults={"outcome": Outcome.REJECTED.value, "code": code, "created_at": now},
    )
    if is_new and acuse.state in {AcuseState.DRAFT, AcuseState.RECEIVED}:
        was_sent = acuse.state == AcuseState.RECEIVED
        check(ACUSE_MOVES, acuse.state, AcuseState.REFUSED)
        acuse.state = AcuseState.REFUSED
        acuse.save(update_fields=["state"])
        data = {"version": acuse.version, "code": code}
        timeline.record(acuse.request.enrollment, Event.ACUSE_REFUSED, by=None, at=now, data=data)
        if was_sent:
            _tell_refusal(acuse, now=now)
    _free(acuse)
    return kept


def _tell_refusal(acuse: Acuse, *, now: datetime) -> None:
    """«No abre», with the day until which another file is taken; the promise to review it is dropped."""
    enrollment = acuse.request.enrollment
    resume_clock(enrollment, PauseReason.REVIEW, now=now, is_return=True, is_told=True)
    words = reason_words(ReturnReason.DOES_NOT_OPEN, "")
    due_on = enrollment.acuse_due_on
    cancel(about(enrollment), messages=["M-06", "M-08"])
    queue(
        f"acuse:{acuse.pk}:refused",
        "M-08",
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context={
            "reason": words.reason,
            "remedy": words.remedy,
            "due_on": due_on.isoformat() if due_on else "",
        },
        now=now,
    )


def _free(acuse: Acuse) -> None:
    """Nothing waits; a photo that comes later has its own attempts."""
    acuse.lease_until, acuse.attempts = None, 0
    acuse.save(update_fields=["lease_until", "attempts"])


def _field(reading: AcuseReading, name: str) -> dict[str, Any] | None:
    values: dict[str, Any] | None = reading.as_json()[name]
    return values
