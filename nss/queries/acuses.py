"""Reads of one student's acuses and what was read from them."""

from django.db.models import Q

from common.prepared import Given, Prepared
from nss.models import MAX_PHOTOS, Acuse, AcusePhoto, Reading
from nss.states import AcuseState, RequestState, ReturnReason
from students.models import Enrollment, StoredFile, Student
from students.states import FileKind, FileState

TO_CORRECT = Q(state=AcuseState.RETURNED) | Q(state=AcuseState.REFUSED, folio__isnull=False)
"""Acuses that the student sent and must send again: returned by a person, or opened by no machine."""

_PHOTOS = Prepared(
    lambda: (
        AcusePhoto.objects.filter(acuse=Given("acuse")).select_related("file").order_by("number")
    )
)
_LAST_READING = Prepared(
    lambda: Reading.objects.filter(acuse=Given("acuse")).order_by("-created_at", "-pk")[:1]
)
_HOLDER = Prepared(lambda: Student.objects.filter(nss=Given("nss")))


def current_acuse(enrollment: Enrollment) -> Acuse | None:
    """Return the version that counts now: the newest; None when nothing was uploaded.

    It may be a draft, in review, accepted, returned or refused. Older versions are history.
    """
    return (
        Acuse.objects.filter(request__enrollment=enrollment)
        .exclude(state=AcuseState.REPLACED)
        .select_related(
            "file",
            "request__enrollment__student",
            "request__enrollment__plantel",
            "request__enrollment__cycle",
        )
        .order_by("-version")
        .first()
    )


def files_of(acuse: Acuse) -> list[StoredFile]:
    """Return the files of an acuse in their order: one PDF, or up to MAX_PHOTOS photos of the sheet."""
    if acuse.file.kind == FileKind.PDF:
        return [acuse.file]
    return [acuse.file, *(photo.file for photo in _PHOTOS.rows(acuse=acuse.pk))]


def originals_of(acuse: Acuse) -> list[StoredFile]:
    """Return the files of an acuse that can be handed out as they came."""
    return [file for file in files_of(acuse) if file.state == FileState.READY]


def may_add_photo(acuse: Acuse) -> bool:
    """Tell whether one more photo fits: into a draft of photos, up to MAX_PHOTOS."""
    is_photo = acuse.state == AcuseState.DRAFT and acuse.file.kind != FileKind.PDF
    return is_photo and acuse.more_photos.count() + 1 < MAX_PHOTOS


def is_newest(acuse: Acuse) -> bool:
    """Tell whether no newer version was uploaded."""
    return not Acuse.objects.filter(request=acuse.request_id, version__gt=acuse.version).exists()


def may_retype(acuse: Acuse) -> bool:
    """Tell whether typing the number again is all that the plantel asked for."""
    return (
        acuse.state == AcuseState.RETURNED
        and acuse.return_reason == ReturnReason.NSS_DIFFERS
        and acuse.request.state == RequestState.OPEN
        and is_newest(acuse)
    )


def reading_of(acuse: Acuse) -> Reading | None:
    """Return the latest reading of an acuse; None while it waits for one."""
    return _LAST_READING.first(acuse=acuse.pk)


def has_read_all(acuse: Acuse, reading: Reading) -> bool:
    """Tell whether no photo of the acuse came after that reading."""
    return not AcusePhoto.objects.filter(acuse=acuse, number__gt=reading.photos).exists()


def read_nss(reading: Reading | None) -> str:
    """Return the number that the machine is sure of, or the empty string."""
    return read_value(reading, "nss")


def read_value(reading: Reading | None, name: str) -> str:
    """Return one field as read (nss, curp, names, issued_date), or the empty string."""
    field = (reading.fields.get(name) if reading else None) or {}
    return str(field.get("value") or "")


def read_box(reading: Reading | None, name: str) -> tuple[int, list[float]] | None:
    """Return the page (from 1) and the left, top, right, bottom (0–1 of the page) of a field."""
    field = (reading.fields.get(name) if reading else None) or {}
    box = field.get("box")
    return (int(field.get("page") or 1), [float(side) for side in box]) if box else None


def known_nss(acuse: Acuse) -> str:
    """Return the number without the machine: corrected by staff, typed by the student, or proven before."""
    return acuse.nss or acuse.typed_nss or acuse.request.enrollment.student.nss or ""


def nss_holder(nss: str, *, other_than: Student) -> Student | None:
    """Return who else holds the number, in whichever plantel. Raises ValueError without a number."""
    if not nss:
        raise ValueError("nobody is looked up without a number")
    holder = _HOLDER.first(nss=nss)
    return holder if holder != other_than else None


def sent_acuse(enrollment: Enrollment, public_id: str) -> Acuse | None:
    """Return an acuse that this student sent, whatever became of it since."""
    return (
        Acuse.objects.filter(
            request__enrollment=enrollment, public_id=public_id, folio__isnull=False
        )
        .select_related("file", "request__enrollment__student", "request__enrollment__plantel")
        .first()
    )
