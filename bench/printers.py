"""Two processes that print as the workers do: each round's work is given to both at once, in fresh ones."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

CORES = 2
MEGA = 1024  # kB, as Linux counts a process's memory


def stand(ready: Callable[[], None], both: Any) -> None:
    """Be ready, and wait for the other process."""
    ready()
    both.wait(60)


def wake(_number: int) -> int:
    """Keep one process busy until the other is given something too."""
    time.sleep(0.5)
    return os.getpid()


class Workers:
    """Two fresh processes, each made `ready` before any clock runs."""

    def __init__(self, ready: Callable[[], None]) -> None:
        context = multiprocessing.get_context("spawn")
        both = (ready, context.Barrier(CORES))
        self.pool = ProcessPoolExecutor(CORES, mp_context=context, initializer=stand, initargs=both)
        if len(set(self.pool.map(wake, range(CORES)))) != CORES:
            raise SystemExit("the processes did not start")

    def timed(self, work: Callable[[Any], int], orders: Sequence[Any]) -> tuple[float, int]:
        """Return the seconds until both were done, and the most memory that one of them ever took in MB.

        Once: both have ended then, so that their end takes no time from whatever is measured next.
        """
        started = time.perf_counter()
        peaks = list(self.pool.map(work, orders))
        seconds = time.perf_counter() - started
        self.pool.shutdown()
        return seconds, max(peaks) // MEGA


def peak() -> int:
    """Return the most memory that this process ever took, in kB.

    ru_maxrss would be no less than the parent's at the time of the start.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def told(name: str, sheets: int, seconds: float) -> float:
    """Say how it went and return the pages per second."""
    print(f"  {name}: {seconds:.2f} s, {sheets / seconds:.0f} pages/s", file=sys.stderr, flush=True)
    return sheets / seconds
