"""What the pages weigh over the wire, served as in production: a student pays for every kilobyte (goal E2)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from followup.states import Stage
from tests.browser.conftest import looks_in
from tests.browser.scenes import build
from tests.browser.weight import HOST, Weight, headers_of, production, weigh
from tests.conftest import database_url, free_port

KILOBYTE = 1_000
FIRST, NEXT = 100 * KILOBYTE, 15 * KILOBYTE
STAFF_FIRST, PICTURES = 250 * KILOBYTE, 200 * KILOBYTE
MOST_REQUESTS = 10
WEIGHED = ("visitor", Stage.S_00, Stage.S_01, Stage.S_04, Stage.S_05, Stage.S_06, "number read")
"""Between them every page of the students."""

OF_STAFF = ("account_", "mfa_")
POLLS = ("nss:confirm", "nss:sent")
"""These ask again while a worker reads: how often, the clock decides."""

Weigher = Callable[[dict[str, str], list[str]], list[Weight]]


@pytest.fixture(scope="module")
def portal(django_db_setup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("production")
    with production(database=database_url(), folder=folder, port=free_port()) as address:
        yield address


@pytest.fixture
def weigher(
    portal: str, browser: Browser, transactional_db, own_folders: Path
) -> Iterator[Weigher]:
    """Open addresses one after the other in a browser that has seen nothing of the portal yet."""
    contexts = []

    def weigh_all(headers: dict[str, str], addresses: list[str]) -> list[Weight]:
        context = browser.new_context(viewport={"width": 360, "height": 640})
        contexts.append(context)
        context.set_extra_http_headers(headers)
        page = context.new_page()
        return [weigh(context, page, portal + address) for address in addresses]

    yield weigh_all
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", WEIGHED)
def test_pages_of_students_are_light(weigher: Weigher, name: str):
    scene = build(name)
    headers = headers_of(scene)
    looks = [look for look in looks_in(name) if not look.name.startswith((*OF_STAFF, *POLLS))]
    too_heavy = []

    for look in looks:
        address = look.address(scene)
        first, again = weigher(headers, [address, address])
        if first.bytes > FIRST or again.bytes > NEXT or first.answers > MOST_REQUESTS:
            too_heavy.append(f"{look}: {first.bytes} bytes in {first.answers}, again {again.bytes}")
        assert first.hosts | again.hosts == {HOST}

    assert too_heavy == []


def test_pages_of_the_staff_are_light(weigher: Weigher):
    scene = build("responsable")
    headers = headers_of(scene)
    too_heavy = []

    for look in looks_in("responsable"):
        (first,) = weigher(headers, [look.address(scene)])
        if first.bytes > STAFF_FIRST or first.image_bytes > PICTURES:
            too_heavy.append(f"{look}: {first.bytes} bytes, pictures {first.image_bytes}")
        assert first.hosts == {HOST}

    assert too_heavy == []
