"""A browser that is already signed in, and what may be asked of any page in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.pages import PAGES, Look, Sent
from tests.browser.scenes import Scene, build
from tests.browser.weight import session_of

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROW, WIDE = 320, 1280
ERRORS = ".error-summary, .field-error, .banner--error, .banner--warning[role=alert]"


def sign_in(page: Page, scene: Scene, base_url: str) -> None:
    """Give the page's browser the session of the scene's person, without walking the sign-in."""
    if scene.user is None:
        return
    name, key = portal_settings.SESSION_COOKIE_NAME, session_of(scene)
    sign_in_elsewhere(scene)
    page.context.add_cookies([{"name": name, "value": key, "url": base_url}])


def sign_in_elsewhere(scene: Scene) -> None:
    """Leave the scene's person signed in on a phone, for «Mis sesiones»."""
    client = Client(
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Safari/537.36"}
    )
    client.force_login(scene.user)
    client.get(reverse("followup:help"))


@pytest.fixture
def enter(
    transactional_db, live_server, own_folders: Path
) -> Iterator[Callable[[Page, str], Scene]]:
    """Build the scene of that name and sign its person in."""
    entered = []

    def into(page: Page, name: str) -> Scene:
        scene = build(name)
        sign_in(page, scene, live_server.url)
        entered.append(page)
        return scene

    yield into
    for page in entered:  # what is still on its way would meet an empty database
        page.wait_for_load_state("networkidle")


def looks_in(scene: str) -> list[Look]:
    """Return what is looked at in that scene."""
    return [look for look in PAGES if scene in look.scenes]


def go(page: Page, look: Look, scene: Scene) -> str:
    """Open the page; return where it led or what it answered instead, if it is not that page."""
    address = look.address(scene)
    answer = page.goto(address)
    if answer is None or answer.status != look.status:
        return f"{look} answered {answer.status if answer else 'nothing'}"
    wanted, here = urlsplit(address).path, urlsplit(page.url).path
    hides_its_key = look.of == "valid link"  # allauth keeps the key in the session
    return "" if wanted == here or hides_its_key else f"{look} led to {here}"


def send(page: Page, sent: Sent) -> None:
    """Type that into the form and send it, past what the browser itself would refuse."""
    form = page.locator(sent.form).first
    form.evaluate(FILL, sent.fields)
    if sent.file:
        chosen = {"name": sent.file, "mimeType": "text/plain", "buffer": sent.content}
        form.locator("input[type=file]").set_input_files(chosen)
    if sent.file and form.get_attribute("data-acuse-form") is not None:
        page.wait_for_selector(ERRORS)  # upload.js sends the file by itself
        return
    with page.expect_navigation():
        form.evaluate(SUBMIT)


def show_errors(page: Page, look: Look, scene: Scene, sent: Sent) -> str:
    """Show the page with what it says to that; return what went otherwise."""
    go(page, look, scene)
    if not page.locator(sent.form).count():
        return f"{look} has no {sent.form}"
    send(page, sent)
    return "" if page.locator(ERRORS).count() else f"{look} takes {sent}"


SUBMIT = """(form) => form.requestSubmit(
  form.querySelector(".btn-primary[type=submit]") ?? form.querySelector("[type=submit]"))"""


FILL = """(form, values) => {
  form.noValidate = true;
  for (const field of form.elements) {
    if (!field.name || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = values[field.name] === field.value;
    else field.value = values[field.name] ?? "";
  }
}"""


LOOK = """async (tags) => {
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  return violations.map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 160)}`);
}"""


def violations(page: Page) -> list[str]:
    """Return what breaks a rule of axe-core on the page as it stands: the rule and the first element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(LOOK, list(RULES))
    return found


UNDRAWN = """() => [...document.images]
  .filter((each) => each.loading !== "lazy" && !each.naturalWidth)
  .map((each) => each.outerHTML.slice(0, 120))"""


def at_both_widths(page: Page, what: str) -> list[str]:
    """Return what breaks a rule on the page as it stands, and which of its pictures cannot be drawn."""
    found = [f"{what} does not draw {each}" for each in page.evaluate(UNDRAWN)]
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{what} at {width}: {each}" for each in violations(page)]
    return found
