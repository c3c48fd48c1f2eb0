"""A list that is imported while somebody enters elsewhere: the first is taken, the list reads what that left."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from school.states import Role
from students.actions.bajas import reinstate_student, withdraw_student
from students.actions.import_rows import Imported, import_rows
from students.actions.reminders import look_again
from students.actions.roster_missing import keep_all_missing
from students.actions.roster_undo import undo_import
from students.management.commands.import_roster import OTHERS_WERE_FASTER
from students.models import Enrollment, NextLook
from students.queries.roster import ELSEWHERE
from students.roster_file import RosterRow
from students.states import BajaKind, EnrollmentState
from tests.factories.followup import ReminderFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.meanwhile import making_wait
from tests.students.roster_files import ANA, HEADERS, csv_bytes
from tests.students.test_roster_undo import load as upload

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 8, 21, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 21)
LUIS = ["26050149", "Luis", "Álvarez", "Peña", "101", ""]


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=True)


@pytest.fixture
def cycle(transactional_db):
    return SchoolCycleFactory()


@pytest.fixture
def plantel(cycle):
    return PlantelFactory(clave="26ECB0905X", number="05")


@pytest.fixture
def one_stay_alone(transactional_db):
    """Whoever comes second is refused by the database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX one_alone ON students_enrollment ((true))")
        yield
        cursor.execute("DROP INDEX one_alone")


@pytest.fixture
def write(tmp_path):
    def write_(*rows: list[str]) -> str:
        path = tmp_path / "lista.csv"
        path.write_bytes(csv_bytes([HEADERS, *rows]))
        return str(path)

    return write_


def withdrawn(plantel, cycle):
    """The stay of Ana, as the list tells it, withdrawn."""
    names = dict(zip(("given_names", "first_surname", "second_surname"), ANA[1:4], strict=True))
    stay = EnrollmentFactory(
        plantel=plantel,
        cycle=cycle,
        matricula=ANA[0],
        group=ANA[4],
        student__curp=ANA[5],
        **{f"student__{name}": value for name, value in names.items()},
    )
    by = staff(Role.RESPONSABLE, plantel)
    withdraw_student(stay, kind=BajaKind.TEMPORARY, on_date=TODAY, by=by, now=NOW)
    return stay, by


def row(line: int, told: list[str], **other: str) -> RosterRow:
    names = ("matricula", "given_names", "first_surname", "second_surname", "group", "curp")
    return RosterRow(line, **{**dict(zip(names, told, strict=True)), **other})


def load(plantel, cycle, *rows: RosterRow) -> Imported:
    return import_rows(plantel, cycle, list(rows), by=None, folio="P", now=NOW, today=TODAY)


def told(imported: object) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.problem) for one in imported.findings]


def run(path: str, *options: str) -> str:
    """Run the command and return what it refuses, empty when it imports."""
    try:
        call_command("import_roster", path, "--plantel", "26ECB0905X", *options)
    except CommandError as error:
        return str(error)
    return ""


def test_import_rows_while_the_baja_is_undone_finds_the_student_enrolled(plantel, cycle):
    stay, by = withdrawn(plantel, cycle)

    with making_wait(lambda: load(plantel, cycle, row(2, ANA), row(3, LUIS))) as results:
        reinstate_student(stay, by=by, now=NOW)

    (imported,) = results
    assert (len(imported.created), imported.same, imported.findings) == (1, 1, [])
    assert list(stay.student.enrollments.values_list("pk", "state")) == [
        (stay.pk, EnrollmentState.ACTIVE)
    ]


def test_import_rows_while_the_baja_in_another_plantel_is_undone_is_a_finding(plantel, cycle):
    stay, by = withdrawn(PlantelFactory(number="06"), cycle)

    with making_wait(lambda: load(plantel, cycle, row(2, ANA), row(3, LUIS))) as results:
        reinstate_student(stay, by=by, now=NOW)

    (imported,) = results
    assert told(imported) == [(2, "curp", ELSEWHERE[0])]
    assert Enrollment.objects.get(plantel=plantel).matricula == LUIS[0]


def test_import_rows_while_the_owner_of_a_matricula_comes_back_is_a_finding(plantel, cycle):
    stay, by = withdrawn(plantel, cycle)

    with making_wait(
        lambda: load(plantel, cycle, row(2, LUIS, matricula=stay.matricula))
    ) as results:
        reinstate_student(stay, by=by, now=NOW)

    (imported,) = results
    assert told(imported) == [(2, "matricula", "La matrícula ya es de Gómez Martínez, Ana")]


def test_import_rows_of_one_student_into_two_planteles_at_once_enrols_in_one(plantel, cycle):
    results: list[Imported] = []
    barrier = threading.Barrier(2)

    def enrol(where, told_there: list[str]) -> None:
        barrier.wait()
        results.append(load(where, cycle, row(2, told_there)))
        connection.close()

    here = threading.Thread(target=enrol, args=[plantel, ANA])
    there = threading.Thread(target=enrol, args=[PlantelFactory(), ["26050777", *ANA[1:]]])
    for thread in (here, there):
        thread.start()
    for thread in (here, there):
        thread.join()

    assert sorted((len(one.created), told(one)) for one in results) == [
        (0, [(2, "curp", ELSEWHERE[0])]),
        (1, []),
    ]


def test_import_rows_of_many_into_two_planteles_at_once_waits_for_the_other(plantel, cycle):
    results: list[Imported] = []
    barrier = threading.Barrier(2)
    rows = [row(n, [f"2605{n:04d}", *LUIS[1:5], curp(n)]) for n in range(1, 1_001)]

    def enrol(where, listed: list[RosterRow]) -> None:
        barrier.wait()
        results.append(load(where, cycle, *listed))
        connection.close()

    here = threading.Thread(target=enrol, args=[plantel, rows])
    there = threading.Thread(target=enrol, args=[PlantelFactory(), rows[::-1]])
    for thread in (here, there):
        thread.start()
    for thread in (here, there):
        thread.join()

    assert sorted((len(one.created), len(one.findings)) for one in results) == [
        (0, len(rows)),
        (len(rows), 0),
    ]


def test_import_roster_command_while_the_baja_is_undone_finds_the_student_enrolled(
    plantel, cycle, write, capsys
):
    stay, by = withdrawn(plantel, cycle)

    with making_wait(lambda: run(write(ANA))) as results:
        reinstate_student(stay, by=by, now=NOW)

    assert results == [""]
    assert capsys.readouterr().out.splitlines() == [
        "1 nuevos · 0 cambian · 0 iguales · 0 con error",
        "Folio P26-05-0001: 0 nuevos, 0 cambiados, 1 iguales",
    ]


@pytest.mark.parametrize(
    ("options", "said", "written"),
    [([], "1 filas con error; no se importó nada", 0), (["--skip-errors"], "", 1)],
)
def test_import_roster_command_while_another_plantel_takes_the_student_back_says_so(
    plantel, cycle, write, capsys, options, said, written
):
    stay, by = withdrawn(PlantelFactory(number="06"), cycle)

    with making_wait(lambda: run(write(ANA, LUIS), *options)) as results:
        reinstate_student(stay, by=by, now=NOW)

    assert results == [said]
    assert capsys.readouterr().err.splitlines() == [
        f"Error · Fila 2 · CURP · {ANA[5]} · {ELSEWHERE[0]} · {ELSEWHERE[1]}"
    ]
    assert Enrollment.objects.filter(plantel=plantel).count() == written


def test_import_roster_while_somebody_decides_on_an_old_list_leaves_it_to_the_next_one(
    plantel, cycle
):
    by, later = staff(Role.RESPONSABLE, plantel), NOW + timedelta(hours=25)
    EnrollmentFactory(plantel=plantel, cycle=cycle, matricula=ANA[0], student__curp=ANA[5])
    missing = EnrollmentFactory(plantel=plantel, cycle=cycle)
    old = upload(plantel, by, [*ANA[:4], "102", ANA[5]])

    with making_wait(lambda: upload(plantel, by, LUIS, now=later)):
        keep_all_missing(old, by=by, now=later)

    old.refresh_from_db()
    assert (old.report["kept"], "former" in old.report) == ([missing.pk], True)
    upload(plantel, by, [*LUIS[:4], "103", ""], now=later)
    old.refresh_from_db()
    assert (old.report["kept"], "former" in old.report) == ([missing.pk], False)


def test_import_rows_that_moves_a_deadline_waits_for_what_the_student_does(plantel, cycle):
    """Every action of a student holds the next look and then the stay; a list does so too."""
    stay, by = withdrawn(plantel, cycle)
    reinstate_student(stay, by=by, now=NOW)
    moved = row(2, ANA, enrolled_on="2026-08-20")

    with making_wait(
        lambda: load(plantel, cycle, moved),
        then=lambda: Enrollment.objects.select_for_update().get(pk=stay.pk),
    ) as results:
        look_again([stay.pk])

    stay.refresh_from_db()
    assert (results[0].changed, stay.enrolled_on) == (1, date(2026, 8, 20))


def test_undo_import_waits_for_the_sweep_that_reminds_its_students(plantel, cycle):
    """The sweep holds the next look and then writes its line, which asks whether the stay is there."""
    by = staff(Role.RESPONSABLE, plantel)
    roster = upload(plantel, by, ANA)
    stay = Enrollment.objects.get()

    with making_wait(
        lambda: undo_import(roster, by=by, now=NOW),
        then=lambda: ReminderFactory(enrollment=stay, outcome="NO_EMAIL", channel=""),
    ):
        NextLook.objects.select_for_update().get(pk=stay.pk)

    assert not Enrollment.objects.exists()


@pytest.mark.usefixtures("one_stay_alone")
def test_import_roster_command_that_loses_each_time_says_so(plantel, write):
    EnrollmentFactory(student__curp=curp(1))

    said = run(write(ANA))

    assert said == OTHERS_WERE_FASTER
