"""One confirmed import in a process of its own that ends itself by kill -9: `PUBLIC_ID STATEMENT SECONDS`.

It dies so many seconds after it came to the statement with that number; the statement 0 never comes.
"""

import os
import signal
import sys
import threading
from pathlib import Path


def main(public_id: str, statement: int, seconds: float) -> None:
    """Import the file, or die on the way."""
    from django.db import connection
    from django.utils import timezone

    from students.actions.roster import import_roster
    from students.models import RosterImport
    from students.roster_file.table import read_table

    roster = RosterImport.objects.get(public_id=public_id)
    table = read_table(Path(os.environ["ROSTER"]).read_bytes(), max_rows=5_000)
    executed = 0

    def count(execute, sql, params, many, context):
        nonlocal executed
        executed += 1
        if executed == statement:
            threading.Timer(seconds, die).start() if seconds else die()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        import_roster(roster, table, now=timezone.now())
    sys.stdout.write(f"{executed}\n")
    sys.stdout.flush()
    os._exit(0)


def die() -> None:
    """End this process as the kernel does when memory is gone."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
