"""Which files may come in, how large, and what their first bytes say they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from common.uploads.refusals import Refusal, Refused

MEGABYTE = 1024 * 1024
HEAD_BYTES = 4096
MAX_PAGES = 10
MAX_PILE_PAGES = 100
MAX_PIXELS = 50_000_000
MAX_SIDE_PIXELS = 12_000
MAX_PAGE_POINTS = 14_400
MAX_TRAILING_BYTES = 1024
MAX_FILES_PER_STUDENT = 20
MAX_BYTES_PER_STUDENT = 60 * MEGABYTE


class Kind(StrEnum):
    """The kinds of file the portal stores."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"
    XLSX = "XLSX"
    CSV = "CSV"

    @property
    def content_type(self) -> str:
        """Our own Content-Type; what the browser claimed is never repeated."""
        return _CONTENT_TYPES[self]

    @property
    def extension(self) -> str:
        """The extension a download of this kind gets."""
        return "jpg" if self is Kind.JPEG else self.value.lower()


_CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.HEIC: "image/heic",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Purpose:
    """What an upload is for: the kinds it may have and its largest size in bytes.

    `words` names the kinds on the page, `accept` tells them to the browser's file dialogue, which does not count
    HEIC among the pictures everywhere. What `is_checked_later` is not looked into before the worker does.
    """

    kinds: frozenset[Kind]
    max_bytes: int
    words: str = ""
    accept: str = ""
    is_checked_later: bool = False

    @property
    def is_table(self) -> bool:
        """True for rosters, whose refusals speak to staff."""
        return Kind.XLSX in self.kinds


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.HEIC})
DOCUMENT = Purpose(
    PICTURES | {Kind.PDF},
    10 * MEGABYTE,
    "PDF, JPG, PNG o HEIC",
    "application/pdf,image/*,.heic,.heif",
)
PHOTO = Purpose(PICTURES, 10 * MEGABYTE, "JPG, PNG o HEIC", "image/*,.heic,.heif")
ROSTER = Purpose(frozenset({Kind.XLSX, Kind.CSV}), 10 * MEGABYTE, is_checked_later=True)
PILE = Purpose(
    frozenset({Kind.PDF, Kind.JPEG, Kind.PNG}),
    40 * MEGABYTE,
    "PDF, JPG o PNG",
    "application/pdf,image/jpeg,image/png",
    is_checked_later=True,
)

_IMAGE_EXTENSIONS = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".heic", ".heif", ".webp"})
_HEVC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"msf1"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(head: bytes, name: str, purpose: Purpose) -> Kind:
    """Return what the first bytes are, looking at byte 0 only; the name can only spoil it.

    `head` holds the first `HEAD_BYTES` bytes. Raises Refused with EMPTY, TYPE_NOT_ALLOWED,
    TYPE_MISMATCH (a PDF by name that is none, or a picture by name that is a PDF), PHOTO_ONLY (a PDF
    where only photos are taken) or, for rosters, XLSX_ENCRYPTED.
    """
    if not head:
        raise Refused(Refusal.EMPTY)
    extension = PurePosixPath(name.lower()).suffix
    kind = _table_kind(head, extension) if purpose.is_table else _document_kind(head)
    if not purpose.is_table and extension == ".pdf" and kind is not Kind.PDF:
        raise Refused(Refusal.TYPE_MISMATCH)
    if kind is Kind.PDF and purpose.kinds == PICTURES:
        raise Refused(Refusal.PHOTO_ONLY)
    if kind is None or kind not in purpose.kinds:
        raise Refused(Refusal.TYPE_NOT_ALLOWED)
    if kind is Kind.PDF and extension in _IMAGE_EXTENSIONS:
        raise Refused(Refusal.TYPE_MISMATCH)
    return kind


def check_size(size: int, purpose: Purpose) -> None:
    """Refuse an empty file and one over the purpose's limit, naming both sizes."""
    if size == 0:
        raise Refused(Refusal.EMPTY)
    if size > purpose.max_bytes:
        limit = f"{purpose.max_bytes // MEGABYTE} MB"
        raise Refused(Refusal.TOO_LARGE, limit=limit, size=f"{-(-size // MEGABYTE)} MB")


def _document_kind(head: bytes) -> Kind | None:
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    return Kind.HEIC if _is_heic(head) else None


def _is_heic(head: bytes) -> bool:
    """Read the brands of an ISO media file (ISO/IEC 23008-12, `ftyp`): HEVC pictures, never AVIF or video."""
    if head[4:8] != b"ftyp":
        return False
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[at : at + 4] for at in range(16, length - 3, 4)}
    return bool(brands & _HEVC_BRANDS) or (head[8:12] in _HEIF_BRANDS and b"avif" not in brands)


def _table_kind(head: bytes, extension: str) -> Kind | None:
    if head.startswith(_OLE) and extension == ".xlsx":
        raise Refused(Refusal.XLSX_ENCRYPTED)
    if head.startswith(b"PK\x03\x04"):
        return Kind.XLSX if extension in {".xlsx", ""} else None
    if extension not in {".csv", ".txt", ""} or head.lstrip().startswith((b"%PDF-", b"<")):
        return None
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Kind.CSV if is_utf16 or b"\x00" not in head else None
