"""T7: no response lets a cache between the portal and a person keep it; tests/faults/ puts such a cache there."""

import pytest

from tests.project.access_matrix import PAGES, PERSONS
from tests.project.knock import body, undone
from tests.project.test_access_matrix import path_of

pytestmark = pytest.mark.django_db


OWN = {"-", "own"}
"""Whose row is asked for changes the answer, not its headers: one's own is enough."""


def directives(header: str) -> set[str]:
    """The words of a Cache-Control header."""
    return {part.strip().partition("=")[0].lower() for part in header.split(",") if part.strip()}


@pytest.mark.parametrize("person", PERSONS)
def test_no_page_may_be_kept_for_somebody_else(world, person):
    kept = {}
    for page in PAGES:
        for (method, whose), answers in page.answers.items():
            if answers[person] == "405" or whose not in OWN:
                continue
            path = path_of(page, "own", world)
            with undone():
                response = getattr(world.client(person), method.lower())(path)
                body(response)
            said = directives(response.headers.get("Cache-Control", ""))
            is_personal = person not in {"AN", "EX"} or bool(response.cookies)
            if is_personal and "no-store" not in said:
                kept[f"{method} {path}"] = "may be stored"
            if is_personal and "Cookie" not in response.headers.get("Vary", ""):
                kept[f"{method} {path}"] = "does not vary by cookie"
            if response.cookies and said & {"public", "s-maxage"}:
                kept[f"{method} {path}"] = "a cookie in a public response"

    assert kept == {}
