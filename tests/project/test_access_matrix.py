"""The access matrix, driven: every page × method × person × whose it is, on the real database with the real client."""

import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from django.urls import reverse

from school.models import LoginSession, Membership, Plantel
from students.models import AccessEntry
from tests.project.access_matrix import ADMIN, PAGES, Page
from tests.project.knock import AGAIN, SIGN_IN, body, knock, undone
from tests.project.urls import addresses
from tests.project.world import CANARY, CANARY_DIGITS, World

pytestmark = pytest.mark.django_db

DENIED = {"403", "404", "405", SIGN_IN, AGAIN}
OUTSIDE_B = {"AN", "AL", "RP", "RV", "CO", "EX", "SU"}
"""Who has nothing to do with plantel B, and so never reads a word about its people."""


@pytest.fixture(autouse=True)
def refusals() -> Iterator[list[logging.LogRecord]]:
    """Collect what is logged about refused requests."""
    records: list[logging.LogRecord] = []
    handler, logger = logging.Handler(logging.WARNING), logging.getLogger("django.request")
    handler.emit = records.append  # type: ignore[method-assign]
    logger.addHandler(handler)
    logger.propagate = False
    quiet = logging.getLogger("django_structlog.middlewares.request")
    quiet.disabled = True
    yield records
    logger.removeHandler(handler)
    logger.propagate = True
    quiet.disabled = False


def path_of(page: Page, whose: str, world: World) -> str:
    """Fill the page's address with the id of that person's thing."""
    if not page.of:
        return reverse(page.name)
    return reverse(page.name, args=[a for a in (world.ids[page.of][whose], page.what) if a])


def test_every_address_is_in_the_matrix():
    names = {address.name for address in addresses()}

    listed = {page.name for page in PAGES} | {n for n in names if n.startswith("admin:")}

    assert names - listed == set()
    assert listed - names == set()


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: " ".join(filter(None, [page.name, page.of, page.what]))
)
def test_page_answers_each_person_as_the_matrix_says(page, world, refusals):
    wrong = []
    for (method, whose), answers in page.answers.items():
        path = path_of(page, "own" if whose == "-" else whose, world)
        for person, expected in answers.items():
            refusals.clear()
            answer = knock(world.client(person), method, path)
            denied = expected in DENIED
            if answer.outcome != expected:
                wrong.append(f"{method} {whose} {person}: {expected}, got {answer.outcome}")
            if (denied or person in OUTSIDE_B) and (
                CANARY in answer.text or CANARY_DIGITS in answer.text
            ):
                wrong.append(f"{method} {whose} {person}: reads about plantel B")
            if answer.changed and (denied or method == "GET"):
                wrong.append(f"{method} {whose} {person}: writes {answer.changed}")
            if expected in {"403", "404", "405"} and len(refusals) != 1:
                wrong.append(f"{method} {whose} {person}: {len(refusals)} refusals logged")

    assert wrong == []


@pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: " ".join(filter(None, [page.name, page.of, page.what]))
)
def test_a_method_that_is_not_listed_is_refused(page, world):
    path, listed = path_of(page, "own", world), {method for method, _ in page.answers}
    taken = {}
    for method in {"GET", "POST"} - listed:
        for person in ("AL", "RP", "AD+"):
            answer = knock(world.client(person), method, path)
            if answer.outcome not in DENIED or answer.changed:
                taken[method, person] = answer.outcome

    assert taken == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_no_page_knows_another_method(world, method):
    client = world.client("SU")
    paths = [path_of(page, "own", world) for page in PAGES]

    answered = {path: client.generic(method, path).status_code for path in paths}

    assert answered == dict.fromkeys(paths, 405)


@pytest.mark.parametrize("person", ["AL", "RP"])
def test_other_ways_to_ask_open_nothing(world, person):
    """HEAD, OPTIONS and a method in a header get what GET gets, or less."""
    more = []
    for page in PAGES:
        path = path_of(page, "own", world)
        plain = knock(world.client(person), "GET", path).outcome
        for method, headers in (
            ("HEAD", {}),
            ("OPTIONS", {}),
            ("GET", {"X-HTTP-Method-Override": "POST"}),
        ):
            answer = knock(world.client(person), method, path, headers=headers)
            is_silent = method == "OPTIONS" and not body(answer.response)
            is_less = is_silent or answer.outcome in {plain, "405"}
            if not is_less or answer.changed:
                more.append(f"{method} {path}: {answer.outcome}, GET {plain}")

    assert more == []


@pytest.mark.parametrize(
    "crooked",
    [
        str.swapcase,
        lambda one: quote(quote(one, safe="-_")) + "%2525",
        lambda one: f"{one}%20",
        lambda one: f"{one}%0A",
        lambda one: f"{one}%00",
        lambda one: f"{one}%C3%91",
        lambda one: "..%2F" + one,
        lambda one: "1",
        lambda one: "1%27%20OR%201=1--",
    ],
    ids=["swapped case", "encoded twice", "space", "newline", "nul", "ñ", "folder", "pk", "sql"],
)
def test_crooked_ids_are_of_nothing(world, crooked: Callable[[str], str]):
    found = {}
    for page in (page for page in PAGES if page.of and page.of != "reset"):
        method = next(iter(page.answers))[0]
        ident = world.ids[page.of]["own"]
        path = path_of(page, "own", world).replace(ident, crooked(ident))
        outcome = knock(world.client("RP", raise_request_exception=False), method, path).outcome
        if outcome not in {"404", "403", "400"}:
            found[path] = outcome

    assert found == {}


def test_ids_of_another_table_are_of_nothing(world):
    found = {}
    others = {"enrollment": "acuse", "acuse": "file", "notice": "report", "report": "notice"}
    others["insured"] = "acuse"
    for page in (page for page in PAGES if page.of and page.of != "reset"):
        method, own = next(iter(page.answers))[0], world.ids[page.of]["own"]
        other = world.ids[others.get(page.of, "enrollment")]["own"]
        path = path_of(page, "own", world).replace(own, other)
        outcome = knock(world.client("RP"), method, path).outcome
        if outcome not in {"404", "403"}:
            found[path] = outcome

    assert found == {}


ENDS: dict[str, tuple[Callable[[World], object], str]] = {
    "the role is revoked": (
        lambda world: Membership.objects.filter(user=world.users["RP"]).delete(),
        "404",
    ),
    "the plantel is closed": (
        lambda world: Plantel.objects.filter(pk=world.plantel_a.pk).update(is_active=False),
        "404",
    ),
    "the login ended": (lambda world: LoginSession.objects.all().delete(), SIGN_IN),
}


@pytest.mark.parametrize("end", ENDS)
def test_access_ends_at_once_when(world, end):
    """The next request after the end finds every page of the staff closed (security T23)."""
    close, expected = ENDS[end]
    still_open = {}
    with undone():
        close(world)
        for page in PAGES:
            for (method, whose), answers in page.answers.items():
                if answers["AN"] != SIGN_IN or answers["RP"] in DENIED or whose == "same":
                    continue
                outcome = knock(world.client("RP"), method, path_of(page, whose, world)).outcome
                if outcome != expected and page.name != "students:sign_out":
                    still_open[f"{method} {page.name}"] = outcome

    assert still_open == {}


def test_a_look_of_administration_is_written_down_with_its_reason(world):
    looks = AccessEntry.objects.filter(by=world.users["AD"])
    for what in ("1", "original"):
        with undone():
            path = reverse("students:file", args=[world.ids["file"]["other"], what])
            world.client("AD+").get(path)

            assert [look.reason for look in looks.all()] == ["Revisión de un caso"]


@pytest.mark.parametrize("person", ADMIN)
def test_django_admin_is_for_superusers_alone(world, person):
    wrong = {}
    client = world.client(person, raise_request_exception=False)
    for address in addresses():
        if address.name.startswith("admin:"):
            answer = knock(client, "GET", address.path)
            if ADMIN[person] and answer.outcome != ADMIN[person]:
                wrong[address.path] = answer.outcome
            if person in OUTSIDE_B - {"SU"} and CANARY in answer.text:
                wrong[address.path] = "reads about plantel B"

    assert wrong == {}
