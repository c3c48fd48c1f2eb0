"""People with a browser: signed in, pressing buttons, and writing down what the portal answered."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPException
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from school.middleware import mark_student_sign_in
from school.models import User

GONE = 0
"""The status of an answer that never came."""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    milliseconds: float
    headers: Message = field(default_factory=Message)
    text: str = ""

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.headers.get("Location", "")

    @property
    def is_kept(self) -> bool:
        """Whether the portal said that it did what was asked."""
        return 200 <= self.status < 400


@dataclass(frozen=True)
class Browser:
    """One signed-in person at one web server."""

    port: int
    session: str
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, data: dict[str, Any] | bytes) -> Answer:
        """Press a button; a file is read once, so who presses again passes the `form` of the first time."""
        headers = {"X-CSRFToken": self.csrf, "Content-Type": MULTIPART_CONTENT}
        return self._ask("POST", path, data if isinstance(data, bytes) else form(data), headers)

    @property
    def cookies(self) -> str:
        """What it sends with every request."""
        return f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.csrf}"

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        start = time.perf_counter()
        status, text, answered = GONE, "", Message()
        with suppress(OSError, HTTPException):
            connection.request(method, path, body, {**headers, "Cookie": self.cookies})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            status, answered = response.status, response.headers
        connection.close()
        return Answer(status, (time.perf_counter() - start) * 1000, answered, text)


def form(data: dict[str, Any]) -> bytes:
    """Write a form as browsers send it."""
    body: bytes = encode_multipart(BOUNDARY, data)
    return body


def session_of(user: User) -> str:
    """Sign the person in, and give the key of the session."""
    client = Client()
    client.force_login(user)
    session = client.session
    if hasattr(user, "student"):
        mark_student_sign_in(session, now=timezone.now())
        session.save()
    key: str = session.session_key
    return key


@contextmanager
def busy(work: Sequence[Callable[[], None]]):
    """Repeat each piece of work in a thread of its own until the block ends; their errors are raised."""
    over = threading.Event()
    errors: list[Exception] = []

    def repeat(step: Callable[[], None]) -> None:
        while not over.is_set():
            try:
                step()
            except Exception as error:
                errors.append(error)
                raise

    threads = [threading.Thread(target=repeat, args=(step,)) for step in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def p95(answers: Sequence[Answer]) -> float:
    """Give the milliseconds within which 95 of 100 answers came."""
    spent = sorted(answer.milliseconds for answer in answers)
    return spent[int(len(spent) * 0.95)]
