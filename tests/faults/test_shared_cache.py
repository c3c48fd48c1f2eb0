"""T7: a cache between the portal and its people, greedy as no careful one is, shows nobody another's page."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.urls import reverse

from school.models import User
from school.states import Role
from tests.conftest import free_port
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory
from tests.faults.people import Answer, Browser, session_of
from tests.faults.processes import nginx

REQUESTS = 1_000
AT_ONCE = 8
SEED = 20270201

GREEDY = """
proxy_cache_path {folder}/cache keys_zone=kept:1m;
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://127.0.0.1:{portal};
        proxy_set_header Host $http_host;
        proxy_cache kept;
        proxy_cache_key $uri$is_args$args;
        proxy_cache_valid any 10m;
        proxy_ignore_headers Set-Cookie;
        add_header X-Cache $upstream_cache_status always;
    }}
}}
"""
"""Keeps whatever the headers do not forbid, for everybody, even what sets a cookie."""


@dataclass(frozen=True)
class Person:
    """Who asks, which pages, and the word that stands on all of them and on nobody else's."""

    word: str
    browser: Browser
    paths: tuple[str, ...]


@pytest.fixture
def cache(web: int, tmp_path: Path) -> Iterator[int]:
    """Start nginx before the portal; gives its port."""
    port = free_port()
    settings = GREEDY.format(folder=tmp_path, port=port, portal=web)
    with nginx(tmp_path, settings, port):
        yield port


def a_student(word: str, port: int) -> Person:
    """Enrol somebody of that name, with an acuse in review."""
    stay = EnrollmentFactory(confirmed=True, student__given_names=word)
    AcuseFactory(request__enrollment=stay)
    names = ("followup:my_steps", "students:my_data")
    paths = tuple(reverse(name) for name in names)
    return Person(word, Browser(port, session_of(stay.student.user)), paths)


def a_reviewer(word: str, port: int) -> Person:
    """Hire somebody of that name in a plantel of its own."""
    stay = EnrollmentFactory(confirmed=True)
    user: User = staff(Role.REVISOR, stay.plantel, name=word)
    names = ("followup:today", "followup:students", "nss:review_end")
    return Person(word, Browser(port, session_of(user)), tuple(reverse(name) for name in names))


@pytest.mark.django_db(transaction=True)
def test_a_thousand_pages_in_turn_each_show_their_own_person_alone(cache: int):
    people = [
        *(a_student("XIMENA-UNO", cache), a_student("XIMENA-DOS", cache)),
        *(a_reviewer("YOLANDA-UNO", cache), a_reviewer("YOLANDA-DOS", cache)),
    ]
    dice = random.Random(SEED)
    turns = [(people[turn % 4], dice.choice(people[turn % 4].paths)) for turn in range(REQUESTS)]

    def ask(turn: tuple[Person, str]) -> Answer:
        return turn[0].browser.get(turn[1])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        seen = list(pool.map(ask, turns))

    outcomes = Counter(answer.status for answer in seen)
    shown = [
        (person.word, path, [each.word for each in people if each.word in answer.text])
        for (person, path), answer in zip(turns, seen, strict=True)
    ]
    assert outcomes == {200: REQUESTS}
    assert [each for each in shown if each[2] != [each[0]]] == []
    assert {answer.headers["X-Cache"] for answer in seen} == {"MISS"}


@pytest.mark.django_db(transaction=True)
def test_the_cache_keeps_what_is_for_everybody_and_nothing_that_sets_a_cookie(cache: int):
    visitor = Browser(cache, "")
    style = static("css/portal.css")

    kept = [visitor.get(style) for _ in range(2)]
    sign_in = [visitor.get(reverse("students:sign_in")) for _ in range(2)]

    assert [answer.headers["X-Cache"] for answer in kept] == ["MISS", "HIT"]
    assert [answer.headers["X-Cache"] for answer in sign_in] == ["MISS", "MISS"]
