"""T21: no POST without token, no look that writes, no redirect out of the portal.

That GET, HEAD and OPTIONS leave the portal's own pages as they are is held by test_access_matrix, person by person.
"""

import pytest
from django.urls import reverse

from tests.project.access_matrix import PAGES
from tests.project.knock import knock
from tests.project.test_access_matrix import path_of
from tests.project.urls import addresses

pytestmark = pytest.mark.django_db

EVIL = ("//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example")


def paths(world) -> list[str]:
    """List every address, those about a thing with the thing of AL."""
    listed = {page.name for page in PAGES}
    return [path_of(page, "own", world) for page in PAGES] + [
        address.path for address in addresses() if address.name not in listed
    ]


@pytest.mark.parametrize("person", ["AN", "AL", "RP", "SU"])
def test_post_without_token_is_refused(world, person):
    strict = world.client(person, enforce_csrf_checks=True)

    accepted = [path for path in paths(world) if knock(strict, "POST", path).outcome != "403"]

    assert accepted == []


def test_looking_at_the_admin_changes_nothing(world):
    changed = {}
    client = world.client("SU", raise_request_exception=False)
    for address in addresses():
        if address.name.startswith("admin:"):
            answer = knock(client, "GET", address.path)
            if answer.changed:
                changed[address.path] = answer.changed

    assert changed == {}


@pytest.mark.parametrize("person", ["AL", "RP"])
def test_no_redirect_leads_out(world, person):
    led_out = []
    for path in (path_of(page, "own", world) for page in PAGES):
        for method in ("GET", "POST"):
            for target in EVIL:
                fields = {"next": target, "volver": target} if method == "POST" else None
                answer = knock(world.client(person), method, f"{path}?next={target}", data=fields)
                location = answer.response.headers.get("Location")
                if location is None:
                    break  # it does not redirect, wherever one asks to go
                if not _is_ours(location):
                    led_out.append(f"{method} {path} → {location}")

    assert led_out == []


@pytest.mark.parametrize("target", EVIL)
def test_sign_in_with_a_foreign_next_leads_home(world, target):
    """The student's only page that follows `next` after an answer: anything foreign ends at «Mi trámite»."""
    path = f"{reverse('students:accept_privacy_notice')}?next={target}"

    answer = knock(world.client("AL"), "POST", path)

    assert answer.response.headers["Location"] == reverse("followup:my_steps")


@pytest.mark.parametrize("target", EVIL)
def test_shortcuts_with_a_foreign_way_back_lead_to_today(world, target):
    path = reverse("school:switch_shortcuts")

    answer = knock(world.client("RP"), "POST", path, data={"volver": target})

    assert answer.response.headers["Location"] == reverse("followup:today")


def _is_ours(location: str) -> bool:
    """Our own path, as a browser reads it; where it leads is what stands before the query."""
    where = location.partition("?")[0]
    return where == "" or (where.startswith("/") and not where.startswith(("//", "/\\")))
