"""The portal's web server as a process of its own, on the test's database."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import database_url, free_port
from tests.faults.processes import portal


@dataclass(frozen=True)
class WebServer:
    """Where it listens and where it keeps its files."""

    port: int
    folder: Path


@pytest.fixture(scope="module")
def web_server(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WebServer]:
    """Start gunicorn with two processes of four threads."""
    port, folder = free_port(), tmp_path_factory.mktemp("web")
    address = {"DATABASE_URL": database_url(), "BASE_URL": f"http://127.0.0.1:{port}"}
    with portal(folder, **address) as processes:
        server = processes.web(port)
        yield WebServer(port, folder)
        server.stop()


@pytest.fixture
def web(web_server: WebServer, transactional_db: None, own_folders: Path, settings) -> int:
    """Give the port of the module's web server, and share its folder with the test."""
    settings.VAR, settings.MEDIA_ROOT = web_server.folder, web_server.folder / "files"
    return web_server.port
