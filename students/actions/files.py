"""Files in: checked, written to quarantine, prepared for the eye. The only writes of StoredFile."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from common.transitions import check
from common.uploads import (
    HEAD_BYTES,
    MAX_BYTES_PER_STUDENT,
    MAX_FILES_PER_STUDENT,
    ChildResult,
    Kind,
    Limits,
    NoSlot,
    Purpose,
    Refusal,
    Refused,
    check_size,
    kind_of,
    run_child,
    with_room_for,
)
from common.uploads.antivirus import check_viruses
from school.models import Plantel, User
from students.models import Enrollment, StoredFile
from students.states import FILE_MOVES, FileState

CHECK_JOB = "common.uploads.documents:check_file"
DERIVATIVE_JOB = "common.uploads.documents:make_derivatives"
CHECK_LIMITS = Limits(cpu_seconds=5, wall_seconds=8)
NAME_LENGTH = 150


class UploadRefused(Exception):
    """The file breaks a rule and nothing was stored; `sentence` says what happened and how to fix it."""

    def __init__(self, refused: Refused, *, is_table: bool = False) -> None:
        super().__init__(refused.code.value)
        self.code = refused.code
        self.refused = refused
        self.sentence = refused.sentence(table=is_table)
        self.staff_sentence = refused.sentence(table=is_table, staff=True)


@dataclass(frozen=True)
class CheckedFile:
    """An upload on disk that broke no rule; `keep_file` gives it its row."""

    path: str
    sha256: str
    size: int
    kind: Kind
    name: str
    pages: int = 0


@contextmanager
def checked_upload(
    upload: UploadedFile, purpose: Purpose, *, enrollment: Enrollment | None = None
) -> Iterator[CheckedFile]:
    """Hold an upload, checked and in quarantine under a random name, for who gives it a row inside.

    Size and first bytes are looked at here, then the virus scanner looks, if there is one, before anything is
    written; then the structure of a document in a child process, if one is free within two seconds, else later by
    the sweep. That takes seconds, so it goes around the transaction, never inside. A file that got no row is deleted
    at the end. Raises UploadRefused.
    """
    with _refusals_for_people(is_table=purpose.is_table):
        check_size(upload.size or 0, purpose)
        kind = kind_of(_head(upload), upload.name or "", purpose)
        if enrollment is not None:
            _check_quota(enrollment, upload.size or 0)
        check_viruses(upload.chunks())
    path = _random_path()
    try:
        with _refusals_for_people(is_table=purpose.is_table):
            sha256, size = _write(upload, path)
            pages = 0 if purpose.is_checked_later else _check_structure(path, kind)
        yield CheckedFile(path, sha256, size, kind, clean_name(upload.name or ""), pages)
    finally:
        if not StoredFile.objects.filter(path=path).exists():
            absolute(path).unlink(missing_ok=True)


@transaction.atomic
def keep_file(
    file: CheckedFile,
    *,
    plantel: Plantel,
    by: User,
    now: datetime,
    enrollment: Enrollment | None = None,
) -> StoredFile:
    """Give a checked upload its row: the file was whole on disk before, so no row is without one.

    Raises UploadRefused over the student's quota, and for the very file that the student sent last.
    """
    if enrollment is not None:
        with _refusals_for_people():
            _check_quota(enrollment, file.size)
            _check_new(enrollment, file.sha256)
    return StoredFile.objects.create(
        enrollment=enrollment,
        plantel=plantel,
        uploaded_by=by,
        uploaded_at=now,
        kind=file.kind.value,
        original_name=file.name,
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        pages=file.pages,
    )


@transaction.atomic
def keep_picture(
    content: bytes, *, name: str, plantel: Plantel, by: User, now: datetime
) -> StoredFile:
    """Keep a clean JPEG that a child of ours made of one page: it is its own safe picture.

    It is nobody's by itself: whatever holds it says whose it is. Rolled back, it leaves the bytes on disk, where
    the sweep of files without a row finds them.
    """
    path = _random_path()
    _write_bytes(path, content)
    return StoredFile.objects.create(
        plantel=plantel,
        uploaded_by=by,
        uploaded_at=now,
        kind=Kind.JPEG.value,
        state=FileState.READY,
        original_name=name,
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=1,
        derivative_pages=[path],
    )


@transaction.atomic
def keep_derivatives(file: StoredFile, pictures: Mapping[str, bytes], *, pages: int) -> StoredFile:
    """Keep the safe pictures of a file's pages and call it ready; twice is once."""
    locked = StoredFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if locked.state == FileState.READY:
        return locked
    check(FILE_MOVES, locked.state, FileState.READY)
    names = []
    for number, name in enumerate(sorted(pictures), 1):
        names.append(f"{locked.path}-{number:02}")
        _write_bytes(names[-1], pictures[name])
    locked.state, locked.pages, locked.derivative_pages = FileState.READY, pages, names
    locked.save(update_fields=["state", "pages", "derivative_pages"])
    return locked


@transaction.atomic
def refuse_file(file: StoredFile, code: Refusal) -> StoredFile:
    """Mark a file that turned out to break a rule; its original stays in quarantine. Twice is once."""
    locked = StoredFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if locked.state != FileState.REFUSED:
        check(FILE_MOVES, locked.state, FileState.REFUSED)
        locked.state, locked.refusal = FileState.REFUSED, code.value
        locked.save(update_fields=["state", "refusal"])
    return locked


def prepare_file(file: StoredFile) -> StoredFile:
    """Draw the safe pictures of a waiting document, or refuse it. Raises NoSlot."""
    kind = Kind(file.kind)
    result = run_child(
        DERIVATIVE_JOB,
        absolute(file.path),
        limits=with_room_for(kind),
        arguments={"kind": file.kind},
        wait_seconds=5,
    )
    if result.is_done:
        return keep_derivatives(file, result.files, pages=result.value["pages"])
    return refuse_file(file, refusal_of(result, kind))


def refusal_of(result: ChildResult, kind: Kind) -> Refusal:
    """Return why a child did not accept a file; a file that kills its parser is a damaged one."""
    if result.refused is not None:
        return result.refused.code
    return Refusal.PDF_DAMAGED if kind is Kind.PDF else Refusal.IMAGE_DAMAGED


def absolute(path: str) -> Path:
    """Return where a stored path lies on disk, outside the web root."""
    return Path(settings.MEDIA_ROOT) / path


def clean_name(name: str) -> str:
    """Return the original name as plain text for people: no folders, no invisible or control characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        char
        for char in unicodedata.normalize("NFC", base)
        if unicodedata.category(char)[0] not in {"C", "Z"} or char == " "
    )
    stem, dot, extension = kept.strip(" .").rpartition(".")
    room = NAME_LENGTH - len(dot + extension)
    return f"{stem[:room]}{dot}{extension}" if room > 0 else kept[:NAME_LENGTH]


def _head(upload: UploadedFile) -> bytes:
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    return bytes(head)


def _check_quota(enrollment: Enrollment, size: int) -> None:
    files = StoredFile.objects.filter(enrollment=enrollment)
    stored = files.aggregate(total=Sum("size"))["total"] or 0
    if files.count() >= MAX_FILES_PER_STUDENT or stored + size > MAX_BYTES_PER_STUDENT:
        raise Refused(Refusal.TOO_MANY_FILES)


def _check_new(enrollment: Enrollment, sha256: str) -> None:
    """Refuse the very file that the student sent last; an older one may come back."""
    last = StoredFile.objects.filter(enrollment=enrollment).order_by("-uploaded_at", "-pk").first()
    if last is not None and last.sha256 == sha256:
        raise Refused(Refusal.ALREADY_SENT)


@contextmanager
def _refusals_for_people(*, is_table: bool = False) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise UploadRefused(refused, is_table=is_table) from None


def _check_structure(path: str, kind: Kind) -> int:
    """Return the number of pages, 0 when nobody could look yet: the sweep does it then."""
    try:
        limits = with_room_for(kind, CHECK_LIMITS)
        result = run_child(CHECK_JOB, absolute(path), limits=limits, arguments={"kind": kind.value})
    except NoSlot:
        return 0
    if result.is_done:
        return int(result.value["pages"])
    raise result.refused or Refused(refusal_of(result, kind))


def _random_path() -> str:
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def _write(upload: UploadedFile, path: str) -> tuple[str, int]:
    """Write, fsync, rename; return the SHA-256 in hex and the bytes."""
    digest, size = hashlib.sha256(), 0
    with _replacing(path) as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


def _write_bytes(path: str, content: bytes) -> None:
    with _replacing(path) as file:
        file.write(content)


@contextmanager
def _replacing(path: str) -> Iterator[IO[bytes]]:
    """Write beside the final name, fsync, rename, fsync the folder: whole under its name or not there."""
    final = absolute(path)
    final.parent.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    partial = final.with_name(f"{final.name}.part")
    try:
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb"
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(final)
    finally:
        partial.unlink(missing_ok=True)
    folder = os.open(final.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
