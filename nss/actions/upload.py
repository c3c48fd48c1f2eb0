"""The student's verbs: upload an acuse, send it, answer what the machine read."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from common.transitions import TransitionNotAllowed, check
from common.uploads.kinds import DOCUMENT, PHOTO
from notices.actions import cancel, queue
from nss.actions.errors import (
    AnswerNotAsked,
    DataNotConfirmed,
    DeadlineNotPassed,
    DraftIsPDF,
    DraftNotOpened,
    DraftNotTaken,
    DraftReplaced,
    PhotoNotTaken,
    StayIsOver,
    UploadNotAsked,
)
from nss.actions.steps import about, lock_acuse, lock_request, recipient_of
from nss.models import Acuse, NSSRequest
from nss.queries.acuses import files_of, may_add_photo, may_retype
from nss.queries.deadlines import review_promised
from nss.states import ACUSE_MOVES, AcuseState, NSSAnswer, RequestState
from papers.actions import take_folio
from school.models import User
from students import timeline
from students.access import is_open
from students.actions.clock import hold_stay, pause_clocks
from students.actions.files import CheckedFile, checked_upload, keep_file
from students.identity.nss import parse_nss
from students.models import Enrollment, StudentData
from students.queries.deadlines import has_lapsed
from students.states import Event, FileKind, PauseReason

_NO_DRAFT = {AcuseState.REPLACED: DraftReplaced, AcuseState.REFUSED: DraftNotOpened}


def upload_acuse(
    enrollment: Enrollment, *, upload: UploadedFile, key: str, by: User, now: datetime
) -> Acuse:
    """Keep a file as the student's draft; a former draft is replaced, never deleted.

    `key` names one press of the button: uploading under it again returns the first row and stores nothing, and so
    does the very file that waits to be confirmed. The file is checked before the transaction, which holds no lock
    meanwhile. Raises UploadRefused (see students.actions.files), UploadNotAsked and DataNotConfirmed.
    """
    if (twin := _sent_before(enrollment, key)) is not None:
        return twin
    check_own_upload(enrollment)
    with checked_upload(upload, DOCUMENT, enrollment=enrollment) as file, transaction.atomic():
        return _keep_draft(enrollment, file, key=key, by=by, now=now)


def add_photo(
    enrollment: Enrollment, *, upload: UploadedFile, key: str, by: User, now: datetime
) -> Acuse:
    """Add one more photo of the same sheet to the student's draft, and have it read again.

    Where there is no draft any more (another window sent it), the photo becomes a draft of its own: nothing that
    arrived is thrown away. `key` as in upload_acuse. Raises UploadRefused, PhotoNotTaken with three photos or a
    PDF, UploadNotAsked and DataNotConfirmed.
    """
    if (twin := _sent_before(enrollment, key)) is not None:
        return twin
    check_own_upload(enrollment)
    with checked_upload(upload, PHOTO, enrollment=enrollment) as file, transaction.atomic():
        return _keep_photo(enrollment, file, key=key, by=by, now=now)


def upload_acuse_for_student(
    enrollment: Enrollment, *, upload: UploadedFile, key: str, by: User, now: datetime
) -> Acuse:
    """Take an acuse handed over on paper: uploaded and sent at once in the name of the student.

    The data may still be missing: the student confirms them later. Raises UploadRefused and UploadNotAsked.
    """
    if (twin := _sent_before(enrollment, key)) is not None:
        return twin
    _check_is_asked(enrollment)
    with checked_upload(upload, DOCUMENT, enrollment=enrollment) as file, transaction.atomic():
        acuse = _keep_draft(enrollment, file, key=key, by=by, now=now)
        return send_acuse(acuse, by=by, now=now)


@transaction.atomic
def send_acuse(acuse: Acuse, *, by: User, now: datetime, is_claimed_own: bool = False) -> Acuse:
    """Put a draft into the plantel's queue, give it a folio and tell the student.

    What was in review before is replaced. Sending twice is sending once. `is_claimed_own` is «es mío»,
    said although the machine read somebody else's CURP. Raises TransitionNotAllowed for a refused or
    replaced file, UploadNotAsked, and DataNotConfirmed for what the student sends before the data.
    """
    acuse = lock_acuse(acuse)
    if acuse.state == AcuseState.RECEIVED:
        return acuse
    enrollment = acuse.request.enrollment
    _check_open(enrollment, acuse.request)
    if by.pk == enrollment.student.user_id:
        _check_data(enrollment)
    if acuse.state != AcuseState.DRAFT:
        raise TransitionNotAllowed(acuse.state, AcuseState.RECEIVED)
    acuse.is_claimed_own = is_claimed_own
    _enter_queue(acuse, now=now)
    data = {"folio": acuse.folio, "version": acuse.version, "claimed_own": is_claimed_own}
    timeline.record(enrollment, Event.ACUSE_SENT, by=by, at=now, data=data)
    return acuse


@transaction.atomic
def take_draft(acuse: Acuse, *, by: User, now: datetime) -> Acuse:
    """Put a draft that the student left unconfirmed past the deadline into the plantel's queue.

    From there on it is as if the student had sent it: a folio, the clock that stands, the mail. Of the student's own
    confirmation or new file and this one wins. Raises DraftNotTaken when it is no draft any more, DeadlineNotPassed
    while the student's turn lasts or the clock stands, UploadNotAsked when no acuse is asked for.
    """
    acuse = lock_acuse(acuse)
    if acuse.state != AcuseState.DRAFT:
        raise _NO_DRAFT.get(AcuseState(acuse.state), DraftNotTaken)
    enrollment = acuse.request.enrollment
    _check_open(enrollment, acuse.request)
    if not has_lapsed(hold_stay(enrollment), now=now):
        raise DeadlineNotPassed
    _enter_queue(acuse, now=now)
    data = {"folio": acuse.folio, "version": acuse.version}
    timeline.record(enrollment, Event.DRAFT_TAKEN, by=by, at=now, data=data)
    return acuse


@transaction.atomic
def claim_acuse(acuse: Acuse, *, by: User, now: datetime) -> None:
    """Note that the student says «es mío» of an acuse already sent, read as somebody else's.

    Raises AnswerNotAsked once it is reviewed.
    """
    acuse = lock_acuse(acuse)
    if acuse.state != AcuseState.RECEIVED:
        raise AnswerNotAsked
    acuse.is_claimed_own = True
    acuse.save(update_fields=["is_claimed_own"])
    data = {"folio": acuse.folio, "version": acuse.version, "claimed_own": True}
    timeline.record(acuse.request.enrollment, Event.ACUSE_SENT, by=by, at=now, data=data)


@transaction.atomic
def answer_nss(
    acuse: Acuse, *, answer: NSSAnswer | None, typed_nss: str = "", by: User, now: datetime
) -> Acuse:
    """Keep what the student says about the number on the acuse; it never decides anything.

    `answer` is None when nothing was read and the number is only typed. An acuse returned because the number
    differs goes back into the queue with the number typed again, without another photo. Raises NssError for
    a number that cannot be one, AnswerNotAsked when the acuse no longer waits for the answer or the stay is over.
    """
    nss = parse_nss(typed_nss) if answer in {None, NSSAnswer.DIFFERENT} else None
    acuse = lock_acuse(acuse)
    if not is_open(acuse.request.enrollment):
        raise AnswerNotAsked(StayIsOver.sentence)
    is_retyped = may_retype(acuse)
    if acuse.state != AcuseState.RECEIVED and not (is_retyped and nss):
        raise AnswerNotAsked
    acuse.nss_answer = answer or ""
    acuse.typed_nss = nss
    if is_retyped:
        _receive(acuse, now=now)
        acuse.nss = acuse.reviewed_at = acuse.reviewed_by = None
        acuse.return_reason = acuse.return_note = ""
    acuse.save(
        update_fields=[
            *("nss_answer", "typed_nss", "nss", "state", "sent_at", "review_due_on"),
            *("reviewed_at", "reviewed_by", "return_reason", "return_note"),
        ]
    )
    data = {"folio": acuse.folio, "answer": acuse.nss_answer or "TYPED", "again": is_retyped}
    timeline.record(acuse.request.enrollment, Event.NSS_TYPED, by=by, at=now, data=data)
    return acuse


def check_own_upload(enrollment: Enrollment) -> None:
    """Raise UploadNotAsked or DataNotConfirmed when the student has nothing to upload now."""
    _check_is_asked(enrollment)
    _check_data(enrollment)


def _sent_before(enrollment: Enrollment, key: str) -> Acuse | None:
    own = _key(enrollment, key)
    return Acuse.objects.filter(Q(upload_key=own) | Q(more_photos__upload_key=own)).first()


def _key(enrollment: Enrollment, key: str) -> str:
    return f"{enrollment.pk}:{key}"


def _check_is_asked(enrollment: Enrollment) -> None:
    """Before the work of checking a file; whoever holds the lock asks again.

    A number known before the stay, for which no request was opened, needs no acuse.
    """
    request = NSSRequest.objects.filter(enrollment=enrollment).first()
    if request is None and enrollment.student.nss and is_open(enrollment):
        raise UploadNotAsked
    _check_open(enrollment, request)


def _check_open(enrollment: Enrollment, request: NSSRequest | None) -> None:
    if not is_open(enrollment):
        raise StayIsOver
    if request is not None and request.state == RequestState.PROVEN:
        raise UploadNotAsked


def _check_data(enrollment: Enrollment) -> None:
    if not StudentData.objects.filter(enrollment=enrollment, confirmed_at__isnull=False).exists():
        raise DataNotConfirmed


def _keep_draft(
    enrollment: Enrollment, file: CheckedFile, *, key: str, by: User, now: datetime
) -> Acuse:
    request = lock_request(enrollment, now=now)
    if (twin := _sent_before(enrollment, key)) is not None:
        return twin
    _check_open(enrollment, request)
    draft = request.acuses.select_related("file").filter(state=AcuseState.DRAFT).first()
    if draft is not None and files_of(draft)[-1].sha256 == file.sha256:
        return draft
    stored = keep_file(file, enrollment=enrollment, plantel=enrollment.plantel, by=by, now=now)
    _replace(request, AcuseState.DRAFT)
    acuse = Acuse.objects.create(
        request=request,
        plantel=enrollment.plantel,
        file=stored,
        version=request.acuses.count() + 1,
        upload_key=_key(enrollment, key),
        created_at=now,
        created_by=by,
    )
    data = {"version": acuse.version}
    timeline.record(enrollment, Event.ACUSE_UPLOADED, by=by, at=now, data=data)
    return acuse


def _keep_photo(
    enrollment: Enrollment, file: CheckedFile, *, key: str, by: User, now: datetime
) -> Acuse:
    request = lock_request(enrollment, now=now)
    if (twin := _sent_before(enrollment, key)) is not None:
        return twin
    draft = request.acuses.select_related("file").filter(state=AcuseState.DRAFT).first()
    if draft is None:
        return _keep_draft(enrollment, file, key=key, by=by, now=now)
    _check_open(enrollment, request)
    if not may_add_photo(draft):
        raise DraftIsPDF if draft.file.kind == FileKind.PDF else PhotoNotTaken
    stored = keep_file(file, enrollment=enrollment, plantel=enrollment.plantel, by=by, now=now)
    number = draft.more_photos.count() + 2
    draft.more_photos.create(file=stored, number=number, upload_key=_key(enrollment, key))
    data = {"version": draft.version, "photo": number}
    timeline.record(enrollment, Event.ACUSE_UPLOADED, by=by, at=now, data=data)
    return draft


def _enter_queue(acuse: Acuse, *, now: datetime) -> None:
    """A draft goes into review with a folio of its own; what was in review before makes room."""
    plantel = acuse.request.enrollment.plantel
    _replace(acuse.request, AcuseState.RECEIVED)
    acuse.folio = take_folio("A", plantel, year=now.astimezone(plantel.zone).year)
    _receive(acuse, now=now)
    acuse.save(update_fields=["state", "folio", "sent_at", "review_due_on", "is_claimed_own"])


def _receive(acuse: Acuse, *, now: datetime) -> None:
    """The move into review, where the student's clock stands, and the mail that says until when it is reviewed."""
    check(ACUSE_MOVES, acuse.state, AcuseState.RECEIVED)
    enrollment = acuse.request.enrollment
    today = now.astimezone(enrollment.plantel.zone).date()
    acuse.state = AcuseState.RECEIVED
    acuse.sent_at = now
    acuse.review_due_on = review_promised(enrollment, received_on=today)
    pause_clocks([enrollment.pk], PauseReason.REVIEW, now=now)
    cancel(about(enrollment), messages=["M-08"])
    queue(
        f"acuse:{acuse.pk}:received:{now.isoformat()}",
        "M-06",
        to=recipient_of(enrollment),
        plantel=enrollment.plantel,
        about=about(enrollment),
        context={
            "folio": acuse.folio,
            "acuse": acuse.public_id,
            "review_due_on": acuse.review_due_on and acuse.review_due_on.isoformat(),
        },
        now=now,
    )


def _replace(request: NSSRequest, state: AcuseState) -> None:
    """The acuse of the request in that state, if any, makes room for a newer one."""
    check(ACUSE_MOVES, state, AcuseState.REPLACED)
    request.acuses.filter(state=state).update(state=AcuseState.REPLACED)
