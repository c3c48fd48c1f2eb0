"""A program of the portal whose clock goes wrong by some hours: python -m tests.faults.shifted HOURS MODULE ARG…"""

import runpy
import sys
from datetime import datetime, timedelta

from django.utils import timezone


def main() -> None:
    """Move the clock that every rule of the portal reads, and run the program."""
    hours, true_now = float(sys.argv[1]), timezone.now

    def shifted_now() -> datetime:
        return true_now() + timedelta(hours=hours)

    timezone.now = shifted_now
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
