"""What the pages weigh over the wire, served as in production: a student pays for every kilobyte (goal E2)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page

from common.images import derivative
from followup.states import Stage
from tests.browser.conftest import looks_in
from tests.browser.pages import PAGES, Look
from tests.browser.scenes import STUDENTS, Scene, build
from tests.browser.weight import HOST, Weight, production, session_of, sign_in, weigh
from tests.conftest import database_url, free_port

KILOBYTE = 1_000
ICON = 1_200
"""Bytes of the icon: a browser asks for it once, the one without windows of the tests never."""
COVER, FIRST = 40 * KILOBYTE - ICON, 100 * KILOBYTE - ICON
NEXT, PREVIEW = 15 * KILOBYTE, 150 * KILOBYTE
STAFF_FIRST, STAFF_PICTURE = 250 * KILOBYTE - ICON, 200 * KILOBYTE
MOST_REQUESTS = 10 - 1
FULLEST = (Stage.S_01, "two photos", "number read")
"""Where a page may be seen in several scenes; in the last two nothing asks again while a worker reads."""
OF_STAFF = ("account_", "mfa_")

SIDE_BY_SIDE = 4
"""First visits at once: each is over when nothing was asked for half a second."""

Visit = Callable[[str, list[str]], list[Weight]]


def weighed() -> dict[str, list[Look]]:
    """Return every page of the students, each in the scene in which it holds most."""
    found: dict[str, list[Look]] = {}
    for look in PAGES:
        scenes = [name for name in look.scenes if name in ("visitor", *STUDENTS)]
        if scenes and not look.name.startswith(OF_STAFF):
            fullest = next((name for name in FULLEST if name in scenes), scenes[0])
            found.setdefault(fullest, []).append(look)
    return found


WEIGHED = weighed()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the portal in production keeps its files."""
    return tmp_path_factory.mktemp("production")


@pytest.fixture(scope="module")
def portal(django_db_setup, folder: Path) -> Iterator[str]:
    with production(database=database_url(), folder=folder, port=free_port()) as address:
        yield address


@pytest.fixture(scope="module")
def heavy_picture() -> bytes:
    """The picture of a sheet, as heavy as it may become."""
    return derivative(Image.effect_noise((800, 600), 20).convert("RGB"))


@pytest.fixture
def enter(
    settings, transactional_db, own_folders: Path, folder: Path, heavy_picture: bytes
) -> Callable[[str], Scene]:
    """Build the scene of that name beside the portal, with heavy pictures."""
    settings.MEDIA_ROOT = folder / "files"

    def into(name: str) -> Scene:
        scene = build(name)
        for picture in settings.MEDIA_ROOT.rglob("*-01"):
            picture.write_bytes(heavy_picture)
        return scene

    return into


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Open a page in a browser that has seen nothing of the portal yet."""
    contexts = []

    def open_() -> Page:
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, service_workers="block"
        )
        contexts.append(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def visit(portal: str, new_page: Callable[[], Page]) -> Visit:
    """Open addresses one after the other in one browser, which was at the sign-in before."""

    def visit_all(session: str, addresses: list[str]) -> list[Weight]:
        page = new_page()
        page.goto(portal + reverse("students:sign_in"), wait_until="networkidle")
        sign_in(page.context, session, portal)
        return [weigh(page.context, page, portal + address)() for address in addresses]

    return visit_all


@pytest.fixture
def visit_first(portal: str, new_page: Callable[[], Page]) -> Visit:
    """Open each address in a browser of its own; some of them side by side."""

    def visit_each(session: str, addresses: list[str]) -> list[Weight]:
        weights = []
        for start in range(0, len(addresses), SIDE_BY_SIDE):
            opened = []
            for address in addresses[start : start + SIDE_BY_SIDE]:
                page = new_page()
                sign_in(page.context, session, portal)
                opened.append((page, weigh(page.context, page, portal + address)))
            for page, when_quiet in opened:
                weights.append(when_quiet())
                page.context.close()
        return weights

    return visit_each


def faults(weight: Weight, *, most: int, picture: int) -> list[str]:
    """Return in words what the page takes too much of, or misses."""
    heaviest = max(weight.pictures, default=0)
    found = [f"{weight.bytes} bytes"] if weight.bytes > most else []
    found += [f"a picture of {heaviest} bytes"] if heaviest > picture else []
    found += [f"{weight.answers} requests"] if weight.answers > MOST_REQUESTS else []
    return [*found, *sorted(weight.hosts - {HOST}), *weight.missing]


@pytest.mark.parametrize("name", WEIGHED)
def test_pages_of_students_are_light(visit: Visit, visit_first: Visit, enter, name: str):
    scene = enter(name)
    session, looks = session_of(scene), WEIGHED[name]
    addresses = [look.address(scene) for look in looks]

    firsts = visit_first(session, addresses)
    nexts = visit(session, addresses)

    too_heavy = {
        str(look): found
        for look, first, later in zip(looks, firsts, nexts, strict=True)
        if (
            found := faults(first, most=FIRST, picture=PREVIEW)
            + faults(later, most=NEXT, picture=PREVIEW)
        )
    }
    assert too_heavy == {}


def test_cover_is_lighter_still(visit_first: Visit, enter):
    enter("visitor")

    (first,) = visit_first("", [reverse("followup:cover")])

    assert faults(first, most=COVER, picture=0) == []


def test_pages_of_the_staff_are_light(visit_first: Visit, enter):
    scene = enter("responsable")
    session = session_of(scene)
    looks = {look.name: look for look in looks_in("responsable")}.values()

    firsts = visit_first(session, [look.address(scene) for look in looks])

    too_heavy = {
        str(look): found
        for look, first in zip(looks, firsts, strict=True)
        if (found := faults(first, most=STAFF_FIRST, picture=STAFF_PICTURE))
    }
    assert too_heavy == {}


def test_static_files_come_compressed_and_stay_for_good(portal: str):
    with urlopen(portal) as cover:  # noqa: S310 -- our own server
        page = cover.read().decode()
    sent = {}
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page)):
        asked = Request(portal + path, headers={"Accept-Encoding": "br"})  # noqa: S310 -- our own server
        with urlopen(asked) as answer:  # noqa: S310 -- our own server
            kind = path.rpartition(".")[2]
            sent[kind] = (answer.headers["Content-Encoding"], answer.headers["Cache-Control"])

    kept = "max-age=315360000, public, immutable"
    assert sent == {"css": ("br", kept), "js": ("br", kept), "svg": ("br", kept)}
