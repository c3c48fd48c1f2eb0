"""A relay that can be told to misbehave, and that keeps a journal before and after its 250.

It speaks just enough SMTP (RFC 5321, with PIPELINING) to be faster than what it measures. As a program it only
takes mails: python -m tests.faults.relay PORT JOURNAL
"""

import asyncio
import os
import random
import re
import sys
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

HELLO = b"250-relay\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Mood(StrEnum):
    """How the relay treats who comes next."""

    TAKES = "takes"
    REFUSES = "refuses the connection"
    BUSY = "421 at the door"
    TRY_LATER = "451 after the dot"
    HANGS = "says nothing after the dot"
    DROPS = "breaks off after the dot"


@dataclass
class Journal:
    """What the relay took and what it confirmed; a line is on disk before the 250 it tells of."""

    path: Path
    taken: list[tuple[str, str]] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def close(self) -> None:
        """End the file."""
        os.close(self._file)

    def took(self, message_id: str, address: str) -> None:
        """Note a mail that is the relay's now."""
        self.taken.append((message_id, address))
        os.write(self._file, f"took {message_id} {address}\n".encode())

    def told(self, message_id: str) -> None:
        """Note that the 250 was written."""
        self.confirmed.append(message_id)
        os.write(self._file, f"told {message_id}\n".encode())


class Relay:
    """A relay in a thread of its own."""

    def __init__(self, port: int, journal: Path, *, seed: int = 0, unknown: float = 0) -> None:
        self.port = port
        self.journal = Journal(journal)
        self.mood = Mood.TAKES
        self.visits = 0
        self.slowness = 0.0
        self.bodies: dict[str, bytes] = {}
        self.chance = random.Random(seed)
        self.unknown = unknown
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._sessions: set[Session] = set()

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._wait_for(self._listen)

    def stop(self) -> None:
        """End the relay and its sessions."""
        self._wait_for(self._close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
        self.journal.close()

    def become(self, mood: Mood) -> None:
        """Change how it behaves; REFUSES also breaks off who is connected."""
        self.mood = mood
        self._wait_for(self._close if mood is Mood.REFUSES else self._listen)

    def lookup(self) -> str:
        """Give the command that tells whether this relay took a Message-ID, as RELAY_LOOKUP."""
        script = self.journal.path.with_suffix(".sh")
        script.write_text(f'#!/bin/sh\nexec grep -qF "took $1 " {self.journal.path}\n')
        script.chmod(0o700)
        return str(script)

    def knows(self, address: str) -> bool:
        """Tell whether the mailbox exists: the same answer each time it is asked."""
        return random.Random(address).random() >= self.unknown

    def _wait_for(self, step: Callable[[], Coroutine[None, None, None]]) -> None:
        asyncio.run_coroutine_threadsafe(step(), self._loop).result(timeout=10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await self._loop.create_server(
                lambda: Session(self), "127.0.0.1", self.port, reuse_address=True
            )

    async def _close(self) -> None:
        server, self._server = self._server, None
        for session in list(self._sessions):
            session.transport.abort()
        if server is not None:
            server.close()
            await server.wait_closed()


class Session(asyncio.Protocol):
    """One conversation."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.buffer = b""
        self.address = ""
        self.is_reading_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.relay._sessions.add(self)
        self.relay.visits += 1
        if self.relay.mood is Mood.BUSY:
            transport.write(b"421 busy\r\n")
            transport.close()
        else:
            transport.write(b"220 relay\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.relay._sessions.discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.transport.is_closing():
            end = END if self.is_reading_mail else b"\r\n"
            part, found, rest = self.buffer.partition(end)
            if not found:
                return
            self.buffer = rest
            if self.is_reading_mail:
                self.is_reading_mail = False
                self._end_mail(part)
            else:
                self._command(part)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self.transport.write(HELLO)
        elif verb == b"RCPT":
            self.address = line.partition(b"<")[2].partition(b">")[0].decode()
            known = self.relay.knows(self.address)
            self.transport.write(b"250 OK\r\n" if known else b"550 no such mailbox\r\n")
        elif verb == b"DATA":
            self.is_reading_mail = True
            self.transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            self.transport.write(b"250 OK\r\n")

    def _end_mail(self, content: bytes) -> None:
        mood = self.relay.mood
        if mood is Mood.TRY_LATER:
            self.transport.write(b"451 later\r\n")
            return
        is_lost = mood in {Mood.HANGS, Mood.DROPS} and self.relay.chance.random() < 0.5
        found = MESSAGE_ID.search(content)
        message_id = found[1].decode() if found else ""
        if not is_lost:
            self.relay.journal.took(message_id, self.address)
            self.relay.bodies[message_id] = content
        if mood is Mood.DROPS:
            self.transport.abort()
        elif mood is not Mood.HANGS:
            asyncio.get_running_loop().call_later(self.relay.slowness, self._confirm, message_id)

    def _confirm(self, message_id: str) -> None:
        self.transport.write(b"250 taken\r\n")
        self.relay.journal.told(message_id)


if __name__ == "__main__":
    program = Relay(int(sys.argv[1]), Path(sys.argv[2]))
    program.start()
    print("listens", flush=True)  # noqa: T201 -- who started it waits for this line
    threading.Event().wait()
