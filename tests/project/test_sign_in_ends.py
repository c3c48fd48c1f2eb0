"""T22: on a shared phone or in a cybercafé a sign-in ends by itself, and «Salir» leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from school.models import LoginSession
from school.states import Role
from students.actions.access_codes import issue_codes
from students.states import CodeChannel
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, StudentDataFactory

SIGN_IN = reverse("students:sign_in")
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


def code_of(stay) -> str:
    return issue_codes([stay], CodeChannel.SLIP, by=None, now=timezone.now())[stay.pk]


def student(**headers: str) -> tuple[Client, str]:
    """A student who entered with the slip, and her home."""
    stay = StudentDataFactory().enrollment
    browser = Client(headers=headers)
    browser.post(SIGN_IN, {"matricula": stay.matricula, "code": code_of(stay)})
    return browser, reverse("students:my_data")


def responsable(**headers: str) -> tuple[Client, str]:
    """A member of staff who is signed in, and the first page."""
    browser = Client(headers=headers)
    browser.force_login(staff(Role.RESPONSABLE, PlantelFactory()))
    browser.get(reverse("followup:today"))
    return browser, reverse("followup:today")


Kind = Callable[[], tuple[Client, str]]
LIMITS = [(student, 30, 12), (responsable, 20, 8)]
"""Minutes idle, hours in all."""


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "idle", "hours"), LIMITS)
@pytest.mark.parametrize(("past", "status"), [(-1, 200), (1, 302)])
def test_an_idle_sign_in_ends(kind: Kind, idle, hours, past, status):
    with time_machine.travel(timezone.now().replace(second=0, microsecond=0)) as clock:
        browser, home = kind()
        clock.shift(timedelta(minutes=idle + past))

        assert browser.get(home).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "idle", "hours"), LIMITS)
def test_a_sign_in_that_is_always_used_ends_as_well(kind: Kind, idle, hours):
    step = timedelta(minutes=15)
    with time_machine.travel(timezone.now().replace(second=0, microsecond=0)) as clock:
        browser, home = kind()
        open_for = timedelta()
        while browser.get(home).status_code == 200 and open_for < timedelta(hours=24):
            clock.shift(step)
            open_for += step

    assert open_for == timedelta(hours=hours)


@pytest.mark.django_db
def test_a_sign_in_gets_a_new_id_and_the_old_one_opens_nothing():
    stay = StudentDataFactory().enrollment
    browser, thief = Client(), Client()
    browser.post(reverse("students:request_sign_in"), {"matricula": stay.matricula})
    planted = browser.cookies["sesion"].value

    browser.post(SIGN_IN, {"matricula": stay.matricula, "code": code_of(stay)})

    thief.cookies["sesion"] = planted
    assert browser.cookies["sesion"].value != planted
    assert thief.get(reverse("students:my_data")).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "door"), [(student, "students:sign_out"), (responsable, "account_logout")]
)
def test_after_salir_the_old_cookie_opens_nothing(kind: Kind, door):
    browser, home = kind()
    cookie, thief = browser.cookies["sesion"].value, Client()

    answer = browser.post(reverse(door))

    thief.cookies["sesion"] = cookie
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert thief.get(home).status_code == 302
    assert LoginSession.objects.filter(user__isnull=False).count() == 0


# «Mis sesiones» ------------------------------------------------------------------------------------
PAGES = {
    "student": ("students:sessions", "students:end_session", "students:end_other_sessions"),
    "staff": ("staff_sessions", "staff_end_session", "staff_end_other_sessions"),
}


def two_devices(kind: str) -> tuple[Client, Client]:
    """The same person on a phone and at a desk."""
    phone, desk = Client(headers={"user-agent": PHONE}), Client(headers={"user-agent": DESK})
    user = (
        EnrollmentFactory().student.user
        if kind == "student"
        else staff(Role.REVISOR, PlantelFactory())
    )
    for browser in (phone, desk):
        browser.force_login(user)
        browser.get(reverse(PAGES[kind][0]))
    return phone, desk


def name_in(page: str) -> str:
    """The one session of the page that can be ended."""
    (found,) = page.split('name="session" value="')[1:]
    return found.partition('"')[0]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PAGES)
def test_my_sessions_shows_every_device_and_ends_another(kind):
    phone, desk = two_devices(kind)
    show, end, _ = map(reverse, PAGES[kind])
    page = desk.get(show).text

    desk.post(end, {"session": name_in(page)})

    assert "Chrome en Android" in page
    assert "Firefox en Windows" in page
    assert phone.session.session_key not in page
    assert phone.get(show).status_code == 302
    assert "Chrome en Android" not in desk.get(show).text


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PAGES)
def test_my_sessions_ends_all_the_others_at_once(kind):
    phone, desk = two_devices(kind)
    show, _, end_others = map(reverse, PAGES[kind])

    for _ in range(2):
        desk.post(end_others)

    assert [browser.get(show).status_code for browser in (phone, desk)] == [302, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("name", ["", "x" * 32])
def test_my_sessions_ends_nobody_elses(kind, name):
    (victim, _), (_, desk) = two_devices(kind), two_devices(kind)
    show, end, _ = map(reverse, PAGES[kind])
    foreign = name or name_in(victim.get(show).text)

    answer = desk.post(end, {"session": foreign}, follow=True)

    assert "Esa sesión ya estaba cerrada." in answer.text
    assert [browser.get(show).status_code for browser in (victim, desk)] == [200, 200]


@pytest.mark.django_db
def test_my_sessions_does_not_list_what_is_over_by_itself():
    with time_machine.travel(timezone.now().replace(second=0)) as clock:
        _, desk = two_devices("staff")
        clock.shift(timedelta(minutes=15))
        desk.get(reverse("staff_sessions"))
        clock.shift(timedelta(minutes=10))

        page = desk.get(reverse("staff_sessions")).text

    assert "Chrome en Android" not in page
    assert "este aparato y en ningún otro" in page


# In a real browser ---------------------------------------------------------------------------------
KEEP_A_PHOTO = """() => new Promise((done, failed) => {
  const asked = indexedDB.open("acuse", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("foto");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const kept = asked.result.transaction("foto", "readwrite");
    kept.objectStore("foto").put({ file: new Blob(["a photo"]), at: Date.now() }, "foto");
    kept.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
KEPT = """async () => (await indexedDB.databases()).length
  + localStorage.length + sessionStorage.length + (await caches.keys()).length"""


@pytest.mark.django_db(transaction=True)
def test_after_salir_the_back_button_shows_the_sign_in_and_no_photo_is_left(phone: Page):
    stay = StudentDataFactory(enrollment__matricula="26050148").enrollment
    phone.goto(SIGN_IN)
    phone.get_by_label("Matrícula").fill("26050148")
    phone.get_by_label("Código de activación").fill(code_of(stay))
    phone.get_by_role("button", name="Entrar").click()
    phone.goto(reverse("students:my_data"))
    assert phone.get_by_text(stay.student.curp).is_visible()
    phone.evaluate(KEEP_A_PHOTO)

    phone.get_by_text("Menú").click()
    phone.get_by_role("button", name="Salir").locator("visible=true").click()
    phone.wait_for_url(f"**{SIGN_IN}")
    left = phone.evaluate(KEPT)
    phone.go_back(wait_until="load")

    assert left == 0
    assert SIGN_IN in phone.url
    assert not phone.get_by_text(stay.student.curp).count()
