"""The one runner of disposable child processes: every foreign file is parsed inside one.

A job is a function in a module that imports no Django, named `"package.module:function"`::

    def read_table(inputs: list[Path], arguments: dict, output: Path) -> dict:
        ...

It gets copies of the files, what the caller passed (JSON values), and an empty folder for the files
it makes. It returns a JSON-ready dict, or raises `common.uploads.Refused`. Whatever else it does
(crash, abort, eat memory, hang) ends the child alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess  # nosec B404 -- fixed argument list, no shell
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from common.uploads.child import other_owner
from common.uploads.kinds import Kind
from common.uploads.refusals import Refusal, Refused

SLOTS = 2
ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, sys.argv[1]); from common.uploads.child import main; main()"
COMMAND = [sys.executable, "-I", "-B", "-c", START, str(ROOT)]
MEGABYTE = 1024 * 1024
HEIC_MEMORY_MB = 768
HEIC_CPU_SECONDS = 10
HEIC_WALL_SECONDS = 20.0


class NoSlot(Exception):
    """Both slots stayed busy for as long as the caller could wait; a sweep does the work later."""


@dataclass(frozen=True)
class Limits:
    """What one child may use; every file that must be accepted passes under these."""

    memory_mb: int = 512
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    file_mb: int = 32
    open_files: int = 64
    threads: bool = False


def with_room_for(kind: Kind, limits: Limits | None = None) -> Limits:
    """Return the limits for a file of that kind: a HEIC is unpacked whole, by a thread of its own."""
    limits = limits or Limits()
    if kind is not Kind.HEIC:
        return limits
    return replace(
        limits,
        memory_mb=max(limits.memory_mb, HEIC_MEMORY_MB),
        cpu_seconds=max(limits.cpu_seconds, HEIC_CPU_SECONDS),
        wall_seconds=max(limits.wall_seconds, HEIC_WALL_SECONDS),
        threads=True,
    )


@dataclass(frozen=True)
class ChildResult:
    """How a child ended: with a value and files, with a refusal, or dead.

    `end` is "" after a normal end, else why the child died, never with words of the file.
    `isolated` tells whether the child had a network namespace of its own.
    """

    value: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    refused: Refused | None = None
    end: str = ""
    duration_ms: int = 0
    isolated: bool = False

    @property
    def is_done(self) -> bool:
        """True when the job returned a value."""
        return self.refused is None and not self.end


def run_child(
    job: str,
    *inputs: Path,
    limits: Limits | None = None,
    arguments: dict[str, Any] | None = None,
    wait_seconds: float = 2.0,
) -> ChildResult:
    """Run one job on copies of the inputs in a limited process and return how it ended.

    `job` is `"package.module:function"` (see the module's docstring), `arguments` are JSON values.
    At most two children run at once over all processes of the machine; raises NoSlot when none
    becomes free within `wait_seconds`. Never raises for what is in the file.
    """
    limits = limits or Limits()
    with _slot(wait_seconds), tempfile.TemporaryDirectory(prefix="imss-child-") as name:
        folder = Path(name)
        _prepare(folder, job, inputs, limits, arguments or {})
        started = time.monotonic()
        end = _run(folder, limits)
        duration_ms = int((time.monotonic() - started) * 1000)
        return _collect(folder, limits, end, duration_ms)


@contextmanager
def _slot(wait_seconds: float) -> Iterator[None]:
    folder = _slots_folder()
    deadline = time.monotonic() + wait_seconds
    handles = [
        os.open(folder / f"slot-{number}", os.O_RDWR | os.O_CREAT) for number in range(SLOTS)
    ]
    try:
        while not any(_is_locked_by_us(handle) for handle in handles):
            if time.monotonic() >= deadline:
                raise NoSlot
            time.sleep(0.05)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _is_locked_by_us(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _slots_folder() -> Path:
    # Read late: the child imports this package and must not need Django.
    from django.conf import settings

    folder = Path(settings.CHILD_SLOTS_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _prepare(
    folder: Path, job: str, inputs: tuple[Path, ...], limits: Limits, arguments: dict[str, Any]
) -> None:
    names = [f"input-{number}" for number in range(len(inputs))]
    order = {
        "job": job,
        "inputs": names,
        "arguments": arguments,
        "memory": limits.memory_mb * MEGABYTE,
        "cpu": limits.cpu_seconds,
        "file_size": limits.file_mb * MEGABYTE,
        "open_files": limits.open_files,
        "threads": limits.threads,
    }
    (folder / "order.json").write_text(json.dumps(order))
    (folder / "out").mkdir(mode=0o700)
    for name, path in zip(names, inputs, strict=True):
        shutil.copyfile(path, folder / name)
    owner = other_owner()
    for path in (folder, *folder.iterdir()):
        os.chown(path, owner, owner)


def _run(folder: Path, limits: Limits) -> str:
    """Run the child to its end and return why it died, "" when it ended by itself."""
    process = subprocess.Popen(  # nosec B603 -- our own interpreter and code
        COMMAND,
        cwd=folder,
        env={
            "LANG": "C.UTF-8",
            "OMP_THREAD_LIMIT": "1",
            "MALLOC_ARENA_MAX": "1",
            "TMPDIR": str(folder),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        return "TIMEOUT"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code < 0:
        return signal.Signals(-code).name
    return f"EXIT {code}" if code else ""


def _collect(folder: Path, limits: Limits, end: str, duration_ms: int) -> ChildResult:
    if end:
        return ChildResult(end=end, duration_ms=duration_ms)
    try:
        answer = json.loads(_read_regular(folder / "result.json", limits))
        if "crash" in answer:
            end = f"{answer['crash']} at {' '.join(answer['where'])}"
            return ChildResult(end=end, duration_ms=duration_ms)
        if "refusal" in answer:
            refused = Refused(Refusal(answer["refusal"]), **answer["details"])
            return ChildResult(refused=refused, duration_ms=duration_ms)
        files = {
            path.name: _read_regular(path, limits) for path in sorted((folder / "out").iterdir())
        }
        return ChildResult(answer["value"], files, None, "", duration_ms, answer["isolated"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return ChildResult(end=f"NO ANSWER: {type(error).__name__}", duration_ms=duration_ms)


def _read_regular(path: Path, limits: Limits) -> bytes:
    """Read what the child left; a link planted there by a hijacked child is not followed."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limits.file_mb * MEGABYTE:
            raise OSError("the child left something that is not a plain file within its limit")
        return file.read()
