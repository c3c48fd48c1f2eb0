"""The disposable process in which foreign files are opened.

`common.uploads.runner` starts it with `main`. It limits itself before it looks at the file: memory,
CPU, file size, open files, no core dump, no new process, no network, no root. It imports no Django
and knows no setting.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import Any

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def limit_resources(memory: int, cpu: int, file_size: int, open_files: int) -> None:
    """Set this process's own limits: bytes of memory, CPU seconds, bytes a file, open files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))


def cut_network() -> bool:
    """Leave the network by an empty network namespace; False where the kernel does not allow it.

    `refuse_event` is the fallback: it stops sockets made by Python code, not by a hijacked library.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    return bool(libc.unshare(flags) == 0)


def other_owner() -> int:
    """Return the user and group that a child of ours shall be: `nobody` for root, else -1, which changes nothing."""
    return NOBODY if os.geteuid() == 0 else -1


def drop_privileges(*, threads: bool) -> None:
    """Become `nobody` for good when started by root, never gain a right again, and begin no process.

    Without `threads` none begins either.
    """
    from common.uploads.seccomp import forbid_processes

    libc = ctypes.CDLL(None, use_errno=True)
    owner = other_owner()
    libc.setgroups(0, None)  # root alone may; where root may not, the next line fails
    os.setresgid(owner, owner, owner)
    os.setresuid(owner, owner, owner)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if not (forbid_processes(os.uname().machine) and threads):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def refuse_event(event: str, _arguments: Any) -> None:
    """Make every socket and every new process started from Python an error: a hook of `sys.addaudithook`."""
    if event.startswith(FORBIDDEN_EVENTS):
        raise PermissionError(event)


def crash_report(error: BaseException) -> dict[str, Any]:
    """Name the exception and where it happened, without its message: that may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-4:]]
    return {"crash": type(error).__name__, "where": where}


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Run the job the order names and return what it says, as JSON-ready values."""
    from common.uploads.refusals import Refused

    module, _, function = order["job"].partition(":")
    job = getattr(importlib.import_module(module), function)
    isolated = cut_network()
    drop_privileges(threads=order["threads"])
    sys.addaudithook(refuse_event)
    inputs = [Path(name) for name in order["inputs"]]
    try:
        value = job(inputs, order["arguments"], Path("out"))
    except Refused as refused:
        return {"refusal": refused.code.value, "details": refused.details}
    except (Exception, RecursionError, MemoryError) as error:  # noqa: BLE001 -- any crash is an answer
        return crash_report(error)
    return {"value": value, "isolated": isolated}


def main() -> None:
    """Read the order beside this process, obey it, leave `result.json`."""
    order = json.loads(Path("order.json").read_text())
    limit_resources(order["memory"], order["cpu"], order["file_size"], order["open_files"])
    os.umask(0o077)
    answer = json.dumps(run(order), ensure_ascii=False)
    Path("result.json").write_text(answer, encoding="utf-8")
