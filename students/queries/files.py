"""Reads of stored files."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from common.uploads import Kind
from school.access import Ability
from students.models import Enrollment, StoredFile
from students.states import FileKind, FileState, Look

ORIGINAL = "original"
PATIENCE = timedelta(seconds=30)
"""How long the app a document belongs to has to prepare it itself, before the general sweep does."""


def files_to_prepare(now: datetime) -> QuerySet[StoredFile]:
    """This will return the students' documents that still wait for their safe pictures, the oldest first."""
    kinds = [FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.HEIC]
    return StoredFile.objects.filter(
        state=FileState.QUARANTINED,
        kind__in=kinds,
        enrollment__isnull=False,
        uploaded_at__lt=now - PATIENCE,
    ).order_by("uploaded_at", "pk")


@dataclass(frozen=True)
class Sendable:
    """One thing of a file that can be sent: where it lies, what it is, and what looking at it is called."""

    file: StoredFile
    stay: Enrollment
    path: str
    content_type: str
    name: str
    look: Look
    ability: Ability


def sendable(public_id: str, what: str) -> Sendable | None:
    """This will return the original («original») or the safe picture of a page («1», «2» …), None without one.

    Only a file that was found harmless has either; a roster belongs to nobody's stay and is never sent.
    """
    file = (
        StoredFile.objects.select_related(
            "enrollment__student", "enrollment__plantel", "acuse", "acuse_photo"
        )
        .filter(public_id=public_id, state=FileState.READY, enrollment__isnull=False)
        .first()
    )
    if file is None or file.enrollment is None:
        return None
    return (
        _original(file, file.enrollment) if what == ORIGINAL else _page(file, file.enrollment, what)
    )


def _original(file: StoredFile, stay: Enrollment) -> Sendable:
    kind = Kind(file.kind)
    stem = file.original_name.rpartition(".")[0] or file.original_name or "archivo"
    name = f"{stem}.{kind.extension}"
    ability = _ability(file, Ability.OPEN_ORIGINAL)
    return Sendable(file, stay, file.path, kind.content_type, name, Look.ORIGINAL, ability)


def _page(file: StoredFile, stay: Enrollment, what: str) -> Sendable | None:
    pages = {str(number): path for number, path in enumerate(file.derivative_pages, 1)}
    if what not in pages:
        return None
    name = f"pagina-{what}.jpg"
    ability = _ability(file, Ability.SEE_DOCUMENT)
    return Sendable(file, stay, pages[what], Kind.JPEG.content_type, name, Look.DOCUMENT, ability)


def _ability(file: StoredFile, of_acuse: Ability) -> Ability:
    """An acuse is shown to whoever reviews or consults; what came with a report, to who handles it."""
    is_acuse = hasattr(file, "acuse") or hasattr(file, "acuse_photo")
    return of_acuse if is_acuse else Ability.SEE_EVIDENCE
