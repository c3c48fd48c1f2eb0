"""The generated cases of the upload rules and what becomes of each: one table, each id once.

A row is several files where the rule names several, and an id has a second row where its files part ways. A
refusal is named by its code, ACCEPT means stored and drawn, SETTLED one of the two: whoever reads it comes to its
end. ANY promises nothing but that it ends and the portal lives. Cases of requests (N) and of whole
rosters (X8–X12) are tests of their own: their outcome is more than a code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.samples import hostile
from tests.samples import hostile_documents as documents
from tests.samples import hostile_pictures as pictures
from tests.samples import hostile_tables as tables
from tests.samples.mutations import mutations

ACCEPT, SETTLED, ANY = "ACCEPT", "SETTLED", "ANY"


@dataclass(frozen=True)
class Sample:
    """One file: the name it comes under and what makes its bytes."""

    name: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """One row: its id, what becomes of its files, and the files."""

    id: str
    outcome: str
    samples: tuple[Sample, ...]


def case(id_: str, outcome: str, name: str, *makes: Callable[[], bytes]) -> Case:
    """Return a row whose files all come under one name."""
    return Case(id_, outcome, tuple(Sample(name, make) for make in makes))


def named(id_: str, outcome: str, make: Callable[[], bytes], *names: str) -> Case:
    """Return a row of one content under several names."""
    return Case(id_, outcome, tuple(Sample(name, make) for name in names))


def each(make: Callable[..., bytes], *values: object) -> list[Callable[[], bytes]]:
    """Return one maker for each value."""
    return [partial(make, value) for value in values]


def cut(make: Callable[[], bytes], *shares: float) -> list[Callable[[], bytes]]:
    """Return makers of the first parts of a file."""
    return [partial(lambda part: pictures.cut(make(), part), share) for share in shares]


PDF, JPG, PNG, HEIC = "acuse.pdf", "foto.jpg", "foto.png", "IMG_0001.HEIC"
OTHERS = ("GIF", "BMP", "TIFF", "WEBP", "AVIF", "EPS", "ICNS")
LEAVING = ("Launch", "GoToR", "SubmitForm", "ImportData")

DOCUMENTS = (
    case("P1", "EMPTY", PDF, bytes),
    case("P2", "PDF_DAMAGED", PDF, hostile.only_header),
    case("P3", ANY, PDF, *cut(documents.look_alike, 0.1, 0.5, 0.9)),
    case("P4", ACCEPT, PDF, documents.look_alike),
    case("P5", ACCEPT, PDF, *each(documents.scan, 1, 3)),
    case("P6", "PDF_ENCRYPTED", PDF, hostile.user_password),
    case("P7", ACCEPT, PDF, hostile.owner_password),
    case("P8", "TOO_MANY_PAGES", PDF, hostile.many_pages, *each(hostile.plain_pdf, 11)),
    case("P9", ANY, PDF, hostile.lying_count),
    case("P10", "PDF_DAMAGED", PDF, hostile.page_loop, hostile.deep_pages, hostile.deep_arrays),
    case("P11", ANY, PDF, hostile.flate_bomb),
    case("P12", ANY, PDF, documents.large_content),
    case("P13", ANY, PDF, documents.large_image),
    case("P14", "PAGE_TOO_LARGE", PDF, hostile.huge_page),
    case(
        "P15",
        "PDF_ACTIVE",
        PDF,
        hostile.script_direct,
        hostile.script_indirect,
        hostile.script_on_page,
    ),
    case("P16", "PDF_ACTIVE", PDF, hostile.rich_media, *each(hostile.action, *LEAVING)),
    case("P17", "PDF_ATTACHMENTS", PDF, hostile.attachment, hostile.attachment_on_page),
    case("P18", "PDF_ACTIVE", PDF, documents.xfa_form),
    case("P18 plain form", ACCEPT, PDF, documents.plain_form),
    case("P19", ACCEPT, PDF, documents.signed),
    case("P20", ACCEPT, PDF, hostile.web_link),
    case("P21", "TYPE_MISMATCH", PDF, hostile.late_header),
    case("P22", "PDF_DAMAGED", PDF, hostile.zip_behind),
    case("P23", "TYPE_MISMATCH", PDF, lambda: b"<html><script>", hostile.jpeg),
    case("P23 as picture", "TYPE_MISMATCH", JPG, hostile.plain_pdf),
    case(
        "P24",
        ANY,
        PDF,
        documents.without_pages,
        documents.without_catalog,
        documents.misplaced_objects,
    ),
    case(
        "P25",
        SETTLED,
        PDF,
        *mutations(3, documents.plain_form, documents.signed, hostile.web_link),
    ),
    case("P25 photo", SETTLED, JPG, *mutations(4, hostile.jpeg_with_place)),
    case("P25 PNG", SETTLED, PNG, *mutations(3, hostile.png)),
    case("P25 HEIC", SETTLED, HEIC, *mutations(3, pictures.heic)),
    case("P27", ACCEPT, PDF, *each(hostile.plain_pdf, 1, 10)),
    case("I1", ACCEPT, JPG, *each(hostile.turned_jpeg, *range(2, 9))),
    case("I2", ACCEPT, JPG, hostile.jpeg_with_place),
    case("I3", ACCEPT, HEIC, pictures.heic, pictures.heic_with_place),
    case("I4", ACCEPT, HEIC, *each(pictures.heic_with_place, 6)),
    case("I6", "IMAGE_TOO_LARGE", HEIC, pictures.enormous_heic),
    case("I6 damaged", "IMAGE_DAMAGED", HEIC, *cut(pictures.heic, 0.2, 0.6, 0.95)),
    case("I7", ACCEPT, JPG, pictures.two_pictures),
    case("I8", "IMAGE_TOO_LARGE", PNG, *each(pictures.square_png, 12_000, 30_000)),
    case("I9", "IMAGE_TOO_LARGE", PNG, pictures.long_strip),
    case("I10", "IMAGE_DAMAGED", JPG, *cut(hostile.jpeg, 0.1, 0.5, 0.9)),
    case("I11", ACCEPT, JPG, pictures.archive_behind, pictures.page_behind),
    named("I12", "TYPE_NOT_ALLOWED", pictures.drawing_with_script, PNG, JPG, "foto.svg"),
    case("I13", "TYPE_NOT_ALLOWED", "foto", *each(pictures.other_format, *OTHERS)),
    case("I14", ANY, PNG, pictures.moving_png),
    case("I15", ANY, PNG, pictures.text_bomb, pictures.profile_bomb, pictures.large_profile),
    case("I16", ACCEPT, JPG, *each(pictures.jpeg_in_mode, "CMYK", "L")),
    case("I16 PNG", ACCEPT, PNG, *each(pictures.png_in_mode, "I;16", "1", "P", "LA", "RGBA")),
    case("I17", ACCEPT, HEIC, hostile.jpeg),
    case("I17 other way round", ACCEPT, JPG, pictures.heic),
    case("I18", ACCEPT, PNG, *each(pictures.one_colour, "black", "white"), pictures.tiny),
)

XLSX = "lista.xlsx"
ROSTERS = (
    case("X1", "ARCHIVE_DAMAGED", XLSX, *tables.with_entity(tables.XXE)),
    case("X2", "ARCHIVE_DAMAGED", XLSX, *tables.with_entity(tables.LAUGHS)),
    case("X3", "TOO_MANY_ROWS", XLSX, tables.million_rows),
    case("X4", "TOO_MANY_ROWS", XLSX, tables.far_cell),
    case("X5", "ARCHIVE_DAMAGED", XLSX, tables.two_names, tables.climbing_name, tables.cut_archive),
    named("X6", "TYPE_NOT_ALLOWED", tables.good, "lista.xlsm", "lista.xlsb", "lista.ods"),
    case("X6 no archive", "TYPE_NOT_ALLOWED", XLSX, tables.plain_csv),
    case("X6 old", "TYPE_NOT_ALLOWED", "lista.xls", tables.old_workbook, lambda: b"<html><table>"),
    case("X7", "XLSX_ENCRYPTED", XLSX, tables.old_workbook),
    case("X10", ACCEPT, "lista.csv", *tables.encodings()),
    case("X12", ACCEPT, XLSX, *each(tables.many_rows, 5_000)),
    case("X12 one more", "TOO_MANY_ROWS", XLSX, *each(tables.many_rows, 5_001)),
)
