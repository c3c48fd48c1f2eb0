"""T11: who guesses is stopped, whose account it is gets in, a school behind one address is never one visitor."""

from collections.abc import Callable

import pytest
import redis
from django.conf import settings as portal_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from school.models import RateCounter
from school.states import Role
from students.actions.access_codes import issue_codes
from students.states import CodeChannel
from tests.conftest import broker_url
from tests.factories.school import (
    PASSWORD,
    TOTP_SECRET,
    PlantelFactory,
    SchoolCycleFactory,
    staff,
)
from tests.factories.students import EnrollmentFactory
from tests.school.test_sign_in import current_code

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("students:sign_in")
STAFF_SIGN_IN = reverse("account_login")
X, SAME_NETWORK, Y = "203.0.113.7", "203.0.113.200", "198.51.100.9"
WAIT, STAFF_WAIT = "espera 15 minutos", "esperar unos minutos"


def code_of(stay) -> str:
    return issue_codes([stay], CodeChannel.SLIP, by=None, now=timezone.now())[stay.pk]


def enter(stay, code: str, address: str, browser: Client | None = None, **headers: str):
    typed = {"matricula": stay.matricula, "code": code}
    return (browser or Client()).post(SIGN_IN, typed, REMOTE_ADDR=address, headers=headers)


@pytest.fixture
def laura():
    user = staff(Role.RESPONSABLE, PlantelFactory(), email="laura@correo.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(password: str, address: str, browser: Client | None = None):
    typed = {"login": "laura@correo.example", "password": password}
    return (browser or Client()).post(STAFF_SIGN_IN, typed, REMOTE_ADDR=address)


def test_a_hundred_wrong_codes_from_one_place_lock_nobody_out_elsewhere():
    stay = EnrollmentFactory()
    code = code_of(stay)

    pages = [enter(stay, "AAAA2222", X) for _ in range(100)]

    assert [WAIT in page.text for page in pages] == [False] * 5 + [True] * 95
    assert WAIT in enter(stay, code, SAME_NETWORK).text
    assert enter(stay, code, Y).status_code == 302


def test_a_classmate_beside_the_owner_does_not_lock_the_known_device_out():
    stay = EnrollmentFactory()
    code, phone = code_of(stay), Client()
    enter(stay, code, X, phone)
    phone.post(reverse("students:sign_out"))

    for _ in range(100):
        enter(stay, "AAAA2222", X)

    assert enter(stay, code, X, phone).status_code == 302


def test_a_hundred_wrong_passwords_lock_the_owner_out_neither_elsewhere_nor_on_the_known_device(
    laura,
):
    desk = Client()
    sign_in(PASSWORD, X, desk)
    desk.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})
    desk.post(reverse("account_logout"))

    pages = [sign_in("otra frase muy larga", X) for _ in range(20)]

    assert [STAFF_WAIT in page.text for page in pages] == [False] * 5 + [True] * 15
    assert STAFF_WAIT in sign_in(PASSWORD, SAME_NETWORK).text
    assert sign_in(PASSWORD, Y).status_code == 302
    assert sign_in(PASSWORD, X, desk).status_code == 302


def test_three_hundred_students_behind_one_address_are_all_let_in():
    here = {"plantel": PlantelFactory(), "cycle": SchoolCycleFactory()}
    stays = EnrollmentFactory.create_batch(300, **here)
    codes = issue_codes(stays, CodeChannel.SLIP, by=None, now=timezone.now())

    blocked = []
    for number, stay in enumerate(stays):
        if number % 3 == 0:  # every third one mistypes once
            enter(stay, "AAAA2222", X)
        if enter(stay, codes[stay.pk], X).status_code != 302:
            blocked.append(stay)

    assert blocked == []


def test_forty_members_of_staff_behind_one_address_are_all_let_in(laura):
    answers = [sign_in(PASSWORD, X).status_code for _ in range(40)]

    assert answers == [302] * 40


def test_an_address_that_the_visitor_made_up_counts_for_nothing():
    stay = EnrollmentFactory()

    forged = [{"x-forwarded-for": f"192.0.2.{n}", "x-real-ip": f"192.0.2.{n}"} for n in range(6)]
    pages = [enter(stay, "AAAA2222", X, **headers) for headers in forged]

    assert [WAIT in page.text for page in pages] == [False] * 5 + [True]


def test_behind_our_own_proxy_only_its_last_word_counts(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    stay = EnrollmentFactory()

    forged = [{"x-forwarded-for": f"192.0.2.{n}, {X}"} for n in range(6)]
    pages = [enter(stay, "AAAA2222", "127.0.0.1", **headers) for headers in forged]

    assert [WAIT in page.text for page in pages] == [False] * 5 + [True]


def test_counters_name_neither_matricula_nor_email(laura):
    stay = EnrollmentFactory()
    enter(stay, "AAAA2222", X)
    sign_in("otra frase muy larga", X)

    keys = " ".join(RateCounter.objects.values_list("key", flat=True))
    assert stay.matricula not in keys
    assert "laura" not in keys


# A flushed Redis -----------------------------------------------------------------------------------
@pytest.fixture
def flush() -> Callable[[], None]:
    """Make Redis forget everything that the portal keeps there, where it runs on Redis."""

    def forget() -> None:
        if portal_settings.CELERY_BROKER_URL.startswith("redis:"):
            with redis.Redis.from_url(broker_url()) as connection:
                connection.set("kept", "yes")
                connection.flushdb()
                assert connection.dbsize() == 0

    return forget


def test_a_flushed_redis_resets_no_count(flush, laura):
    stay = EnrollmentFactory()
    code = code_of(stay)
    for _ in range(6):
        enter(stay, "AAAA2222", X)
        sign_in("otra frase muy larga", X)

    flush()

    assert WAIT in enter(stay, code, X).text
    assert STAFF_WAIT in sign_in(PASSWORD, X).text


def test_a_flushed_redis_resets_no_count_of_second_factors_nor_signs_anybody_out(flush, laura):
    desk, thief = Client(), Client()
    desk.force_login(laura)
    sign_in(PASSWORD, Y, thief)
    for _ in range(6):
        thief.post(reverse("mfa_authenticate"), {"code": "000000"})

    flush()
    page = thief.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})

    assert STAFF_WAIT in page.text
    assert desk.get(reverse("followup:today")).status_code == 200


def test_a_flood_of_counters_pushes_none_out(laura):
    """The database cache forgets rows past its limit: it lies beyond what one address may write."""
    sign_in(PASSWORD, Y, thief := Client())
    for _ in range(6):
        thief.post(reverse("mfa_authenticate"), {"code": "000000"})

    for number in range(400):
        cache.set(f"flood:{number}", number, 600)

    page = thief.post(reverse("mfa_authenticate"), {"code": current_code(TOTP_SECRET)})
    assert STAFF_WAIT in page.text
