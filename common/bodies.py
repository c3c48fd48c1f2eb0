"""The body of a request, from the web server to Django: whole, or not at all."""

from typing import BinaryIO

from django.core.exceptions import BadRequest
from django.utils.http import parse_header_parameters

TAIL_BYTES = 1024


class WholeBody:
    """A body that holds as much as its length says, and a form of parts with its last line; or BadRequest.

    Django takes what came for all there is: a connection that broke would leave half a photo behind that nobody
    sent.
    """

    def __init__(self, stream: BinaryIO, *, length: int, content_type: str) -> None:
        self._stream, self._left, self._content_type = stream, length, content_type
        self._tail = b""
        self.readline = stream.readline  # unchecked: no form is read by lines

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes; Django asks for no more than the length leaves."""
        data = self._stream.read(size)
        self._left -= len(data)
        self._tail = (self._tail + data[-TAIL_BYTES:])[-TAIL_BYTES:]
        if len(data) < size or (self._left == 0 and self._last_line() not in self._tail):
            raise BadRequest("the body was cut")
        return data

    def _last_line(self) -> bytes:
        kind, options = parse_header_parameters(self._content_type)
        if kind != "multipart/form-data" or "boundary" not in options:
            return b""
        return f"--{options['boundary']}--".encode(errors="replace")
