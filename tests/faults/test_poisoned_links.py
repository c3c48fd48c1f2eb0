"""T12 on the wire: what no client library would send, against the real web server."""

import re
import socket

import pytest

from tests.factories.students import StudentDataFactory

EVIL = "evil.example"
RAW = {
    "another host": ["GET / HTTP/1.1", f"Host: {EVIL}"],
    "an absolute address": [f"GET http://{EVIL}/entrar/ HTTP/1.1", "Host: localhost"],
    "an absolute address and another host": [f"GET http://{EVIL}/ HTTP/1.1", f"Host: {EVIL}"],
    "two hosts": ["GET / HTTP/1.1", "Host: localhost", f"Host: {EVIL}"],
    "two hosts, the evil one first": ["GET / HTTP/1.1", f"Host: {EVIL}", "Host: localhost"],
    "a host on two lines": ["GET / HTTP/1.1", "Host: localhost", f" {EVIL}"],
    "no host": ["GET / HTTP/1.1"],
    "a page that needs a sign-in": [f"GET //{EVIL}/mi-tramite/ HTTP/1.1", "Host: localhost"],
}


def ask(port: int, lines: list[str]) -> str:
    """Send these very bytes and read the answer to its end."""
    request = "\r\n".join([*lines, "Connection: close", "", ""])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return answer.decode(errors="replace")


@pytest.mark.django_db(transaction=True)
def test_no_answer_leads_to_another_host(web: int):
    StudentDataFactory()
    followed = {}
    for what, lines in RAW.items():
        answer = ask(web, lines)
        status = int(answer.split(" ", 2)[1])
        location = re.search(r"(?im)^location: (.*)$", answer)
        leads = location[1] if location else ""
        if status >= 500 or EVIL in answer.replace(f"/{EVIL}/mi-tramite/", "") or "://" in leads:
            followed[what] = (status, leads)

    assert followed == {}
