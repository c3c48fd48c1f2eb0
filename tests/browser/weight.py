"""The portal as a school would run it, and what its pages weigh on the way to a browser."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
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


def headers_of(scene: Scene) -> dict[str, str]:
    """Return what the browser of the scene's signed-in person adds to each request."""
    if scene.user is None:
        return {}
    client = Client()
    client.force_login(scene.user)
    session = client.session
    session.update(scene.session)
    if scene.is_student:
        mark_student_sign_in(session, now=timezone.now())
    session.save()
    return {"Cookie": f"{SESSION_COOKIE}={session.session_key}"}


@dataclass
class Weight:
    """What one page took: bytes over the wire with headers, answers, and hosts that were asked."""

    bytes: int = 0
    image_bytes: int = 0
    answers: int = 0
    hosts: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)


def weigh(context: BrowserContext, page: Page, address: str) -> Weight:
    """Open the address and return what it took until the network was quiet; pictures of documents apart."""
    weight = Weight()
    browser = context.new_cdp_session(page)
    browser.send("Network.enable")

    def asked(event: dict) -> None:
        url = urlsplit(event["request"]["url"])
        if url.scheme != "data":
            weight.hosts.add(url.hostname or "")

    def answered(event: dict) -> None:
        weight.kinds[event["requestId"]] = event["response"]["mimeType"]

    def loaded(event: dict) -> None:
        if not event["encodedDataLength"]:
            return  # the browser had it already
        is_picture = weight.kinds.get(event["requestId"]) == "image/jpeg"
        weight.answers += 1
        if is_picture:
            weight.image_bytes += event["encodedDataLength"]
        else:
            weight.bytes += event["encodedDataLength"]

    browser.on("Network.requestWillBeSent", asked)
    browser.on("Network.responseReceived", answered)
    browser.on("Network.loadingFinished", loaded)
    page.goto(address, wait_until="networkidle")
    browser.detach()
    return weight
