"""An empty installation, step by step as docs/operations.md tells it: from the first person to the first list."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.adapter import mint_reset_link
from notices.models import Notice
from school.models import Plantel, User
from school.states import Role
from students.models import RosterImport
from tests.factories.school import PASSWORD
from tests.school.test_sign_in import ask_reset, current_code, sign_in

pytestmark = pytest.mark.django_db

PLANTEL = {
    "number": "05",
    "name": "Centro",
    "clave": "26ECB0005Z",
    "kind": "PLANTEL",
    "time_zone": "America/Hermosillo",
    "is_active": "on",
}


def enrol_second_factor(client: Client) -> None:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": current_code(secret)})


def add_person(technician: Client, email: str, role: Role, plantel: Plantel | None) -> None:
    typed = {
        "name": email,
        "email": email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-plantel": plantel.pk if plantel else "",
        "memberships-0-role": role,
    }
    assert technician.post(reverse("admin:school_user_add"), typed).status_code == 302


def come_in(email: str) -> Client:
    """Who was added asks for a first password, and enrols the second factor."""
    client = Client()
    ask_reset(client, email)
    notice = Notice.objects.filter(message="STAFF-RESET").latest("pk")
    path = mint_reset_link(notice, now=timezone.now())["path"]
    form = client.get(path, follow=True)
    new = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(form.redirect_chain[-1][0], new)
    sign_in(client, email=email)
    enrol_second_factor(client)
    return client


def open_cycle(administration: Client) -> None:
    today = timezone.localdate()
    typed = {
        "name": "2026-B",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=60),
        "acuse_days": "3",
        "acuse_day_count": "BUSINESS",
        "review_days": "2",
        "guardar": "1",
    }
    assert administration.post(reverse("followup:add_cycle"), typed).status_code == 302


def test_from_nothing_to_the_first_list(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    email = "Sistemas@Correo.example"
    call_command("createsuperuser", interactive=False, username=email, email=email, verbosity=0)
    sign_in(client, email=email)
    enrol_second_factor(client)
    client.post(reverse("admin:school_plantel_add"), PLANTEL)
    plantel = Plantel.objects.get()
    add_person(client, "Rosa@Correo.example", Role.ADMIN, None)
    add_person(client, "laura@correo.example", Role.RESPONSABLE, plantel)
    open_cycle(come_in("ROSA@correo.example"))

    file = SimpleUploadedFile("lista.csv", "Matrícula,Nombre\n26050001,Ana Gómez\n".encode())
    come_in("laura@correo.example").post(
        reverse("students:import_roster"), {"plantel": plantel.pk, "file": file}
    )

    taken = RosterImport.objects.values_list("plantel__number", "cycle__name", "created_by__email")
    assert list(taken) == [("05", "2026-B", "laura@correo.example")]
    assert list(User.objects.order_by("pk").values_list("email", flat=True)) == [
        "sistemas@correo.example",
        "rosa@correo.example",
        "laura@correo.example",
    ]
