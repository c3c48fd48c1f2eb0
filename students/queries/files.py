"""Reads of stored files."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from common.uploads import Kind
from school.access import Ability
from students.models import Enrollment, StoredFile
from students.states import FileKind, FileState, Look

ORIGINAL = "original"
_OF_IMSS = ("acuse", "acuse_photo", "umf_registration", "vigencia_check")
"""What holds a document of IMSS: an acuse, a carnet, a constancia de vigencia."""
PATIENCE = timedelta(seconds=30)
"""How long the app a document belongs to has to prepare it itself, before the general sweep does."""


def files_to_prepare(now: datetime) -> QuerySet[StoredFile]:
    """Return the students' documents that still wait for their safe pictures, the oldest first."""
    kinds = [FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.HEIC]
    return StoredFile.objects.filter(
        state=FileState.QUARANTINED,
        kind__in=kinds,
        enrollment__isnull=False,
        uploaded_at__lt=now - PATIENCE,
    ).order_by("uploaded_at", "pk")


@dataclass(frozen=True)
class Sendable:
    """One thing of a file that can be sent: where it lies, what it is, and what looking at it is called.

    `stay` is None for a scanned sheet that nobody has filed yet.
    """

    file: StoredFile
    stay: Enrollment | None
    path: str
    content_type: str
    name: str
    look: Look
    ability: Ability


def sendable(public_id: str, what: str) -> Sendable | None:
    """Return the original («original») or the safe picture of a page («1», «2» …), None without one.

    Only a file that was found harmless has either; a roster or a whole pile of sheets is never sent.
    """
    file = (
        StoredFile.objects.select_related(
            "enrollment__student",
            "enrollment__plantel",
            "plantel",
            "acuse",
            "acuse_photo",
            "umf_registration",
            "vigencia_check",
            "pile_page",
            "renuncia__enrollment__student",
        )
        .filter(public_id=public_id, state=FileState.READY)
        .first()
    )
    if file is None or not (file.enrollment or is_sheet(file)):
        return None
    return _original(file) if what == ORIGINAL else _page(file, what)


def is_sheet(file: StoredFile) -> bool:
    """Tell whether a file is a scanned sheet, held by a renuncia or by the pile that it came with."""
    return hasattr(file, "renuncia") or hasattr(file, "pile_page")


def _stay_of(file: StoredFile) -> Enrollment | None:
    """A scanned sheet is of whose renuncia holds it, and of nobody once it was taken out of there."""
    return file.renuncia.enrollment if hasattr(file, "renuncia") else file.enrollment


def _original(file: StoredFile) -> Sendable:
    kind = Kind(file.kind)
    stem = file.original_name.rpartition(".")[0] or file.original_name or "archivo"
    name = f"{stem}.{kind.extension}"
    ability = _ability(file, Ability.OPEN_ORIGINAL)
    stay = _stay_of(file)
    return Sendable(file, stay, file.path, kind.content_type, name, Look.ORIGINAL, ability)


def _page(file: StoredFile, what: str) -> Sendable | None:
    pages = {str(number): path for number, path in enumerate(file.derivative_pages, 1)}
    if what not in pages:
        return None
    name = f"pagina-{what}.jpg"
    ability, stay = _ability(file, Ability.SEE_DOCUMENT), _stay_of(file)
    return Sendable(file, stay, pages[what], Kind.JPEG.content_type, name, Look.DOCUMENT, ability)


def _ability(file: StoredFile, of_acuse: Ability) -> Ability:
    """A document of IMSS is shown to whoever reviews or consults; what came otherwise, to who handles it."""
    if is_sheet(file):
        return Ability.REGISTER_RENUNCIA
    is_of_imss = any(hasattr(file, held) for held in _OF_IMSS)
    return of_acuse if is_of_imss else Ability.SEE_EVIDENCE
