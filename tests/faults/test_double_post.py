"""R4: a hundred identical submissions do their work once, and nobody reads an error."""

import pytest

from tests.faults.pressed_buttons import SAME_PAGE, TAKEN_ONCE, Outcome, press_at_once

POSTS, AT_ONCE = 100, 16


@pytest.mark.parametrize("button", SAME_PAGE)
def test_pressing_again_leads_to_the_same_page(web, button):
    assert press_at_once(button(), web, posts=POSTS, at_once=AT_ONCE) == Outcome([], 1, 1)


@pytest.mark.parametrize("button", TAKEN_ONCE)
def test_a_decision_is_taken_once(web, button):
    outcome = press_at_once(button(), web, posts=POSTS, at_once=AT_ONCE)

    assert (outcome.errors, outcome.done) == ([], 1)
