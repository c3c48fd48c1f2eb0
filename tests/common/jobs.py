"""Jobs that misbehave on purpose, run by the tests of the child runner."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from common.uploads.refusals import Refusal, Refused

AF_INET = 2
SOCK_STREAM = 1


def probe(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Say who runs, on what, and leave one file."""
    (output / "page-1.jpg").write_bytes(b"made")
    return {
        "user": os.geteuid(),
        "groups": os.getgroups(),
        "read": inputs[0].read_text(),
        "arguments": arguments,
        "django": "django" in __import__("sys").modules,
        "home": "HOME" in os.environ,
    }


def eat(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Ask for more memory than allowed."""
    return {"bytes": len(bytearray(2_000_000_000))}


def spin(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Use the processor without end."""
    while True:
        pass


def rest(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Hang without using the processor."""
    time.sleep(60)
    return {}


def connect(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Open a socket from Python."""
    socket.socket()
    return {}


def connect_natively(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Reach for the network without Python, as a hijacked library would; return the answer."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.socket(AF_INET, SOCK_STREAM, 0)
    port = int(arguments["port"])
    address = b"\x02\x00" + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    return {"connected": libc.connect(handle, address, len(address)) == 0}


def fork(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Start another process without Python."""
    return {"child": ctypes.CDLL(None).fork()}


def crash(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Fail with words of the file in the message."""
    raise ValueError(inputs[0].read_text())


def abort(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Die as pdfium dies: by a signal no `except` sees."""
    os.abort()


def refuse(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Refuse the file."""
    raise Refused(Refusal.TOO_MANY_ROWS, limit=5)


def fill(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Write a file larger than allowed."""
    (output / "large").write_bytes(bytes(40 * 1024 * 1024))
    return {}


def link(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Leave a link to a file of the machine where a picture should be."""
    (output / "page-1.jpg").symlink_to("/etc/hostname")
    return {}


def pipe(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Leave a pipe that nobody fills where a picture should be."""
    os.mkfifo(output / "page-1.jpg")
    return {}


def become(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Turn into another program without Python."""
    return {"became": ctypes.CDLL(None).execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None))}


def thread(inputs: list[Path], arguments: dict[str, Any], output: Path) -> dict[str, Any]:
    """Begin a thread, as the decoder of HEIC does."""
    try:
        made = threading.Thread(target=(output / "made").touch)
        made.start()
    except RuntimeError:
        return {"ran": False}
    made.join()
    return {"ran": (output / "made").exists()}
