"""The portal's web server as a process of its own, on the test's database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import database_url, free_port
from tests.faults.processes import portal


@pytest.fixture
def web(transactional_db, own_folders: Path) -> Iterator[int]:
    """This will start gunicorn with two processes of four threads; gives the port."""
    port = free_port()
    address = {"DATABASE_URL": database_url(), "BASE_URL": f"http://127.0.0.1:{port}"}
    with portal(own_folders, **address) as processes:
        server = processes.web(port)
        yield port
        server.stop()
