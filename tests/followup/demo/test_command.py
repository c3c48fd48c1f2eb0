"""manage.py demo: loads only where it may, says how to enter, and changes nothing the second time."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from followup.demo.guard import IN_PRODUCTION, NO_DEMO, NOT_EMPTY
from students.models import Student
from tests.factories.school import PlantelFactory, UserFactory


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
    assert refusal("--students", "5") == "Una demostración necesita al menos 90 estudiantes."
    assert Student.objects.count() == 0


@pytest.mark.django_db
def test_sign_ins_of_an_empty_database_say_how_to_load():
    assert refusal("--sign-ins") == NO_DEMO
