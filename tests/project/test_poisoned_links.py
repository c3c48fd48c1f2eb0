"""T12: whatever a request says about the host, a mailed link leads to BASE_URL and a page to the portal."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.adapter import mint_reset_link
from notices.models import Notice
from notices.render import render_mail
from school.states import Role
from students.actions.sign_in import mint_sign_in_secret
from tests.factories.school import PASSWORD, PlantelFactory, staff
from tests.factories.students import StudentDataFactory

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
FORGED = [
    {"host": EVIL},
    {"host": f"localhost.{EVIL}"},
    {"host": f"localhost@{EVIL}"},
    {"host": f"localhost:80@{EVIL}"},
    {"host": f"localhost#{EVIL}"},
    {"host": f"localhost/{EVIL}"},
    {"x-forwarded-host": EVIL},
    {"x-forwarded-server": EVIL},
    {"x-host": EVIL},
    {"forwarded": f"host={EVIL}"},
    {"x-original-url": f"https://{EVIL}/"},
    {"origin": f"https://{EVIL}", "referer": f"https://{EVIL}/"},
]


def hosts_in(text: str) -> set[str]:
    """The hosts of every address in the text."""
    return set(re.findall(r"https?://([^/\s\"'<>#?]+)", text))


@pytest.mark.parametrize("forged", FORGED, ids=lambda headers: " ".join(headers.values())[:30])
def test_a_forged_host_is_refused_or_leads_nowhere(forged, settings):
    settings.BASE_URL = "https://afiliacion.example"
    stay = StudentDataFactory().enrollment
    user = staff(Role.RESPONSABLE, PlantelFactory())
    user.set_password(PASSWORD)
    user.save()
    browser = Client(headers=forged)

    answers = [
        browser.post(reverse("students:request_sign_in"), {"matricula": stay.matricula}),
        browser.post(reverse("students:request_lost_code"), {"email": stay.data.email}),
        browser.post(reverse("account_reset_password"), {"email": user.email}),
        browser.get("/"),
        browser.get("/no-existe"),
        browser.get(reverse("students:my_data")),
    ]

    mails = [mail_of(notice) for notice in Notice.objects.all()]
    assert all(answer.status_code == 400 for answer in answers) or mails
    assert {host for mail in mails for host in hosts_in(mail)} <= {"afiliacion.example"}
    for answer in answers:
        assert EVIL not in answer.text
        assert EVIL not in answer.headers.get("Location", "")


def mail_of(notice: Notice) -> str:
    """The mail as it would leave, link included."""
    if notice.message == "STAFF-RESET":
        secrets = dict(mint_reset_link(notice, now=timezone.now()))
    else:
        secrets = mint_sign_in_secret(notice, now=timezone.now())
    mail = render_mail(notice, secrets)
    return f"{mail.subject}\n{mail.text}\n{mail.html}"


def test_an_honest_request_does_mail_a_link(settings):
    settings.BASE_URL = "https://afiliacion.example"
    stay = StudentDataFactory().enrollment

    Client().post(reverse("students:request_sign_in"), {"matricula": stay.matricula})

    assert hosts_in(mail_of(Notice.objects.get())) == {"afiliacion.example"}
