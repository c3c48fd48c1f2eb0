"""A virus scanner of one's own: the real daemon, which knows one virus; and a stranger who answers in its place."""

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import free_port
from tests.faults.processes import Process, wait_until
from tests.samples import hostile

CLAMD = "/usr/sbin/clamd"
END = (b"zPING\0", bytes(4))
"""The last bytes of what the portal says."""


class Clamd:
    """The daemon on a port and a socket; its only signature finds the test file of EICAR, also inside others."""

    def __init__(self) -> None:
        self.folder = Path(
            tempfile.mkdtemp(prefix="clamd")
        )  # short: a socket's path has 107 characters
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.socket_address = f"unix:{self.folder}/socket"
        (self.folder / "signatures").mkdir()
        signature = f"Eicar-Test:0:*:{hostile.eicar().hex()}\n"
        (self.folder / "signatures" / "test.ndb").write_text(signature)
        (self.folder / "clamd.conf").write_text(
            f"Foreground yes\nDatabaseDirectory {self.folder}/signatures\nTemporaryDirectory {self.folder}\n"
            f"LocalSocket {self.folder}/socket\nFixStaleSocket yes\nTCPSocket {self.port}\nTCPAddr 127.0.0.1\n"
            "MaxThreads 2\nStreamMaxLength 1M\n"
        )
        self.process = self.start()

    def start(self) -> Process:
        """Start it and wait for its sign of life."""
        log = self.folder / "log"
        command = [CLAMD, "--config-file", str(self.folder / "clamd.conf")]
        self.process = Process(command, environment=dict(os.environ), log=log)
        wait_until(lambda: self.is_heard or not self.process.is_alive, "clamd did not start")
        if not self.process.is_alive:
            raise ChildProcessError(log.read_text())
        return self.process

    @property
    def is_heard(self) -> bool:
        """Whether it answers."""
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), timeout=1) as line,
        ):
            line.sendall(b"zPING\0")
            return line.recv(16) == b"PONG\0"
        return False


@contextmanager
def clamd() -> Iterator[Clamd]:
    """Run a daemon for the length of a test, end it even when it is frozen, and leave nothing behind."""
    daemon = Clamd()
    try:
        yield daemon
    finally:
        daemon.process.kill()
        shutil.rmtree(daemon.folder)


class Stranger:
    """Somebody who listens to the end and then says what he was told to, byte by byte when he is slow."""

    def __init__(self, answer: bytes, *, pause: float = 0) -> None:
        self.answer, self.pause = answer, pause
        self.asked = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def leave(self) -> None:
        """Close the door."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                line, _ = self._door.accept()
                self.asked += 1
                with line, suppress(OSError):  # who asked has left
                    self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        heard = b""
        while not heard.endswith(END):
            heard += line.recv(65_536)
        for at in range(len(self.answer)):
            time.sleep(self.pause)
            line.sendall(self.answer[at : at + 1])


@contextmanager
def stranger(answer: bytes, *, pause: float = 0) -> Iterator[Stranger]:
    """Have somebody listen for the length of a test."""
    someone = Stranger(answer, pause=pause)
    try:
        yield someone
    finally:
        someone.leave()
