"""The portal as a school would run it, and what its pages weigh on the way to a browser."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings as portal_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from school.middleware import mark_student_sign_in
from tests.browser.scenes import Scene

ROOT = Path(__file__).resolve().parent.parent.parent
SESSION_COOKIE = "__Host-sesion"
STARTS_WITHIN = 60
HOST = "127.0.0.1"


@contextmanager
def production(*, database: str, folder: Path, port: int) -> Iterator[str]:
    """Run gunicorn with an https BASE_URL and gathered, compressed static files; yields its address.

    It listens on http, and every request counts as one that came by https.
    """
    environment = os.environ | {
        "ENV_FILE": "/dev/null",
        "BASE_URL": f"https://{HOST}:{port}",
        "ALLOWED_HOSTS": HOST,
        "SECRET_KEY": portal_settings.SECRET_KEY,
        "DEFAULT_FROM_EMAIL": "afiliacion@correo.example",
        "DATABASE_URL": database,
        "VAR_DIR": str(folder),
    }
    gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(gather, check=True, cwd=ROOT, env=environment)
    serve = [
        *(sys.executable, "-m", "gunicorn", "tests.browser.behind_proxy", "--no-control-socket")
    ]
    serve += ["--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4"]
    with (folder / "web.log").open("wb") as log:
        web = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            if not _answers(f"http://{HOST}:{port}/", web):
                raise RuntimeError((folder / "web.log").read_text())
            yield f"http://{HOST}:{port}"
        finally:
            web.terminate()
            web.wait(timeout=40)


def _answers(address: str, web: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and web.poll() is None:
        try:
            urlopen(address).close()  # noqa: S310 -- our own server
        except HTTPError:
            return False
        except URLError:
            time.sleep(0.1)
        else:
            return True
    return False


def session_of(scene: Scene) -> str:
    """Return the key of a session in which the scene's person is signed in; empty for a visitor."""
    if scene.user is None:
        return ""
    client = Client()
    client.force_login(scene.user)
    session = client.session
    session.update(scene.session)
    if scene.is_student:
        mark_student_sign_in(session, now=timezone.now())
    session.save()
    return str(session.session_key)


def sign_in(context: BrowserContext, session: str, portal: str) -> None:
    """Give the browser the session, as if it had come by https."""
    if session:
        address = portal.replace("http:", "https:")
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])


@dataclass
class Weight:
    """What one page took: bytes over the wire with headers, pictures of sheets apart, and hosts that were asked.

    `missing` is what belongs to the page and was not there, or the page that came in its place.
    """

    bytes: int = 0
    pictures: list[int] = field(default_factory=list)
    answers: int = 0
    hosts: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    def note_asked(self, event: dict) -> None:
        """Note which host is asked."""
        url = urlsplit(event["request"]["url"])
        if url.scheme != "data":
            self.hosts.add(url.hostname or "")

    def note_answer(self, event: dict) -> None:
        """Note what comes, or that it does not."""
        response = event["response"]
        self.kinds[event["requestId"]] = response["mimeType"]
        if response["status"] >= 400 and event["type"] != "Document":
            self.missing.append(response["url"])

    def note_loaded(self, event: dict) -> None:
        """Add what came, unless the browser had it already."""
        if not event["encodedDataLength"]:
            return
        self.answers += 1
        if self.kinds.get(event["requestId"]) == "image/jpeg":
            self.pictures.append(event["encodedDataLength"])
        else:
            self.bytes += event["encodedDataLength"]


def weigh(context: BrowserContext, page: Page, address: str) -> Callable[[], Weight]:
    """Open the address; gives what waits until the network is quiet and returns what it took until then."""
    weight = Weight()
    browser = context.new_cdp_session(page)
    browser.send("Network.enable")
    browser.on("Network.requestWillBeSent", weight.note_asked)
    browser.on("Network.responseReceived", weight.note_answer)
    browser.on("Network.loadingFinished", weight.note_loaded)
    page.goto(address, wait_until="commit")

    def when_quiet() -> Weight:
        page.wait_for_load_state("networkidle")
        browser.detach()
        if page.url != address:
            weight.missing.append(page.url)
        return weight

    return when_quiet
