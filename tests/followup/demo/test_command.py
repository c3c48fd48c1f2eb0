"""manage.py demo: loads only where it may, says how to enter, and changes nothing the second time."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.urls import reverse

from followup.demo.guard import IN_PRODUCTION, NO_DEMO, NOT_EMPTY
from followup.demo.schools import PASSWORD
from followup.demo.sign_ins import current_code, staff_member, student_sign_ins
from school.models import User
from school.states import Role
from students.models import Student
from tests.factories.school import PlantelFactory, UserFactory, staff
from tests.followup.demo.conftest import NOW, LoadedDemo, snapshot


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return str(refused.value)


@pytest.mark.django_db
def test_demo_is_refused_in_production(settings):
    settings.PRODUCTION = True

    assert [
        refusal(),
        refusal("--if-empty"),
        refusal("--code", "ADMIN"),
        refusal("--sign-ins"),
    ] == [IN_PRODUCTION] * 4


@pytest.mark.django_db
def test_demo_is_refused_where_another_plantel_is():
    PlantelFactory()

    assert refusal() == NOT_EMPTY
    assert run("--if-empty") == ""
    assert run("--sign-ins") == ""
    assert refusal("--code", "ADMIN") == NO_DEMO


@pytest.mark.django_db
def test_demo_is_refused_where_a_person_is():
    UserFactory()

    assert refusal() == NOT_EMPTY


@pytest.mark.django_db
def test_demo_of_too_few_students_is_refused():
    assert refusal("--students", "5") == "Una demostración necesita al menos 60 estudiantes."
    assert Student.objects.count() == 0


@pytest.mark.django_db
def test_sign_ins_of_an_empty_database_say_how_to_load():
    assert refusal("--sign-ins") == NO_DEMO


def test_demo_run_again_changes_nothing(demo: LoadedDemo):
    before = snapshot()

    said = run()

    assert said == "La demostración ya está cargada; no se cambió nada.\n"
    assert run("--if-empty") == ""
    assert snapshot() == before


def test_demo_is_refused_where_a_plantel_joined_it(demo: LoadedDemo):
    PlantelFactory(number="77")

    assert refusal() == NOT_EMPTY
    assert "Estudiantes" in run("--sign-ins")


@pytest.mark.parametrize("role", [*Role.values, "suplente"])
def test_code_is_one_that_the_portal_accepts(demo: LoadedDemo, role: str):
    code = run("--code", role).strip()

    user = staff_member(role)
    totp = TOTP(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP))
    assert totp.validate_code(code)


def test_code_opens_the_staff_pages(demo: LoadedDemo, client):
    email = "responsable.01@personal.example"
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})

    response = client.post(reverse("mfa_authenticate"), {"code": run("--code", email).strip()})

    assert response.url == reverse("followup:today")


def test_code_of_the_standard(demo: LoadedDemo):
    user = User.objects.get(email="administracion@personal.example")

    assert current_code(user, at=59) == current_code(user, at=31) != current_code(user, at=60)


def test_code_of_a_real_person_is_refused(demo: LoadedDemo):
    real = staff(Role.ADMIN, email="admin@correo.example")

    assert refusal("--code", real.email).startswith("Nadie de la demostración es «admin@")
    assert refusal("--code", "nadie").startswith("Nadie de la demostración es «nadie»")


def test_sign_ins_say_what_a_visitor_needs(demo: LoadedDemo, settings):
    said = run("--sign-ins")

    listed = student_sign_ins(now=NOW)
    assert f"{settings.BASE_URL}/personal/entrar/" in said
    assert PASSWORD in said
    assert "padron-plantel-01.xlsx" in said
    assert all(
        f"matrícula {found.enrollment.matricula}   código {found.code[:4]} {found.code[4:]}" in said
        for found in listed
        if found.samples
    )
