"""PDFs and pictures inside the limited child: is the file what it should be, and its page images.

The structure of a PDF is checked without decoding one stream; drawing comes later, in its own run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from common.images import DERIVATIVE_SIDE, derivative, open_picture
from common.uploads.kinds import (
    HEAD_BYTES,
    MAX_PAGE_POINTS,
    MAX_PAGES,
    MAX_TRAILING_BYTES,
    Kind,
)
from common.uploads.refusals import Refusal, Refused

MAX_OBJECTS = 100_000
DERIVATIVE_DPI = 150
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/GoToR",
    "/GoToE",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/RichMediaExecute",
    "/Movie",
    "/Sound",
}
ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
ACTIVE_SUBTYPES = {"/RichMedia", "/Movie", "/Screen", "/3D"}
ATTACHMENT_KEYS = {"/EmbeddedFiles", "/EF", "/Collection"}


def check_file(inputs: list[Path], arguments: dict[str, Any], _output: Path) -> dict[str, Any]:
    """Check the structure of one PDF or picture (a job of the runner).

    `arguments` hold its kind and, where it is not the usual one, the limit of pages.
    """
    most_pages = arguments.get("most_pages", MAX_PAGES)
    return {"pages": check(inputs[0], Kind(arguments["kind"]), most_pages=most_pages)}


def make_derivatives(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Check one file and draw the safe pictures of its pages (a job of the runner)."""
    kind = Kind(arguments["kind"])
    pages = check(inputs[0], kind)
    for number, image in enumerate(page_images(inputs[0], kind, DERIVATIVE_SIDE), 1):
        save_derivative(image, number, output)
    return {"pages": pages}


def save_derivative(image: Image.Image, number: int, output: Path) -> None:
    """Leave the safe picture of page `number` (from 1) among the files of the job."""
    (output / f"page-{number:02}.jpg").write_bytes(derivative(image))


def check(path: Path, kind: Kind, *, most_pages: int = MAX_PAGES) -> int:
    """Return the number of pages, or raise Refused when the file breaks a rule."""
    if kind is Kind.PDF:
        return check_pdf(path, most_pages=most_pages)
    open_picture(path)
    return 1


def check_pdf(path: Path, *, most_pages: int = MAX_PAGES) -> int:
    """Return the number of pages of a harmless PDF.

    Raises Refused: PDF_ENCRYPTED (only by a user password: an owner password is usual in official
    PDFs), PDF_DAMAGED, PDF_ACTIVE, PDF_ATTACHMENTS, TOO_MANY_PAGES, PAGE_TOO_LARGE.
    """
    _check_ends(path)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            pages = _check_pages(pdf, most_pages)
            _check_objects(pdf)
            return pages
    except pikepdf.PasswordError:
        raise Refused(Refusal.PDF_ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, AttributeError):
        raise Refused(Refusal.PDF_DAMAGED) from None


def page_images(path: Path, kind: Kind, side: int) -> Iterator[Image.Image]:
    """Yield each page as an upright RGB picture of at most `side` px (and 150 dpi, for a PDF)."""
    if kind is not Kind.PDF:
        yield open_picture(path)
        return
    with open_pdf(path) as pdf:
        for number in range(1, min(len(pdf), MAX_PAGES) + 1):
            yield draw_page(page_of(pdf, number), side, DERIVATIVE_DPI)


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """Open a PDF for drawing and text; raises Refused PDF_DAMAGED where pdfium gives up."""
    try:
        pdf = pypdfium2.PdfDocument(path)
        if pdf.get_formtype():
            pdf.init_forms()
        return pdf
    except pypdfium2.PdfiumError:
        raise Refused(Refusal.PDF_DAMAGED) from None


def page_of(pdf: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """Load one page, counted from 1; raises Refused PDF_DAMAGED where pdfium gives up."""
    try:
        return pdf[number - 1]
    except pypdfium2.PdfiumError:
        raise Refused(Refusal.PDF_DAMAGED) from None


def draw_page(page: pypdfium2.PdfPage, side: int, dpi: float, *, grey: bool = False) -> Image.Image:
    """Draw one page at `dpi`, or smaller when its long side would pass `side` pixels."""
    width, height = page.get_size()
    scale = min(dpi / 72, side / max(width, height, 1))
    return page.render(scale=scale, grayscale=grey).to_pil().convert("L" if grey else "RGB")


def _check_ends(path: Path) -> None:
    content = path.read_bytes()
    if not content[:HEAD_BYTES].startswith(b"%PDF-"):
        raise Refused(Refusal.TYPE_MISMATCH)
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end - len(b"%%EOF") > MAX_TRAILING_BYTES:
        raise Refused(Refusal.PDF_DAMAGED)


def _check_pages(pdf: pikepdf.Pdf, most_pages: int) -> int:
    """Count real pages, whatever `/Count` says: opening walked their tree and refused one that loops or has no end."""
    count = len(pdf.pages)
    if not count:
        raise Refused(Refusal.PDF_DAMAGED)
    if count > most_pages:
        raise Refused(Refusal.TOO_MANY_PAGES)
    for page in pdf.pages:
        _check_page_size(page)
    return count


def _check_page_size(page: pikepdf.Page) -> None:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    unit = float(page.obj.get("/UserUnit", 1))
    if max(abs(right - left), abs(top - bottom)) * unit > MAX_PAGE_POINTS:
        raise Refused(Refusal.PAGE_TOO_LARGE)


def _check_objects(pdf: pikepdf.Pdf) -> None:
    """Look for active content and attachments in every object, direct ones within others too."""
    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    looked_at = 0
    while waiting:
        value = waiting.pop()
        looked_at += 1
        if looked_at > MAX_OBJECTS:
            raise Refused(Refusal.PDF_DAMAGED)
        if isinstance(value, pikepdf.Stream):
            value = value.stream_dict
        if isinstance(value, pikepdf.Dictionary):
            _check_dictionary(value)
            children = [child for _, child in value.items()]
        elif isinstance(value, pikepdf.Array):
            children = list(value)
        else:
            continue
        waiting += [child for child in children if _is_direct_container(child)]


def _is_direct_container(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _check_dictionary(value: pikepdf.Dictionary) -> None:
    keys = set(value.keys())
    kind, subtype, action = (str(value.get(key, "")) for key in ("/Type", "/Subtype", "/S"))
    if keys & ACTIVE_KEYS or action in ACTIONS or subtype in ACTIVE_SUBTYPES:
        raise Refused(Refusal.PDF_ACTIVE)
    if keys & ATTACHMENT_KEYS or subtype == "/FileAttachment" or kind == "/EmbeddedFile":
        raise Refused(Refusal.PDF_ATTACHMENTS)
