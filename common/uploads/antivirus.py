"""The virus scanner: a ClamAV daemon. Off until CLAMD_ADDRESS names one; then no file passes without its word.

INSTREAM is spoken here and not by a library: clamav-client gives each packet a timeout of its own, so that a slow
daemon holds a page for as long as it likes, sends a file in pieces of a kilobyte, and takes an empty answer for no
virus.
"""

import logging
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from time import monotonic

from django.conf import settings

from common.uploads.refusals import Refusal, Refused

PING_SECONDS = 2
LONGEST_ANSWER = 1024
FOUND = re.compile(rb"stream: (\S+) FOUND")

log = logging.getLogger(__name__)


def check_viruses(content: Iterable[bytes]) -> None:
    """Have the scanner look at a file, whose parts go through memory alone.

    Raises Refused: VIRUS for what it finds, NOT_SCANNED unless it says within CLAMD_TIMEOUT seconds that all is well.
    """
    if not settings.CLAMD_ADDRESS:
        return
    frames = chain((_frame(part) for part in content if part), [_frame(b"")])
    try:
        answer = _ask(b"zINSTREAM\0", frames, seconds=settings.CLAMD_TIMEOUT)
    except OSError as error:
        log.warning("the virus scanner gave no answer: %s", type(error).__name__)
        raise Refused(Refusal.NOT_SCANNED) from None
    if found := FOUND.fullmatch(answer):
        log.warning("a virus was refused: %s", found[1].decode(errors="replace"))
        raise Refused(Refusal.VIRUS)
    if answer != b"stream: OK":
        log.warning("the virus scanner did not look: %s", answer.decode(errors="replace"))
        raise Refused(Refusal.NOT_SCANNED)


def is_scanner_heard() -> bool:
    """Ask the scanner for a sign of life, for two seconds at most."""
    try:
        return _ask(b"zPING\0", [], seconds=PING_SECONDS) == b"PONG"
    except OSError:
        return False


def _frame(part: bytes) -> bytes:
    """A part as INSTREAM has it: its length first. An empty one is the end."""
    return len(part).to_bytes(4, "big") + part


def _ask(command: bytes, frames: Iterable[bytes], *, seconds: float) -> bytes:
    """Return the answer without its last zero byte. Raises OSError, TimeoutError once the seconds are over."""
    deadline, answer = monotonic() + seconds, b""
    with _line(seconds) as line:
        for frame in chain([command], frames):
            line.settimeout(_left(deadline))
            line.sendall(frame)
        while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
            line.settimeout(_left(deadline))
            part = line.recv(LONGEST_ANSWER)
            if not part:
                raise ConnectionResetError
            answer += part
    return answer.removesuffix(b"\0")


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _line(seconds: float) -> Iterator[socket.socket]:
    address = settings.CLAMD_ADDRESS
    if address.startswith("unix:"):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(seconds)
            line.connect(address.removeprefix("unix:"))
            yield line
        return
    host, _, port = address.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=seconds) as line:
        yield line
