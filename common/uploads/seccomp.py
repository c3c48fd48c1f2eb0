"""The kernel's own refusal of new processes, for the limited child: threads alone may begin.

A HEIC is decoded by a thread that the library insists on, so a limit of zero processes would refuse every one.
The filter is the classic BPF of seccomp(2): a few comparisons of the system call's number before it runs.
"""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
CLONE_THREAD = 0x00010000
EPERM, ENOSYS = 1, 38

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_SECOND_NUMBERING = 0x40000000


@dataclass(frozen=True)
class Calls:
    """The numbers of one processor's system calls that begin a process (kernel's syscall tables)."""

    architecture: int
    clone: int
    forbidden: tuple[int, ...]
    clone3: int = 435


_CALLS = {
    "x86_64": Calls(0xC000003E, 56, (57, 58, 59, 322)),
    "aarch64": Calls(0xC00000B7, 220, (221, 281)),
}


def forbid_processes(machine: str) -> bool:
    """Let this process begin threads and nothing else, for good; False where the kernel does not allow it.

    `machine` names the processor, as `os.uname` does: of another one than these two it is False as well. The
    process must have given up new privileges before.
    """
    calls = _CALLS.get(machine)
    if calls is None:
        return False
    filters = b"".join(struct.pack("HBBI", *step) for step in _program(calls))
    code = ctypes.create_string_buffer(filters, len(filters))
    program = struct.pack("HxxxxxxP", len(filters) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) == 0)


def _program(calls: Calls) -> list[tuple[int, int, int, int]]:
    """The steps: operation, how many to skip when it holds, how many when not, operand.

    `clone3` is called missing: its flags lie in memory that no filter can read, and every libc then asks `clone`.
    """
    refuse, missing = (_RETURN, 0, 0, _ERROR | EPERM), (_RETURN, 0, 0, _ERROR | ENOSYS)
    allow = (_RETURN, 0, 0, _ALLOW)
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, calls.architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _SECOND_NUMBERING),
        refuse,
    ]
    for number in calls.forbidden:
        steps += [(_EQUAL, 0, 1, number), refuse]
    steps += [(_EQUAL, 0, 1, calls.clone3), missing]
    steps += [(_EQUAL, 1, 0, calls.clone), allow]
    steps += [(_LOAD, 0, 0, _FIRST_ARGUMENT), (_ANY_BIT, 1, 0, CLONE_THREAD), refuse, allow]
    return steps
