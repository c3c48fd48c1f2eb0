"""One walk through every page and every error of a page, as each person: nobody is kept out, and students read easily.

On the way each page is asked for barriers (axe-core, at the width of a small phone and of an office screen), for what
does not fit or is too small, for what htmx would change in silence, and the students' pages for words that are hard or
forbidden.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, at_both_widths, go, looks_in, show_errors
from tests.browser.layout import too_small, too_wide
from tests.browser.pages import Look
from tests.browser.reading import BLOCKS, forbidden_on, hard_to_read, prose
from tests.browser.scenes import SCENES, STUDENTS, Scene
from tests.browser.swaps import faulty_swaps

FIELDS = "main form[method=post] :is(input:not([type=hidden], [type=checkbox]), textarea, select)"
HAS = "(selector) => document.querySelector(selector) !== null"
READ_BY_STUDENTS = ("visitor", *STUDENTS)
FOR_STAFF = ("account_", "mfa_")


def hard_words(page: Page, what: str, *, prose_too: bool) -> list[str]:
    """Return what a student would stumble over on the page as it stands."""
    found = [f"{what}: «{word}»" for word in forbidden_on(page)]
    hard = hard_to_read(prose(page.evaluate(BLOCKS))) if prose_too else ""
    return [*found, f"{what}: {hard}"] if hard else found


def faults(page: Page, look: Look, scene: Scene, *, is_students: bool) -> list[str]:
    """Return what is wrong with the page, and with the page after each of its errors."""
    if elsewhere := go(page, look, scene):
        return [elsewhere]
    found = at_both_widths(page, str(look))
    found += too_wide(page, str(look)) + too_small(page, str(look)) + faulty_swaps(page, str(look))
    if page.evaluate(HAS, FIELDS) and not (look.wrong or look.takes_anything):
        found.append(f"{look} has fields, and nothing is typed wrongly there")
    if is_students:
        page.set_viewport_size({"width": NARROW, "height": 800})
        found += hard_words(page, str(look), prose_too=True)
    for sent in look.wrong:
        what = f"{look} after {sent.fields or 'nothing'}"
        if otherwise := show_errors(page, look, scene, sent):
            found.append(otherwise)
            continue
        found += at_both_widths(page, what)
        if is_students:
            found += hard_words(page, what, prose_too=False)
    return found


@pytest.mark.parametrize("name", SCENES)
def test_pages_keep_nobody_out(open_page, enter, name):
    page = open_page(NARROW, 800)
    page.add_init_script(Axe().axe_script)  # sent once, not to each page anew
    scene = enter(page, name)
    found = []

    for look in looks_in(name):
        is_students = name in READ_BY_STUDENTS and not look.name.startswith(FOR_STAFF)
        found += faults(page, look, scene, is_students=is_students)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["visitor", "S-01", "revisor"])
def test_pages_fit_before_their_font_is_there(open_page, enter, name):
    page = open_page(NARROW, 800)
    page.route("**/*.woff2", lambda route: route.abort())
    scene = enter(page, name)
    found = []

    for look in looks_in(name):
        go(page, look, scene)
        found += too_wide(page, str(look)) + too_small(page, str(look))

    assert not found, "\n".join(found)
