"""T2: nobody takes a minor's account with what a classmate knows, nor with a secret that is not the student's own."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from notices.models import Notice
from school.models import LoginSession
from students.actions.access_codes import issue_codes
from students.actions.sign_in import mint_sign_in_secret
from students.states import CodeChannel
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("students:sign_in")
HOME = reverse("students:my_data")
UNKNOWN = "ZZ000000"
WAIT = "Por seguridad, espera 15 minutos o pide ayuda en Control Escolar"


@pytest.fixture
def ana():
    """A student whose data stand and whose e-mail is confirmed."""
    return StudentDataFactory(
        enrollment__matricula="26050148", enrollment__student__nss="24260812342"
    ).enrollment


def slip(stay, channel=CodeChannel.SLIP) -> str:
    return issue_codes([stay], channel, by=None, now=timezone.now())[stay.pk]


def mailed(stay) -> dict[str, str]:
    """Ask for M-00 and read it as the student does."""
    Client().post(reverse("students:request_sign_in"), {"matricula": stay.matricula})
    notice = Notice.objects.filter(message="M-00", about=f"enrollment:{stay.pk}").latest("pk")
    return dict(mint_sign_in_secret(notice, now=timezone.now()))


def knock(matricula: str, code: str, browser: Client | None = None):
    return (browser or Client()).post(SIGN_IN, {"matricula": matricula, "code": code})


def words(response, *typed: str) -> str:
    """The page without its forgery token and without what the visitor typed."""
    page = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )="?"[^"]*"', "", response.text)
    page = re.sub(r'X-CSRFToken": "[^"]*"', "", page)
    for text in filter(None, typed):
        page = page.replace(escape(text), "")
    return page


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def test_public_data_open_nothing_and_tell_nothing(ana):
    student, data = ana.student, ana.data
    public = [
        *(student.curp, student.curp[:10], student.curp[-8:], student.nss, student.nss[-8:]),
        *("14022008", "140208", "2008-02-14", "20080214", ana.matricula),
        *(student.full_name, data.phone, data.email, ana.roster_email, ""),
    ]

    different = []
    for number, guess in enumerate(public):
        address = {"REMOTE_ADDR": f"203.0.{number}.7"}
        known = Client(**address).post(SIGN_IN, {"matricula": ana.matricula, "code": guess})
        other = Client(**address).post(SIGN_IN, {"matricula": UNKNOWN, "code": guess})
        if words(known, guess, ana.matricula) != words(other, guess, UNKNOWN):
            different.append(guess)

    assert different == []
    assert LoginSession.objects.filter(user__isnull=False).count() == 0


def test_no_door_writes_outside_the_roster_and_the_confirmed_address(ana):
    strangers = ["ladron@correo.example", "ana.gomez@correo.example", ana.student.curp]
    for number, typed in enumerate([*strangers, ana.roster_email, ana.data.email]):
        browser = Client(REMOTE_ADDR=f"203.0.{number}.7")
        browser.post(reverse("students:request_lost_code"), {"email": typed})
        browser.post(
            reverse("students:request_sign_in"), {"matricula": ana.matricula, "email": typed}
        )

    sent = Notice.objects.exclude(expires_at__lte=timezone.now())
    assert {notice.to_email for notice in sent} <= {ana.roster_email, ana.data.email}


def test_six_wrong_codes_wait_fifteen_minutes_and_leave_a_line_in_the_log(ana, caplog):
    code, now = slip(ana), timezone.now().replace(second=0)
    with time_machine.travel(now) as clock:
        with caplog.at_level(logging.WARNING, logger="students.actions.sign_in"):
            pages = [knock(ana.matricula, "AAAA2222").text for _ in range(6)]
        right_but_early = knock(ana.matricula, code).text
        clock.shift(timedelta(minutes=15))
        browser = Client()
        entered = knock(ana.matricula, code, browser).status_code

    assert [WAIT in page for page in pages] == [False] * 5 + [True]
    assert WAIT in right_but_early
    assert entered == 302
    assert f"too many attempts (stay {ana.pk})" in caplog.text
    assert ana.matricula not in caplog.text


def test_a_code_of_somebody_else_is_refused(ana):
    berta = EnrollmentFactory()
    browser = Client()

    knock(berta.matricula, slip(ana), browser)
    knock(ana.matricula, slip(berta), browser)

    assert not is_in(browser)


def test_a_code_that_a_reprint_voided_is_refused(ana):
    old, new = slip(ana), slip(ana)
    browser = Client()

    knock(ana.matricula, old, browser)
    assert not is_in(browser)

    knock(ana.matricula, new, browser)
    assert is_in(browser)


def test_a_code_dies_when_the_email_is_confirmed():
    stay = EnrollmentFactory()
    code, mail = slip(stay), slip(stay, CodeChannel.MAIL)
    browser = Client()
    Client().post(
        reverse("students:enter_code"),
        {"matricula": stay.matricula, "code": mailed(stay)["code"]},
    )
    StudentDataFactory(enrollment=stay, email=stay.roster_email, email_confirmed_at=None)
    Client().post(
        reverse("students:enter_code"),
        {"matricula": stay.matricula, "code": mailed(stay)["code"]},
    )

    for dead in (code, mail):
        knock(stay.matricula, dead, browser)

    assert not is_in(browser)


@pytest.mark.parametrize("door", ["link", "six digits"])
def test_a_mailed_secret_works_once(ana, door):
    secret = mailed(ana)
    first, second = Client(), Client()

    for browser in (first, second):
        if door == "link":
            browser.post(reverse("students:sign_in_link"), {"token": secret["fragment"]})
        else:
            typed = {"matricula": ana.matricula, "code": secret["code"]}
            browser.post(reverse("students:enter_code"), typed)

    assert [is_in(first), is_in(second)] == [True, False]


def test_a_link_that_is_only_looked_at_opens_nothing_and_stays_good(ana):
    secret, scanner, owner = mailed(ana), Client(), Client()
    path = reverse("students:sign_in_link")

    for _ in range(3):
        scanner.get(path)
        scanner.head(path)
    owner.post(path, {"token": secret["fragment"]})

    assert [is_in(scanner), is_in(owner)] == [False, True]


def test_only_keyed_hashes_of_secrets_are_kept(ana):
    code, secret = slip(ana), mailed(ana)
    kept = [
        str(value)
        for row in [*ana.access_codes.values(), *Notice.objects.values()]
        for value in row.values()
    ]

    found = [s for s in (code, secret["code"], secret["fragment"]) if any(s in v for v in kept)]

    assert found == []
    assert {len(row.code_hmac) for row in ana.access_codes.all()} == {64}


# Another e-mail ------------------------------------------------------------------------------------
def signed_in(stay, **extra: str) -> Client:
    """A browser in which the student entered with the mailed code."""
    browser = Client(**extra)
    typed = {"matricula": stay.matricula, "code": mailed(stay)["code"]}
    browser.post(reverse("students:enter_code"), typed)
    assert is_in(browser)
    return browser


def test_an_open_session_alone_changes_no_email(ana):
    now = timezone.now()
    with time_machine.travel(now) as clock:
        browser = signed_in(ana)
        for _ in range(2):
            clock.shift(timedelta(minutes=20))
            browser.get(HOME)
        browser.post(reverse("students:change_email"), {"email": "ladron@correo.example"})

    ana.data.refresh_from_db()
    assert ana.data.email != "ladron@correo.example"


def test_who_proved_to_be_the_owner_changes_it_and_the_old_address_is_told(ana):
    browser, left_open, old = signed_in(ana), signed_in(ana), ana.data.email

    browser.post(reverse("students:change_email"), {"email": "ana.nueva@correo.example"})

    ana.data.refresh_from_db()
    assert (ana.data.email, ana.data.email_confirmed_at) == ("ana.nueva@correo.example", None)
    assert [notice.to_email for notice in Notice.objects.filter(message="M-23")] == [old]
    assert [is_in(browser), is_in(left_open)] == [True, False]


def test_the_planteles_reprint_takes_an_account_back(ana):
    """Whoever sits in the lost mailbox is out as soon as the owner enters with the printed code."""
    thief, owner = signed_in(ana), Client()

    knock(ana.matricula, slip(ana), owner)

    assert [is_in(thief), is_in(owner)] == [False, True]
