"""R5: PostgreSQL dies under writes; what was answered is there, and the web server needs no restart."""

import json
import random
import subprocess
import sys
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import psycopg2
from django.urls import reverse

from tests.conftest import ROOT, free_port
from tests.faults.people import Browser, busy
from tests.faults.processes import Cluster, Portal, cluster, portal, wait_until

WRITERS = 4


class Writer:
    """A student who asks one question after the other, and keeps a journal of what was answered."""

    def __init__(self, name: str, browser: Browser) -> None:
        self._name, self._browser = name, browser
        self._numbers = count()
        self.confirmed: list[str] = []
        self.asked = 0

    def ask(self) -> None:
        """Ask once."""
        key = f"{self._name}-{next(self._numbers)}"
        data = {"text": f"¿Llegó mi pregunta {key}?", "key": key}
        self.asked += 1
        if self._browser.post(reverse("followup:ask"), data).is_kept:
            self.confirmed.append(data["text"])


def lost_database(folder: Path, *, kills: int, seed: int) -> dict[str, float]:
    """Kill PostgreSQL so often under writes, and compare what is kept with the writers' journals."""
    chance = random.Random(seed)
    with cluster() as database:
        port = free_port()
        address = {"DATABASE_URL": database.url, "BASE_URL": f"http://127.0.0.1:{port}"}
        with portal(folder, **address) as processes:
            sessions = _prepare(processes)
            processes.web(port)
            writers = [Writer(str(n), Browser(port, session)) for n, session in enumerate(sessions)]
            with busy([writer.ask for writer in writers]):
                recoveries = [_crash(database, writers, chance) for _ in range(kills)]
        kept = _kept(database)
    confirmed = {text for writer in writers for text in writer.confirmed}
    asked = sum(writer.asked for writer in writers)
    return {
        "asked": asked,
        "confirmed": len(confirmed),
        "missing": len(confirmed - set(kept)),
        "double": len(kept) - len(set(kept)),
        "recovery_seconds": round(max(recoveries), 1),
    }


def _prepare(processes: Portal) -> list[str]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.faults.prepare", str(WRITERS)],
        env=processes.environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    sessions: list[str] = json.loads(made.stdout)
    return sessions


def _crash(database: Cluster, writers: list[Writer], chance: random.Random) -> float:
    """From the moment when it is started again until everybody was answered, its own recovery included."""
    _wait_for_writes(writers)
    sleep(chance.uniform(0, 1))
    database.crash()
    sleep(chance.uniform(0, 0.5))
    start = monotonic()
    database.start()
    _wait_for_writes(writers)
    return monotonic() - start


def _wait_for_writes(writers: list[Writer]) -> None:
    before = [len(writer.confirmed) for writer in writers]
    wait_until(
        lambda: all(len(writer.confirmed) > n for writer, n in zip(writers, before, strict=True)),
        "the portal did not come back",
    )


def _kept(database: Cluster) -> list[str]:
    connection = psycopg2.connect(database.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT text FROM followup_studentreport")
        kept = [text for (text,) in cursor]
    connection.close()
    return kept
