"""Without signal: an honest page and the guide, and not a word about a person in the phone's cache."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from followup.states import Stage
from tests.browser.conftest import sign_in
from tests.browser.scenes import build

pytestmark = pytest.mark.django_db(transaction=True)

HOME, GUIDE, OFFLINE = "/mi-tramite/", "/guia/", "/sin-conexion/"
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const drawer = await caches.open(name);
    for (const request of await drawer.keys()) {
      kept[new URL(request.url).pathname] = await (await drawer.match(request)).text();
    }
  }
  return kept;
}"""


@pytest.fixture
def student_phone(open_page, live_server):
    """Open the phone of a signed-in student whose browser has put away what it shows without signal."""
    page = open_page(360, 640, offline=True)
    scene = build(Stage.S_01)
    sign_in(page, scene, live_server.url)
    page.goto(HOME)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    yield page, scene.user.student
    page.goto("about:blank")
    page.wait_for_load_state("networkidle")


def test_without_signal_the_page_says_so_and_the_guide_is_there(student_phone):
    page, student = student_phone
    page.context.set_offline(True)

    page.goto(HOME)
    expect(page.get_by_role("heading", level=1)).to_have_text("No tienes conexión")
    assert (
        page.evaluate("document.fonts.size > 0 && getComputedStyle(document.body).fontSize")
        == "17px"
    )

    page.get_by_role("link", name="La guía sigue disponible aquí").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Guía para obtener")
    assert student.curp not in page.content()


def test_with_signal_again_the_page_comes(student_phone):
    page, _ = student_phone
    page.context.set_offline(True)
    page.goto(HOME)
    page.context.set_offline(False)

    page.get_by_role("link", name="Intentar otra vez").click()

    expect(page.get_by_role("heading", level=1)).not_to_have_text("No tienes conexión")
    assert page.url.endswith(HOME)


def test_nothing_about_a_person_is_kept(student_phone):
    page, student = student_phone
    for address in (GUIDE, reverse("students:my_data"), HOME, GUIDE):
        page.goto(address)
    assert student.curp in page.content()
    page.wait_for_load_state("networkidle")

    kept = page.evaluate(KEPT)

    pages = {path for path in kept if not path.startswith("/static/")}
    words = (student.curp, student.full_name, student.given_names, "csrf", "Mi trámite")
    assert pages == {GUIDE, OFFLINE}
    assert [word for word in words for path in pages if word in kept[path]] == []


def test_the_script_is_fetched_from_the_root_and_asked_for_again_each_time(client):
    response = client.get(reverse("followup:service_worker"))
    body = response.content.decode()

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    for name in ("followup:offline", "followup:guide"):
        assert f'"{reverse(name)}"' in body
    assert not response.cookies


def test_the_offline_page_is_nobodys(client):
    response = client.get(reverse("followup:offline"))

    assert response.status_code == 200
    assert not response.cookies
    assert "csrf" not in response.content.decode()
