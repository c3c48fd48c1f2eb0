"""In Chromium: a photo on its way from a phone, and everything that may kill it on that way (E-10, E-11)."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, Route, expect

from followup.demo.acuses import Holder, draw_photo
from nss.actions.reading import read_acuse
from nss.models import Acuse
from nss.states import AcuseState
from students.actions.files import absolute
from students.models import Enrollment
from tests.factories.school import PlantelFactory
from tests.factories.students import NOW, EnrollmentFactory
from tests.samples import hostile

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD, CONFIRM, ADD = (reverse(f"nss:{name}") for name in ("upload", "confirm", "add_photo"))
HOME = reverse("followup:my_steps")
KEPT = "Tienes una foto guardada en este teléfono que no terminó de enviarse."
HOLD = """async () => {
  const opening = indexedDB.open("acuse", 1);
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const asked = database.transaction("foto").objectStore("foto").get("foto");
  await new Promise((resolve) => (asked.onsuccess = resolve));
  database.close();
  return asked.result ? asked.result.file.size : 0;
}"""


@pytest.fixture
def enrollment() -> Enrollment:
    return EnrollmentFactory(confirmed=True, plantel=PlantelFactory(number="05"))


@pytest.fixture
def page(phone, sign_in, enrollment) -> Page:
    """The student's phone, on «Sube tu acuse»."""
    sign_in(phone, enrollment.student.user)
    phone.goto(UPLOAD)
    return phone


def jpeg(image: Image.Image, **options: object) -> bytes:
    """Write a picture as JPEG."""
    content = io.BytesIO()
    image.save(content, "JPEG", quality=90, **options)
    return content.getvalue()


def choose(page: Page, content: bytes, name: str = "IMG_1.jpg", kind: str = "image/jpeg") -> None:
    """Choose a file as the gallery gives it."""
    page.set_input_files("#id_acuse", {"name": name, "mimeType": kind, "buffer": content})


def small_photo(shade: int = 250) -> bytes:
    """Give a photo of almost nothing."""
    return jpeg(Image.new("RGB", (900, 1200), (shade, shade, shade)))


def large_pdf() -> bytes:
    """Give a harmless PDF of half a megabyte, which no phone makes lighter."""
    made = hostile.pdf()
    made.pages[0].obj.Padding = made.make_stream(Image.effect_noise((700, 700), 90).tobytes())
    return hostile.saved(made)


def reopened(page: Page) -> Page:
    """Kill the tab, with whatever was held in it, and open the page in another one."""
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(UPLOAD)
    return again


def lose_answers(page: Page) -> None:
    """Let what is sent reach the portal, and its answer nobody."""

    def swallow(route: Route) -> None:
        if is_post(route):
            route.fetch()
        else:
            route.continue_()

    page.route(f"**{UPLOAD}", swallow)


def retry(page: Page) -> None:
    """Send what the phone kept."""
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.get_by_role("button", name="Reintentar").click()
    page.wait_for_url(f"**{CONFIRM}")


def draft() -> tuple[int, str, bytes]:
    """Give what the server has: how many acuses, the state and the bytes of the only one."""
    acuse = Acuse.objects.get()
    return Acuse.objects.count(), acuse.state, absolute(acuse.file.path).read_bytes()


# A lighter photo -----------------------------------------------------------------------------------
def test_photo_of_twelve_megapixels_arrives_light_and_readable(page, enrollment):
    person = Holder(
        nss="24260812342",
        curp=enrollment.student.curp,
        given_names="ANA",
        first_surname="GÓMEZ",
        second_surname="MARTÍNEZ",
        issued_date=date(2026, 8, 12),
    )
    sheet = Image.open(io.BytesIO(draw_photo(person, "text_only", "photo")))
    content = jpeg(sheet.resize((3000, 4000), Image.Resampling.LANCZOS))

    choose(page, content)
    page.wait_for_url(f"**{CONFIRM}")

    acuse = Acuse.objects.get()
    reading = read_acuse(acuse, now=NOW)
    with Image.open(absolute(acuse.file.path)) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 1600))
    assert len(content) > 1_000_000
    assert acuse.file.size <= 200_000
    assert reading is not None
    assert reading.fields["nss"]["value"] == "24260812342"


def test_photo_of_a_phone_held_sideways_arrives_upright_and_without_its_place(page):
    choose(page, hostile.turned_jpeg(6))
    page.wait_for_url(f"**{CONFIRM}")

    with Image.open(absolute(Acuse.objects.get().file.path)) as image:
        assert image.size == (400, 300)
        assert dict(image.getexif()) == {}
        assert image.getpixel((5, 5))[1] < 100


def test_photo_full_of_grain_is_made_light_all_the_same(page):
    choose(page, jpeg(Image.effect_noise((4000, 3000), 60).convert("RGB")))
    page.wait_for_url(f"**{CONFIRM}")

    assert Acuse.objects.get().file.size < 700_000


def test_file_that_the_phone_cannot_open_is_sent_as_it_is(page):
    content = hostile.plain_pdf()

    choose(page, content, "acuse.pdf", "application/pdf")
    page.wait_for_url(f"**{CONFIRM}")

    assert draft() == (1, AcuseState.DRAFT, content)


def test_file_over_the_limit_is_never_sent(page):
    sent = []
    page.on("request", lambda asked: sent.append(asked.method))
    choose(page, bytes(13 * 2**20 + 1), "acuse.pdf", "application/pdf")

    said = page.get_by_text("El archivo debe pesar menos de 10 MB; el tuyo pesa 14 MB")
    expect(said).to_be_visible()
    assert "POST" not in sent
    assert page.evaluate(HOLD) == 0
    assert page.locator("#id_acuse").input_value() == ""


def test_phone_whose_drawer_does_not_open_sends_all_the_same(page):
    page.add_init_script("indexedDB.open = () => ({})")
    page.reload()

    choose(page, small_photo())

    page.wait_for_url(f"**{CONFIRM}")
    assert draft()[:2] == (1, AcuseState.DRAFT)


# The tab dies --------------------------------------------------------------------------------------
def test_tab_killed_after_choosing_loses_nothing(page):
    page.route(f"**{UPLOAD}", lambda route: None if is_post(route) else route.continue_())
    choose(page, small_photo())
    expect(page.get_by_text("Enviando")).to_be_visible()

    rows = Acuse.objects.count()
    again = reopened(page)
    retry(again)

    assert rows == 0
    assert draft()[:2] == (1, AcuseState.DRAFT)


def test_tab_killed_in_the_middle_of_the_upload_loses_nothing(page):
    content = large_pdf()
    slow = page.context.new_cdp_session(page)
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 50_000}
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", speed)
    choose(page, content, "acuse.pdf", "application/pdf")
    expect(page.get_by_text(re.compile(r"Enviando… [5-9]\d %"))).to_be_visible(timeout=30_000)

    rows = Acuse.objects.count()
    again = reopened(page)
    retry(again)

    assert rows == 0
    assert draft() == (1, AcuseState.DRAFT, content)


def test_tab_killed_before_the_answer_is_no_second_acuse(page):
    lose_answers(page)
    with page.expect_request(lambda asked: asked.method == "POST"):
        choose(page, small_photo())
    wait_for_rows(page, 1)

    retry(reopened(page))

    assert draft()[:2] == (1, AcuseState.DRAFT)


def test_tab_killed_before_confirming_sends_nothing_and_keeps_the_file(page):
    choose(page, small_photo())
    page.wait_for_url(f"**{CONFIRM}")
    before = draft()

    again = reopened(page)
    held = again.evaluate(HOLD)
    again.goto(CONFIRM)

    assert (before[1], held) == (AcuseState.DRAFT, 0)
    assert draft() == before
    expect(again.get_by_text("Aún no lo envías.")).to_be_visible()


def test_camera_that_closed_the_page_is_explained(page):
    page.evaluate("sessionStorage.setItem('acuse-eligiendo', '1')")
    page.reload()

    expect(page.get_by_text("Tu teléfono cerró la página al abrir la cámara")).to_be_visible()


# No signal -----------------------------------------------------------------------------------------
def without_signal(page: Page, content: bytes) -> None:
    """Choose a photo in a place without signal and wait until the phone gives up."""
    page.clock.install()
    page.context.set_offline(True)
    choose(page, content)
    expect(page.get_by_text("Intentando otra vez")).to_be_visible()
    for _ in range(3):
        page.clock.run_for(10_000)
        page.wait_for_timeout(200)
    expect(page.get_by_text("aún no la hemos recibido")).to_be_visible()


def test_photo_without_a_signal_waits_in_the_phone(page):
    without_signal(page, small_photo())
    rows, held = Acuse.objects.count(), page.evaluate(HOLD)

    page.context.set_offline(False)  # it goes on by itself
    page.wait_for_url(f"**{CONFIRM}")

    page.goto(UPLOAD)
    assert (rows, held > 0) == (0, True)
    assert (Acuse.objects.count(), page.evaluate(HOLD)) == (1, 0)


def test_photo_can_be_deleted_from_the_phone(page):
    without_signal(page, small_photo())

    page.get_by_role("button", name="Borrarla de este teléfono").click()

    expect(page.get_by_text("La borramos de este teléfono.")).to_be_visible()
    assert page.evaluate(HOLD) == 0


@pytest.mark.parametrize("address", [UPLOAD, HOME])
def test_photo_kept_is_gone_after_a_day(page, address):
    page.route(f"**{UPLOAD}", lambda route: None if is_post(route) else route.continue_())
    choose(page, small_photo())
    expect(page.get_by_text("Enviando")).to_be_visible()
    held = page.evaluate(HOLD)
    now, again = page.evaluate("Date.now()") / 1000, page.context.new_page()

    kept = []
    for hours in (23, 25):
        again.clock.install(time=now + hours * 3600)
        again.goto(address)
        again.wait_for_timeout(300)
        kept.append(again.evaluate(HOLD))

    assert held > 0
    assert kept == [held, 0]


def test_photo_kept_is_offered_to_nobody_else(page, sign_in):
    page.route(f"**{UPLOAD}", lambda route: None if is_post(route) else route.continue_())
    choose(page, small_photo())
    expect(page.get_by_text("Enviando")).to_be_visible()
    sign_in(page, EnrollmentFactory(confirmed=True).student.user)

    again = reopened(page)

    again.wait_for_timeout(300)
    assert again.get_by_text(KEPT).count() == 0
    assert again.evaluate(HOLD) == 0


def test_photo_waits_for_the_next_session(page, sign_in, enrollment):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    choose(page, small_photo())
    page.wait_for_url("**/entrar/**")
    sign_in(page, enrollment.student.user)

    page.goto(UPLOAD)
    retry(page)

    assert draft()[:2] == (1, AcuseState.DRAFT)


def test_new_choice_after_a_lost_answer_is_not_taken_for_the_first(page):
    lose_answers(page)
    choose(page, small_photo())
    wait_for_rows(page, 1)
    again = reopened(page)
    expect(again.get_by_text(KEPT)).to_be_visible()

    choose(again, hostile.plain_pdf(), "acuse.pdf", "application/pdf")
    again.wait_for_url(f"**{CONFIRM}")

    first, second = Acuse.objects.order_by("version")
    assert (first.state, second.state) == (AcuseState.REPLACED, AcuseState.DRAFT)
    assert absolute(second.file.path).read_bytes() == hostile.plain_pdf()


# Several photos ------------------------------------------------------------------------------------
def test_second_photo_joins_the_first(page, violations_of):
    choose(page, small_photo())
    page.wait_for_url(f"**{CONFIRM}")
    page.get_by_role("link", name="Agregar otra foto de la misma hoja").click()
    found = violations_of(page)

    choose(page, small_photo(90), "IMG_2.jpg")
    page.wait_for_url(f"**{CONFIRM}")

    expect(page.get_by_text("Tus 2 fotos llegaron.")).to_be_visible()
    acuse = Acuse.objects.get()
    assert (acuse.state, acuse.more_photos.count(), found) == (AcuseState.DRAFT, 1, [])


def test_refused_file_is_said_without_leaving_the_page(page, violations_of):
    choose(page, b"<html></html>", "acuse.pdf", "application/pdf")

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".page > .error-summary + h1")).to_be_visible()
    assert page.title().startswith("Error: ")
    assert violations_of(page) == []
    assert page.evaluate(HOLD) == 0


# -------------------------------------------------------------------------------------------------
@pytest.fixture
def violations_of() -> Callable[[Page], list[str]]:
    """Ask axe-core what is wrong with a page."""
    return lambda page: [found["id"] for found in Axe().run(page).response["violations"]]


def is_post(route: Route) -> bool:
    """Tell the upload from the page that asks for it."""
    return route.request.method == "POST"


def wait_for_rows(page: Page, count: int) -> None:
    """Wait until the server has that many acuses."""
    for _ in range(50):
        if Acuse.objects.count() == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing arrived")
