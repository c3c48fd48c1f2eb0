"""T17, without a browser: markup in any text of a person comes back as text, on every page and for every role.

The policy that would stop what slipped through is held by test_headers.py; that no page violates it, by the
browser tests.
"""

import re
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from tests.project.access_matrix import PAGES
from tests.project.knock import knock, undone
from tests.project.test_access_matrix import path_of
from tests.project.test_canaries import QUERIES, TO_PLANTEL, holds_words
from tests.project.world import World

pytestmark = pytest.mark.django_db

MARKUP = "<x-y>\"'"
"""Short enough for every field; raw in a page, it is an element, or the end of an attribute."""
KEYS = {
    "path",
    "derivative_pages",
    "key",
    "field",
    "differences",
    "box",
    "curp",
    "nss",
    "about",
    "code",
}
"""Not words of a person: addresses of files, names that the program looks up, numbers under a constraint."""
PERSONS = ("AL", "RP", "CO", "AD+")


def mark_up(world: World) -> None:
    """Put markup into every text of plantel A's people that a person may have written."""
    for label, path in TO_PLANTEL.items():
        model = apps.get_model(label)
        names = [
            one.name
            for one in model._meta.concrete_fields
            if holds_words(one) and not one.unique and one.name not in KEYS
        ]
        for row in model.objects.filter(**{path: world.plantel_a}):
            model.objects.filter(pk=row.pk).update(
                **{name: _marked(getattr(row, name), row.pk) for name in names}
            )


def _marked(value: Any, pk: int) -> Any:
    if isinstance(value, dict):
        return {key: one if key in KEYS else _marked(one, pk) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one, pk) for one in value]
    return f"{MARKUP}{pk % 1000}" if isinstance(value, str) else value


@pytest.mark.parametrize("person", PERSONS)
def test_markup_comes_back_as_text(world, person):
    raw, shown = [], 0
    with undone():
        mark_up(world)
        for page in PAGES:
            for query in ("", *QUERIES.get(page.name, ())):
                path = f"{path_of(page, 'own', world)}?{query}"
                answer = knock(world.client(person), "GET", path)
                if not answer.response.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                raw += [path] if re.search(r"<x-y", answer.text) else []
                shown += answer.text.count("&lt;x-y&gt;")

    assert raw == []
    assert shown > 0


@pytest.mark.parametrize("person", ["RP", "CO"])
def test_markup_that_is_searched_comes_back_as_text(world, person):
    answer = knock(world.client(person), "POST", reverse("followup:search"), data={"q": MARKUP})

    assert "<x-y" not in answer.text
    assert "&lt;x-y&gt;" in answer.text
