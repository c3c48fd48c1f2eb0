"""What the tests share: folders of their own, a real SMTP sink, headless Chromium, a real worker with its clock.

Nothing here stands in for our own code. The outside is real too, only private: script/test starts PostgreSQL
and Redis, the sink speaks SMTP, the worker is the one of the Procfile.
"""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern_policy
from math import inf
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from coverage import Coverage
from django.conf import settings as portal_settings
from django.db import connection, connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from followup.queries.health import MEMORY
from tests.emptying import empty_tables

ROOT = Path(__file__).resolve().parent.parent

WALKS = {"browser", "faults", "journeys"}
"""They touch all of the portal, and cover no line: each line of a rule is asserted by a test of its own."""

MEASURES_CHILDREN = "COVERAGE_PROCESS_CONFIG"
"""By this a child process knows that it is measured."""

# The same examples each time: a failure tells of the change, not of luck or of a busy machine.
# `--hypothesis-profile default` looks for new ones.
hypothesis_settings.register_profile(
    "portal", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")


def pytest_collection_finish() -> None:
    """Take what is loaded out of the garbage collector's rounds: it stays to the end, and is a lot."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def is_walk(item: pytest.Item) -> bool:
    """Tell whether a test goes through the whole portal, as all do that ask the world of tests/project."""
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    return folder in WALKS or "built_world" in getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Do not measure which lines a walk runs, nor its children: that costs half as much time again."""
    if not is_walk(item):
        return (yield)
    stopped: list[Coverage] = []
    while measuring := Coverage.current():
        measuring.stop()
        stopped.append(measuring)
    children = os.environ.pop(MEASURES_CHILDREN, None)
    result = yield
    if children is not None:
        os.environ[MEASURES_CHILDREN] = children
    for measuring in reversed(stopped):
        measuring.start()
    return result


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Test SQLite as a file, in WAL mode and shared with the worker, as the portal runs it."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "portal.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def emptied_tables() -> Iterator[None]:
    """Empty only what a test filled: truncating every table costs twenty times as much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> Path:
    """Give each test its own folder for uploads, mails and whatever else is kept as a file.

    So each has its own two slots for children, as two portals have.
    """
    settings.VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CHILD_SLOTS_ROOT = tmp_path / "slots"
    return tmp_path


@pytest.fixture(autouse=True)
def static_files_on_demand(settings) -> None:
    """Look a static file up when it is asked for; else every new test client reads them all."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def nothing_is_down() -> Iterator[None]:
    """Have the pages of the staff begin as those of a process that looked a moment ago and saw all well."""
    MEMORY.known, MEMORY.until = (), inf
    yield
    MEMORY.known, MEMORY.until = (), inf


# Mail --------------------------------------------------------------------------------------------
class Sink:
    """A mail server that accepts everything and keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 -- named by aiosmtpd
        self.messages.append(message_from_bytes(envelope.content, policy=modern_policy))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Give the messages to the address, oldest first."""
        return [message for message in self.messages if address in str(message["To"])]


@pytest.fixture
def smtp_sink(settings) -> Iterator[Sink]:
    """Deliver the test's mails over SMTP to a sink."""
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    settings.EMAIL_BACKEND = "notices.relay.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    controller.stop()


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# Browser -----------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium once: the shell without windows, which costs a third less."""
    # Playwright's loop lives in this thread, so Django takes every query here for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell", args=sandbox
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server, settings) -> Iterator[Callable[..., Page]]:
    """Open pages of the running portal: `open_page(360, 640, javascript=False)`.

    A script that fails, a violation of the CSP or a request to another host fails the test.
    """
    settings.BASE_URL = live_server.url
    contexts = []
    complaints: list[str] = []

    def watch_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def watch_requests(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:", "blob:")):
            complaints.append(f"asked another host: {request.url}")

    def open_(width: int, height: int, *, javascript: bool = True, offline: bool = False) -> Page:
        context = browser.new_context(
            service_workers="allow" if offline else "block",  # it would ask when the test is over
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="es-MX",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", watch_console)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", watch_requests)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """Open a page as wide as a small phone."""
    return open_page(360, 640)


@pytest.fixture
def phone_without_script(open_page: Callable[..., Page]) -> Page:
    """Open a page as wide as a small phone, with JavaScript off."""
    return open_page(360, 640, javascript=False)


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    """Open a page as wide as an office screen."""
    return open_page(1280, 800)


# Worker ------------------------------------------------------------------------------------------
@pytest.fixture
def worker(live_server, smtp_sink: Sink, own_folders: Path) -> Iterator[None]:
    """Run the real worker and its clock beside the test, on its database, files and mail sink."""
    environment = os.environ | {
        "BASE_URL": live_server.url,
        "SECRET_KEY": portal_settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_sink.port}",
        "VAR_DIR": str(own_folders),
        "CELERY_BROKER_URL": broker_url(),
    }
    log = own_folders / "worker.log"
    command = [
        *(sys.executable, "-m", "celery", "--app", "imss_afiliacion", "worker", "--beat"),
        *(
            "--schedule",
            str(own_folders / "clock"),
            "--queues",
            "quick,heavy",
            "--concurrency",
            "1",
        ),
        *("--loglevel", "INFO", "--without-mingle", "--without-gossip"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(  # a group of its own: its children end with it
            command,
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield
    died_early = process.poll() is not None
    stop_group(process)
    assert not died_early, log.read_text()


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """End the process kindly, or after ten seconds by force, and then whatever it left of its group.

    A worker that is told to end while it begins does not always take its clock along.
    """
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def database_url() -> str:
    """Name the test's database as DATABASE_URL does."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user = f"{database['USER']}:{database['PASSWORD']}"
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def broker_url() -> str:
    """Name a broker that no other process of the suite shares: on Redis, a database each."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url: str = portal_settings.CELERY_BROKER_URL
    return f"{url.removesuffix('/0')}/{number}" if url.startswith("redis:") else url
