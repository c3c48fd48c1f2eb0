"""The job of the child, in this process: bytes of a constancia in, what it says and its safe pictures out."""

import io
from datetime import date

import pytest
from PIL import Image

from clinics.constancia import from_json
from clinics.extraction import read_file
from common.uploads.refusals import Refused
from followup.demo.canvas import scan_to_pdf, to_pdf
from tests.samples.constancias import constancia, constancia_pdf, constancia_picture


def read(tmp_path, content: bytes, kind: str):
    """Give what was read, and how many pictures were left."""
    source, output = tmp_path / "constancia", tmp_path / "out"
    source.write_bytes(content)
    output.mkdir()
    value = read_file([source], {"kind": kind}, output)
    return from_json(value["reading"]), value["pages"], len(list(output.iterdir()))


def jpeg(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.convert("RGB").save(content, "JPEG")
    return content.getvalue()


def test_read_file_takes_the_text_of_a_pdf(tmp_path):
    reading, pages, pictures = read(tmp_path, constancia_pdf(), "PDF")

    assert (reading.has_right, reading.umf, reading.issued_on) == (True, 37, date(2026, 9, 14))
    assert reading.names("GOMA080214MSRMRNA5") is True
    assert (pages, pictures) == (1, 1)


def test_read_file_looks_at_pictures_until_the_right_is_read(tmp_path):
    scan = scan_to_pdf([jpeg(constancia_picture(right="NO")), jpeg(constancia_picture())])

    reading, pages, pictures = read(tmp_path, scan, "PDF")

    assert (reading.has_right, pages, pictures) == (False, 2, 2)


def test_read_file_of_a_sheet_that_says_nothing(tmp_path):
    empty = to_pdf([type(constancia()[0])(family="Helvetica")])

    reading, _, _ = read(tmp_path, empty, "PDF")

    assert (reading.has_right, reading.umf, reading.curps) == (None, None, ())


def test_read_file_takes_a_photo(tmp_path):
    reading, _, pictures = read(tmp_path, jpeg(constancia_picture(right="NO")), "JPEG")

    assert (reading.has_right, reading.umf, pictures) == (False, 37, 1)


def test_read_file_refuses_what_is_damaged(tmp_path):
    with pytest.raises(Refused):
        read(tmp_path, b"%PDF-1.4 nada", "PDF")
