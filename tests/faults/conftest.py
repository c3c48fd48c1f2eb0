"""The portal's web server as a process of its own, on the test's database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings as portal_settings

from tests.conftest import ROOT, database_url, free_port, stop_group


@pytest.fixture
def web(transactional_db, own_folders: Path) -> Iterator[int]:
    """This will start gunicorn with two processes of four threads; gives the port."""
    port = free_port()
    environment = os.environ | {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": portal_settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(own_folders),
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "imss_afiliacion.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"),
    ]
    log = own_folders / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(port, process)
        yield port
    finally:
        stop_group(process)


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    """This will wait for the first answer; raises TimeoutError after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/guia/")
            connection.getresponse().read()
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError("the web server did not start")
