"""HTTP as nobody's browser speaks it: bytes on a socket, and the documented proxy before the portal."""

import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import ROOT, free_port
from tests.faults.people import GONE
from tests.faults.processes import nginx

IMPATIENT = "client_body_timeout 1s;\nlingering_timeout 1s;\n"
"""Who sends nothing for a second is sent away."""


def documented_servers(port: int, portal: int) -> str:
    """Read the proxy's settings from the manual; without a certificate, on these ports."""
    found = re.search(
        r"```nginx\n(.+?)```", (ROOT / "docs" / "operations.md").read_text(), re.DOTALL
    )
    assert found is not None
    return (
        found[1]
        .replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
        .replace("X-Forwarded-Proto https", "X-Forwarded-Proto http")
        .replace("server_name afiliacion.example.edu.mx", "server_name 127.0.0.1")
        .replace("proxy_pass http://127.0.0.1:8000", f"proxy_pass http://127.0.0.1:{portal}")
    )


@contextmanager
def documented_proxy(folder: Path, portal: int) -> Iterator[int]:
    """Run nginx as docs/operations.md says; gives its port."""
    port = free_port()
    with nginx(folder, IMPATIENT + documented_servers(port, portal), port):
        yield port


def request(start: str, *headers: str, body: bytes = b"", host: str = "127.0.0.1") -> bytes:
    """Write a request down as it is, true or not."""
    lines = [f"{start} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def talk(port: int, sent: bytes, *, hangs_up: bool = False) -> list[int]:
    """Send bytes, or their first part and hang up, and give the status of each answer; GONE for none."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        with suppress(BrokenPipeError, ConnectionResetError):
            wire.sendall(sent)
            if hangs_up:
                wire.shutdown(socket.SHUT_WR)
        return statuses(heard(wire))


def heard(wire: socket.socket) -> Iterator[bytes]:
    """Hear what comes until the other side hangs up."""
    with suppress(ConnectionResetError):
        while piece := wire.recv(65_536):
            yield piece


def statuses(pieces: Iterable[bytes]) -> list[int]:
    """Find the statuses in what came."""
    found = re.findall(rb"^HTTP/1\.[01] (\d{3}) ", b"".join(pieces), re.MULTILINE)
    return [int(status) for status in found] or [GONE]
