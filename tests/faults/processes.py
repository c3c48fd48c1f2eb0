"""The portal's processes and the services under them: each can be killed, stopped, frozen and started again."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings

from tests.conftest import ROOT, free_port

PATIENCE = 120
"""Seconds that anything may take at most, on the busiest machine."""

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
Environment = dict[str, str]


def wait_until(is_true: Callable[[], bool], what: str, *, seconds: float = PATIENCE) -> float:
    """Wait, and give the seconds it took; raises TimeoutError."""
    start = time.monotonic()
    while not is_true():
        if time.monotonic() - start > seconds:
            raise TimeoutError(what)
        time.sleep(0.05)
    return time.monotonic() - start


class Process:
    """A program in a group of its own, so that its children end with it; it ends with the test, however that ends."""

    def __init__(self, command: Sequence[str], *, environment: Environment, log: Path) -> None:
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [*DIES_WITH_US, *command],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._popen.poll() is None

    def stop(self) -> None:
        """Ask it to end, and after ten seconds kill it."""
        self._popen.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=10)
        self.kill()

    def kill(self) -> None:
        """End it and its children without a word, as a lack of power does; twice is once."""
        if self.is_alive:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def freeze(self) -> None:
        """Stop it where it stands: its connections stay open, and nobody answers."""
        os.killpg(self._popen.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self._popen.pid, signal.SIGCONT)


class Portal:
    """The processes of the Procfile, under one set of variables."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.environment: Environment = {
            **os.environ,
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            **variables,
        }
        self._running: list[Process] = []

    def start(self, name: str, *command: str) -> Process:
        """Start a Python program; its words go to a file of that name."""
        process = Process(
            [sys.executable, "-m", *command],
            environment=self.environment,
            log=self.folder / f"{name}.log",
        )
        self._running.append(process)
        return process

    def web(self, port: int) -> Process:
        """Start the web server and wait for its first answer."""
        process = self.start(
            "web",
            *("gunicorn", "imss_afiliacion.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"),
            *("--threads", "4", "--no-control-socket", "--log-level", "warning"),
        )
        wait_until(lambda: answers(port) or not process.is_alive, "the web server did not start")
        if not process.is_alive:
            raise ChildProcessError((self.folder / "web.log").read_text())
        return process

    def worker(self, name: str = "quick", *, queue: str = "quick", shifted: float = 0) -> Process:
        """Start a worker of a queue; its clock may be wrong by some hours."""
        wrong = ("tests.faults.shifted", str(shifted)) if shifted else ()
        return self.start(
            name,
            *(*wrong, "celery", "--quiet", "--app", "imss_afiliacion", "worker"),
            *("--queues", queue, "--concurrency", "1", "--hostname", f"{name}@%h"),
            *("--loglevel", "WARNING", "--without-mingle", "--without-gossip"),
        )

    def beat(self, name: str = "clock", *, app: str = "imss_afiliacion") -> Process:
        """Start a clock."""
        schedule = str(self.folder / f"{name}.schedule")
        return self.start(
            name,
            *("celery", "--quiet", "--app", app, "beat", "--schedule", schedule),
            *("--pidfile=", "--loglevel", "WARNING"),
        )

    def kill(self) -> None:
        """End all that still runs."""
        for process in self._running:
            process.kill()
        self._running.clear()


@contextmanager
def portal(folder: Path, **variables: str) -> Iterator[Portal]:
    """End the portal's processes however the test ends."""
    folder.mkdir(parents=True, exist_ok=True)
    processes = Portal(folder, **variables)
    try:
        yield processes
    finally:
        processes.kill()


def answers(port: int) -> bool:
    """Tell whether a web server answers at all."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/guia/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


NGINX = """
user root;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {settings}
}}
"""
"""What stands around any settings. `user` is for root, whose folder it is; for anybody else it means nothing."""


@contextmanager
def nginx(folder: Path, settings: str, port: int) -> Iterator[int]:
    """Run nginx under these settings of `http` until the block ends; gives the port where it listens."""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, settings=settings))
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    assert program is not None
    server = Process(
        [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")],
        environment={},
        log=folder / "nginx.log",
    )
    try:
        wait_until(lambda: answers(port), "nginx did not start")
        yield port
    finally:
        server.stop()


class Redis:
    """A broker of one's own, without a disk, as the portal needs none."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self.process = self.start()

    def start(self) -> Process:
        """Start it, empty, on the same port."""
        self.process = Process(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
                *("--appendonly", "no", "--dir", str(self._folder)),
            ],
            environment=dict(os.environ),
            log=self._folder / "redis.log",
        )
        wait_until(lambda: self.ask("ping") == "PONG", "Redis did not start")
        return self.process

    def ask(self, *command: str) -> str:
        """Give the answer of redis-cli, empty when nobody answers."""
        asked = ["redis-cli", "-p", str(self.port), *command]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def redis(folder: Path) -> Iterator[Redis]:
    """Run a broker for the length of a test, and end it even when it is frozen."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Redis(folder)
    try:
        yield server
    finally:
        server.process.kill()


class Cluster:
    """A PostgreSQL of one's own that keeps what it confirmed: fsync and synchronous_commit are on, as by default."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cluster"))
        if not os.geteuid():  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._data = str(self.folder / "data")
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "--no-sync")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "portal")

    @property
    def url(self) -> str:
        """The database, as DATABASE_URL names it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/portal"

    def start(self) -> None:
        """Start it and wait until it recovered and answers."""
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "start")

    def crash(self) -> None:
        """End it as a lack of power does: at once, without a checkpoint."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def delete(self) -> None:
        """End it and leave nothing behind."""
        self.crash()
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        newest = max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        become = (
            ()
            if os.geteuid()
            else ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        )
        subprocess.run(
            [*become, str(newest), *arguments],
            check=True,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL for the length of a test."""
    server = Cluster()
    try:
        yield server
    finally:
        server.delete()
