"""A request's body is whole, or it is not read."""

import io

import pytest
from django.core.exceptions import BadRequest

from common.bodies import WholeBody

PARTS = "multipart/form-data; boundary=b"
FORM = b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--b--\r\n'


def body(content: bytes, *, length: int | None = None, content_type: str = PARTS) -> WholeBody:
    """Give the body that came, whatever its length says."""
    stated = len(content) if length is None else length
    return WholeBody(io.BytesIO(content), length=stated, content_type=content_type)


def test_read_gives_a_whole_form_piece_by_piece():
    whole = body(FORM)

    read = [whole.read(40), whole.read(len(FORM) - 40)]

    assert read == [FORM[:40], FORM[40:]]


def test_read_finds_the_last_line_across_two_pieces_and_before_an_epilogue():
    form = FORM + b"epilogue\r\n"
    whole = body(form)

    read = [whole.read(len(FORM) - 4), whole.read(14)]

    assert b"".join(read) == form


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "image/jpeg", "", "multipart/form-data", "text/plain"],
)
def test_read_looks_for_a_last_line_only_where_parts_are_bounded(content_type):
    assert body(b"key=x", content_type=content_type).read(5) == b"key=x"


@pytest.mark.parametrize(
    ("content", "length"),
    [(FORM, len(FORM) + 1), (b"", 1), (FORM[:-7], len(FORM) - 7), (FORM[:40], 40)],
    ids=["longer than it is", "nothing came", "no last line", "cut within a part"],
)
def test_read_refuses_a_body_that_was_cut(content, length):
    cut = body(content, length=length)

    with pytest.raises(BadRequest, match="the body was cut"):
        cut.read(length)


def test_read_refuses_a_form_whose_boundary_is_no_ascii():
    with pytest.raises(BadRequest, match="the body was cut"):
        body(FORM, content_type="multipart/form-data; boundary*=utf-8''%E2%82%AC").read(len(FORM))


def test_readline_is_the_stream_s():
    assert body(b"one\ntwo").readline() == b"one\n"
