"""manage.py remind: who gets what and why, without saying more than staff may see in a log."""

from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from followup.actions.ladder import publish_version
from followup.models import Reminder
from notices.models import Notice
from school.queries.texts import current_text
from school.states import Role, TextKind
from students.actions.reminders import look_again
from students.models import Student
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """A student with an address, one without, and one whose file waits."""
    plantel = PlantelFactory(number="05")
    due = {"plantel": plantel, "acuse_due_on": date(2026, 8, 26)}
    stays = [
        EnrollmentFactory(matricula="26050001", confirmed=True, **due),
        EnrollmentFactory(matricula="26050002", roster_email="", **due),
        EnrollmentFactory(
            matricula="26050003",
            confirmed=True,
            plantel=plantel,
            acuse_due_on=date(2026, 9, 30),
        ),
    ]
    uploaded = datetime(2026, 8, 24, 18, tzinfo=ZoneInfo("America/Mexico_City"))
    AcuseFactory(draft=True, request__enrollment=stays[2], created_at=uploaded)
    look_again(stay.pk for stay in stays)
    return stays


def run(*arguments: str) -> list[str]:
    said = StringIO()
    call_command("remind", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_dry_run_says_who_gets_what_and_why_and_writes_nothing(three):
    lines = run("--now", "2026-08-25T08:00-06:00", "--dry-run")

    assert lines == [
        "05 26050001 M-03 correo: un día antes, su plazo es el miércoles 26 de agosto",
        "05 26050002 M-03 sin correo: un día antes, su plazo es el miércoles 26 de agosto",
        "05 26050003 M-07 correo: subió un archivo el lunes 24 de agosto y no lo confirmó",
        "3 líneas; 0 correos a la bandeja de salida",
    ]
    assert (Reminder.objects.count(), Notice.objects.count()) == (0, 0)


def test_run_says_the_same_and_queues_it(three):
    would = run("--now", "2026-08-25T08:00-06:00", "--dry-run")

    lines = run("--now", "2026-08-25T08:00-06:00")

    assert lines[:-1] == would[:-1]
    assert lines[-1] == "3 líneas; 2 correos a la bandeja de salida"
    assert (Reminder.objects.count(), Notice.objects.count()) == (3, 2)


@pytest.fixture
def guarded(three):
    """The first student, a minor, left a mailbox at home; so did another, who is of age."""
    grown = EnrollmentFactory(
        matricula="26050004",
        confirmed=True,
        plantel=three[0].plantel,
        acuse_due_on=date(2026, 8, 26),
    )
    Student.objects.filter(pk=three[0].student_id).update(curp="GOMA090214MSRMRNA2")
    look_again([grown.pk])
    for stay in (three[0], grown):
        stay.data.guardian_contact = "casa@correo.example"
        stay.data.save()
    return three[0]


def test_run_says_who_gets_a_copy_at_home(guarded):
    copies = [
        [line for line in run("--now", "2026-08-25T08:00-06:00", *how) if "M-20" in line]
        for how in (("--dry-run",), (), ("--dry-run",))
    ]

    told = ["05 26050001 M-20 correo: copia a mamá, papá o tutor"]
    assert copies == [told, told, []]
    assert Notice.objects.filter(message="M-20", about=f"enrollment:{guarded.pk}").count() == 1


def test_run_says_nothing_of_home_where_no_step_is_copied(guarded):
    current = current_text(TextKind.ESCALERA)
    steps = [{**one, "guardian": ""} for one in current.fields["steps"]]
    publish_version(
        TextKind.ESCALERA,
        {"steps": steps},
        based_on=current.version,
        by=staff(Role.ADMIN),
        now=datetime(2026, 8, 20, 18, tzinfo=ZoneInfo("America/Mexico_City")),
    )

    lines = run("--now", "2026-08-25T08:00-06:00")

    assert [line for line in lines if "M-20" in line] == []
    assert not Notice.objects.filter(message="M-20").exists()


def test_run_again_finds_nothing(three):
    run("--now", "2026-08-25T08:00-06:00")

    assert run("--now", "2026-08-25T08:01-06:00") == ["0 líneas; 0 correos a la bandeja de salida"]


def test_run_in_the_quiet_hours_says_until_when_it_waits(three):
    assert run("--now", "2026-08-25T21:00-06:00", "--dry-run")[0] == (
        "3 esperan hasta las 07:00 (America/Mexico_City)"
    )


def test_run_without_a_moment_is_now(three):
    assert run("--dry-run")[-1].endswith("0 correos a la bandeja de salida")


def test_run_says_neither_curp_nor_name(three):
    said = "\n".join(run("--now", "2026-08-25T08:00-06:00"))

    student = three[0].student
    assert [word for word in (student.curp, student.first_surname) if word in said] == []


@pytest.mark.parametrize("wrong", ["mañana", "2026-08-25T08:00", "2026-13-25T08:00-06:00"])
def test_a_moment_without_offset_is_refused(wrong):
    with pytest.raises(CommandError, match="ISO 8601"):
        run("--now", wrong)
