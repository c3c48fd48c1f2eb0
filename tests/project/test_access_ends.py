"""T23: a role that is taken away is gone at the next request, on every page that it opened."""

import pytest

from school.models import Membership
from tests.project.access_matrix import PAGES
from tests.project.knock import knock, undone
from tests.project.test_access_matrix import path_of

pytestmark = pytest.mark.django_db

PERSONS = ("RP", "RV", "CO", "AD+", "AU")
OPEN = {"200", "204", "302"}
CLOSED = {"403", "404"}
EVERYBODYS = {"followup:my_steps", "students:sign_out"}
"""What leads who works nowhere on to another door, and the way out."""


@pytest.mark.parametrize("person", PERSONS)
def test_a_role_that_is_taken_away_is_gone_at_the_next_request(world, person):
    user, still_open, closed = world.users[person], {}, 0
    for page in PAGES:
        for (method, whose), answers in page.answers.items():
            is_open_to_all = answers["AN"] != "in" or page.name in EVERYBODYS
            is_own_account = page.name.startswith(("account_", "mfa_", "staff_"))
            if is_open_to_all or is_own_account or answers[person] not in OPEN:
                continue
            path = path_of(page, whose if whose != "-" else "own", world)
            with undone():
                client = world.client(person)
                before = knock(client, method, path).outcome
                Membership.objects.filter(user=user).delete()
                after = knock(client, method, path).outcome
            closed += after in CLOSED
            if before not in OPEN or after not in CLOSED:
                still_open[f"{method} {whose} {page.name}"] = (before, after)

    assert still_open == {}
    assert closed >= 2
