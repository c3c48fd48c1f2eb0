"""More PDFs of the upload rules: those that are large inside, odd, or merely look dangerous."""

from __future__ import annotations

import io
import zlib
from datetime import date

from pikepdf import Array, Dictionary, Name, String

from followup.demo.acuses import Holder, draw_pdf
from tests.samples.hostile import arrow, by_hand, pdf, saved, with_root

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"


def look_alike() -> bytes:
    """P4: an acuse as it may look."""
    names = {"given_names": "ANA", "first_surname": "GÓMEZ", "second_surname": "MARTÍNEZ"}
    curp, day = "GOMA080214MSRBCDA7", date(2026, 8, 12)
    return draw_pdf(Holder(nss="24260812342", curp=curp, issued_date=day, **names), "text_only")


def scan(pages: int) -> bytes:
    """P5: photographs of pages, put into a PDF by a scanner."""
    buffer = io.BytesIO()
    sheets = [arrow(size=(850, 1100)) for _ in range(pages)]
    sheets[0].save(buffer, "PDF", save_all=True, append_images=sheets[1:])
    return buffer.getvalue()


def packed(block: bytes, times: int) -> bytes:
    """Return a zlib stream that unpacks into the block so many times, made without unpacking it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(block, check)
    return b"\x78\xda" + once * times + b"\x03\x00" + check.to_bytes(4, "big")


def large_content() -> bytes:
    """P12: a page of 2 GB of nothing in some 2 MB."""
    content = packed(b" " * 2**20, 2048)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"
    return by_hand([CATALOG, ONE_PAGE, page, _flate(content, b"")])


def large_image() -> bytes:
    """P13: a picture of 60,000 pixels squared, one bit each."""
    content = packed(bytes(7_500 * 100), 600)
    about = b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 "
    about += b"/ColorSpace /DeviceGray "
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R "
    page += b"/Resources << /XObject << /I 5 0 R >> >> >>"
    draw = b"<< /Length 20 >>\nstream\n99 0 0 99 0 0 cm /I Do\nendstream"
    return by_hand([CATALOG, ONE_PAGE, page, draw, _flate(content, about)])


def _flate(content: bytes, about: bytes) -> bytes:
    start = b"<< %s/Length %d /Filter /FlateDecode >>\nstream\n" % (about, len(content))
    return start + content + b"\nendstream"


def xfa_form() -> bytes:
    """P18: a form that is a program."""
    return with_root("/AcroForm", Dictionary(Fields=Array([]), XFA=String("<xdp/>")))


def plain_form() -> bytes:
    """P18: a form with a field that somebody filled in."""
    made = pdf()
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("nombre"),
            V=String("Ana"),
            Rect=Array([10, 10, 99, 30]),
        )
    )
    made.pages[0].obj.Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]))
    return saved(made)


def signed() -> bytes:
    """P19: with the signature of an institution."""
    made = pdf()
    signature = Dictionary(
        Type=Name.Sig,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Name("/adbe.pkcs7.detached"),
        ByteRange=Array([0, 10, 20, 30]),
        Contents=String("0" * 64),
    )
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String("firma"),
            V=made.make_indirect(signature),
            Rect=Array([0, 0, 0, 0]),
        )
    )
    made.pages[0].obj.Annots = Array([field])
    made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    return saved(made)


def without_pages() -> bytes:
    """P24: no page tree."""
    return by_hand([b"<< /Type /Catalog >>"])


def without_catalog() -> bytes:
    """P24: the trailer leads nowhere."""
    return by_hand([CATALOG]).replace(b"/Root 1 0 R", b"/Root 9 0 R")


def misplaced_objects() -> bytes:
    """P24: a cross-reference table that is wrong everywhere."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"
    return by_hand([CATALOG, ONE_PAGE, page]).replace(b"%PDF-1.7\n", b"%PDF-1.7\n" + b" " * 77)
