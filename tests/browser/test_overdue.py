"""Vencidos in a real browser: the form leads to WhatsApp though our pages let a form lead to no other host."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from followup.models import Reminder
from followup.states import ReminderChannel
from tests.browser.conftest import WIDE, violations


def test_whatsapp_opens_beside_the_list_with_the_words_written(open_page, enter):
    page = open_page(WIDE, 800)
    enter(page, "responsable")
    page.context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
    page.goto("/seguimiento/vencidos/?canal=whatsapp")

    with page.expect_popup() as opened:
        page.get_by_role("button", name="WhatsApp").click()
    opened.value.wait_for_url("https://wa.me/526621234567?**")

    (words,) = parse_qs(urlsplit(opened.value.url).query)["text"]
    assert words.startswith("Hola, María. Soy Rosa Elena Valenzuela Félix de Control Escolar")
    assert Reminder.objects.get().channel == ReminderChannel.WHATSAPP
    expect(page.get_by_role("heading", name="Plazos vencidos")).to_be_visible()


def test_page_on_the_way_to_whatsapp_has_no_barrier(open_page, enter):
    """Where the browser does not follow by itself."""
    page = open_page(WIDE, 800)
    enter(page, "responsable")

    def without_refresh(route):
        answer = route.fetch()
        kept = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=kept)

    page.context.route("**/whatsapp/", without_refresh)
    page.goto("/seguimiento/vencidos/?canal=whatsapp")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="WhatsApp").click()

    expect(opened.value.get_by_role("link", name="Abrir WhatsApp")).to_be_visible()
    assert violations(opened.value) == []


def test_list_on_paper_is_its_title_and_its_table(open_page, enter):
    page = open_page(WIDE, 800)
    enter(page, "responsable")
    page.goto("/seguimiento/vencidos/")
    page.emulate_media(media="print")

    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_text("Plantel 05 Hermosillo · ")).to_be_visible()
    expect(page.get_by_role("navigation", name="Secciones")).to_be_hidden()
    expect(page.get_by_role("link", name="Avisar a los 4")).to_be_hidden()
    expect(page.get_by_role("link", name="Dar prórroga").first).to_be_hidden()
