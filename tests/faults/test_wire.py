"""T34, N2: requests that no browser sends, byte by byte, to the real web server and through the documented proxy."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.urls import reverse

from nss.models import Acuse
from students.models import StoredFile
from tests.factories.students import EnrollmentFactory
from tests.faults.conftest import WebServer
from tests.faults.people import GONE, Browser, form, session_of
from tests.faults.wire import documented_proxy, heard, request, statuses, talk
from tests.samples import hostile

UPLOAD = "POST " + reverse("nss:upload")
PHOTO = form(
    {
        "key": "one-key-of-one-form",
        "acuse": SimpleUploadedFile("acuse.jpg", hostile.jpeg(), "image/jpeg"),
    }
)
"""The form of an acuse as browsers fill it in: the photo comes last."""
SLOW = 12
"""More than the two processes of four threads can hear at once."""


@pytest.fixture(scope="module")
def proxy(web_server: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start nginx before the portal; gives its port."""
    with documented_proxy(tmp_path_factory.mktemp("proxy"), web_server.port) as port:
        yield port


@pytest.fixture(params=["gunicorn", "nginx"])
def server(web: int, proxy: int, request: pytest.FixtureRequest) -> tuple[str, int]:
    """Give both in turn: the name and the port of who is spoken to."""
    return request.param, {"gunicorn": web, "nginx": proxy}[request.param]


@pytest.fixture
def student(web: int) -> Browser:
    """Sign somebody in who may send an acuse."""
    return Browser(web, session_of(EnrollmentFactory(confirmed=True).student.user))


def upload(
    who: Browser, body: bytes, *, length: int | None = None, kind: str = MULTIPART_CONTENT
) -> bytes:
    """Write down an upload; the length is the true one unless another is given."""
    headers = {
        "Cookie": who.cookies,
        "X-CSRFToken": who.csrf,
        "Content-Type": kind,
        "Content-Length": len(body) if length is None else length,
    }
    return request(UPLOAD, *(f"{name}: {value}" for name, value in headers.items()), body=body)


def kept(folder: Path) -> tuple[int, int, int]:
    """Count what an upload leaves behind: acuses, rows of files, and files."""
    files = [path for path in (folder / "files").rglob("*") if path.is_file()]
    return Acuse.objects.count(), StoredFile.objects.count(), len(files)


def parts(count: int, name: str) -> bytes:
    """Give a form of so many parts of that name."""
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n'
    return part.encode() * count + f"--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize("path", ["/", "/guia/", "/entrar/", "/static/css/portal.css"])
def test_trace_is_not_allowed(server, path):
    assert talk(server[1], request(f"TRACE {path}", "X-Secret: abc")) == [405]


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5", "Transfer-Encoding : chunked"),
        ("Content-Length: -5",),
        ("Content-Length: 5x",),
    ],
    ids=["CL TE", "TE CL", "two lengths", "TE with a blank", "below zero", "no number"],
)
def test_a_body_of_two_lengths_is_refused_with_all_that_follows(server, headers):
    smuggled = request("GET /guia/")

    answers = talk(server[1], request("POST /entrar/", *headers, body=b"0\r\n\r\n" + smuggled))

    assert answers == [400]


def test_the_proxy_does_not_answer_for_another_host(proxy):
    assert talk(proxy, request("GET /guia/", host="evil.example")) == [GONE]


def test_a_form_that_came_whole_is_kept(server, web_server, student):
    before = kept(web_server.folder)

    answers = talk(server[1], upload(student, PHOTO))

    assert answers == [302]
    assert kept(web_server.folder)[:2] == (1, 1)
    assert kept(web_server.folder)[2] == before[2] + 1


MALFORMED = {
    "no boundary": (parts(1, "key"), None, "multipart/form-data", (400, 400)),
    "another boundary": (parts(1, "key"), None, "multipart/form-data; boundary=b", (400, 400)),
    "200 files": (parts(200, 'acuse"; filename="a.jpg'), None, MULTIPART_CONTENT, (400, 400)),
    "2,000 fields": (parts(2_000, "key"), None, MULTIPART_CONTENT, (400, 400)),
    "a photo alone": (hostile.jpeg(), None, "image/jpeg", (200, 200)),
    "a photo of no kind": (hostile.jpeg(), None, "", (200, 200)),
    "longer than it is": (PHOTO, len(PHOTO) + 1, MULTIPART_CONTENT, (400, GONE)),
    "far longer": (PHOTO, 10**10, MULTIPART_CONTENT, (400, 413)),
    "shorter than it is": (PHOTO, len(PHOTO) - 100, MULTIPART_CONTENT, (400, 400)),
    "cut": (PHOTO[:-100], len(PHOTO), MULTIPART_CONTENT, (400, GONE)),
    "only begun": (b"", len(PHOTO), MULTIPART_CONTENT, (400, GONE)),
}
"""What is sent, the length that is stated unless it is true, the kind, and the answers of gunicorn and nginx."""


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_form_leaves_nothing_behind(server, web_server, student, case):
    body, length, kind, (gunicorn, nginx) = MALFORMED[case]
    before = kept(web_server.folder)

    hangs_up = length is not None and length > len(body)
    answers = talk(server[1], upload(student, body, length=length, kind=kind), hangs_up=hangs_up)

    assert answers == [{"gunicorn": gunicorn, "nginx": nginx}[server[0]]]
    assert kept(web_server.folder) == before


def test_a_sender_who_gives_up_is_answered_and_leaves_nothing_behind(web, web_server, student):
    before, begun = kept(web_server.folder), upload(student, b"", length=len(PHOTO))

    with socket.create_connection(("127.0.0.1", web), timeout=30) as wire:
        wire.sendall(begun)
        for byte in PHOTO[:5]:
            wire.sendall(bytes([byte]))
            time.sleep(0.05)
        others = Browser(web, "").get("/guia/").status
        wire.shutdown(socket.SHUT_WR)
        answers = statuses(heard(wire))

    assert (others, answers) == (200, [400])
    assert kept(web_server.folder) == before


def test_slow_senders_wait_at_the_proxy_and_hold_nobody_up(proxy, web, web_server, student):
    before, begun = kept(web_server.folder), upload(student, b"", length=len(PHOTO))
    others = []

    with ExitStack() as connections:
        slow = [
            connections.enter_context(socket.create_connection(("127.0.0.1", proxy)))
            for _ in range(SLOW)
        ]
        for wire in slow:
            wire.sendall(begun)
        for byte in PHOTO[:5]:
            for wire in slow:
                wire.sendall(bytes([byte]))
            others.append(Browser(proxy, "").get("/guia/").status)

    assert others == [200] * 5
    assert kept(web_server.folder) == before


def test_a_sender_who_stops_is_sent_away_by_the_proxy(proxy, web, web_server, student):
    before, begun = kept(web_server.folder), upload(student, PHOTO[:5], length=len(PHOTO))

    with socket.create_connection(("127.0.0.1", proxy), timeout=30) as wire:
        wire.sendall(begun)
        answers = statuses(heard(wire))

    assert answers == [GONE]
    assert kept(web_server.folder) == before
