"""«Deshacer esta importación»: all or nothing, and nothing that somebody touched."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.transitions import TransitionNotAllowed
from followup.actions.reminders import remind_students
from followup.models import Reminder
from notices.models import Notice
from school.models import User
from school.states import Role
from students import timeline
from students.actions.access_codes import issue_codes, send_activation_codes
from students.actions.roster import (
    confirm_import,
    import_roster,
    keep_check,
    keep_columns,
    match_columns,
    upload_roster,
)
from students.actions.roster_undo import (
    ImportedSince,
    StudentsActed,
    TooLateToUndo,
    ValuesTaken,
    undo_import,
)
from students.models import Enrollment, RosterImport, Student, TimelineEntry
from students.roster_file.table import read_table
from students.states import CodeChannel, EnrollmentState, Event, ImportState
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import (
    EnrollmentFactory,
    StoredFileFactory,
    StudentDataFactory,
    StudentFactory,
    curp,
)
from tests.students.roster_files import HEADERS, csv_bytes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TODAY = date(2026, 8, 21)
KEYS = (
    *("matricula", "given_names", "first_surname", "second_surname", "group", "curp"),
    *("enrolled_on", "email"),
)


@pytest.fixture
def plantel():
    return PlantelFactory(number="P5")


@pytest.fixture
def cycle():
    return SchoolCycleFactory()


@pytest.fixture
def by(plantel) -> User:
    return staff(Role.RESPONSABLE, plantel)


@pytest.fixture
def known(plantel) -> Enrollment:
    """A student whom the list moves, renames and enrols later."""
    return EnrollmentFactory(
        plantel=plantel,
        cycle=SchoolCycleFactory(name="2026-A"),
        matricula="26050001",
        student__curp=curp(1),
        enrolled_on=date(2026, 8, 19),
    )


@pytest.fixture
def returning() -> Student:
    """A person the portal knows, without an open stay."""
    person = StudentFactory(curp=curp(3))
    elsewhere = PlantelFactory(number="06")
    EnrollmentFactory(
        student=person, plantel=elsewhere, matricula="1", state=EnrollmentState.WITHDRAWN
    )
    return person


@pytest.fixture
def imported(plantel, cycle, by, known, returning) -> RosterImport:
    return load(
        plantel,
        by,
        ["26050001", "Ana María", "Gómez", "Martínez", "102", curp(1), "20/08/2026"],
        ["26050002", "Eva", "Gómez", "Martínez", "101", curp(2), ""],
        ["26050003", "Ana", "Gómez", "Martínez", "101", curp(3), ""],
    )


def load(plantel, by, *rows, now=NOW) -> RosterImport:
    data = csv_bytes([[*HEADERS, "Fecha de inscripción", "Correo"], *rows])
    table = read_table(data, max_rows=5_000)
    roster = upload_roster(plantel, SimpleUploadedFile("lista.csv", data), by=by, now=now)
    keep_columns(roster, table)
    match_columns(roster, {key: at for at, key in enumerate(KEYS)})
    keep_check(roster, table, today=TODAY)
    confirm_import(roster)
    import_roster(roster, table, now=now)
    roster.refresh_from_db()
    return roster


def everything() -> list:
    """Return what an import writes, without the history and what the reminders are to look at."""
    return [
        list(Enrollment.objects.order_by("pk").values()),
        list(Student.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values("pk", "username")),
    ]


def test_undo_import_leaves_it_as_it_was(plantel, cycle, by, known, returning) -> None:
    before = everything()
    roster = load(
        plantel,
        by,
        ["26050001", "Ana María", "Gómez", "Martínez", "102", curp(1), "20/08/2026"],
        ["26050002", "Eva", "Gómez", "Martínez", "101", curp(2), ""],
        ["26050003", "Ana", "Gómez", "Martínez", "101", curp(3), ""],
    )
    assert everything() != before

    undo_import(roster, by=by, now=LATER)

    assert everything() == before
    roster.refresh_from_db()
    assert (roster.state, roster.undone_at, roster.undone_by) == (ImportState.UNDONE, LATER, by)
    assert roster.report["counts"] == {
        "new": 2,
        "changed": 1,
        "same": 0,
        "bad": 0,
        "missing": 0,
        "marked": 0,
    }
    assert sorted(roster.report) == ["counts", "notes", "rows", "sheet"]


def test_undo_import_writes_to_the_former_address_again(plantel, cycle, by) -> None:
    known = EnrollmentFactory(
        plantel=plantel, cycle=cycle, matricula="26050001", group="101", student__curp=curp(1)
    )
    reminder = NoticeFactory(
        message="M-03", about=f"enrollment:{known.pk}", to_email=known.roster_email
    )
    Notice.objects.update(created_at=NOW - timedelta(hours=1))
    listed = ["26050001", "Ana", "Gómez", "Martínez", "101", curp(1), "", "otro@correo.example"]
    roster = load(plantel, by, listed)
    reminder.refresh_from_db()
    assert reminder.to_email == "otro@correo.example"

    undo_import(roster, by=by, now=LATER)

    reminder.refresh_from_db()
    assert reminder.to_email == known.roster_email


def test_undo_import_tells_the_history(imported, by, known) -> None:
    undo_import(imported, by=by, now=LATER)

    history = TimelineEntry.objects.order_by("pk").values_list("enrollment", "event", "at", "by")
    assert list(history) == [
        (known.pk, Event.ROSTER_CHANGED, NOW, by.pk),
        (known.pk, Event.ROSTER_UNDONE, LATER, by.pk),
    ]
    assert TimelineEntry.objects.latest("pk").data == {"folio": imported.folio}


def test_undo_import_twice_is_once(imported, by) -> None:
    undo_import(imported, by=by, now=LATER)
    once = everything()

    with pytest.raises(TransitionNotAllowed):
        undo_import(imported, by=by, now=LATER)

    assert everything() == once
    assert TimelineEntry.objects.filter(event=Event.ROSTER_UNDONE).count() == 1


def test_undo_import_lets_the_list_in_again(plantel, imported, by) -> None:
    undo_import(imported, by=by, now=LATER)

    again = load(
        plantel, by, ["26050002", "Eva", "Gómez", "Martínez", "101", curp(2), ""], now=LATER
    )

    assert again.report["counts"]["new"] == 1


def test_undo_import_in_its_24_hours(imported, by) -> None:
    undo_import(imported, by=by, now=NOW + timedelta(hours=24))

    assert RosterImport.objects.get().state == ImportState.UNDONE


def test_undo_import_too_late(imported, by) -> None:
    with pytest.raises(TooLateToUndo):
        undo_import(imported, by=by, now=NOW + timedelta(hours=24, seconds=1))

    assert Enrollment.objects.filter(matricula="26050002").exists()


def test_undo_import_before_it_is_imported(plantel, cycle, by) -> None:
    upload = SimpleUploadedFile("lista.csv", csv_bytes([HEADERS]))
    roster = upload_roster(plantel, upload, by=by, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        undo_import(roster, by=by, now=LATER)


def test_undo_import_under_a_later_one(plantel, imported, by) -> None:
    later = load(plantel, by, ["26050009", "Sol", "Ríos", "", "101", "", ""], now=LATER)

    with pytest.raises(ImportedSince) as caught:
        undo_import(imported, by=by, now=LATER)

    assert caught.value.sentence == (
        f"Después se importó otra lista, {later.folio}. Deshacer primero esa"
    )


def test_former_values_are_forgotten_when_nobody_can_undo(plantel, imported, by, known) -> None:
    assert list(imported.report["former"]) == [str(known.pk)]

    for hours, rows in ((24, "26050008"), (25, "26050009")):
        load(
            plantel,
            by,
            [rows, "Sol", "Ríos", "", "101", "", ""],
            now=NOW + timedelta(hours=hours),
        )
        kept = RosterImport.objects.get(pk=imported.pk).report
        assert ("former" in kept) == (hours == 24)


@pytest.mark.parametrize(
    ("listed", "taken"),
    [
        (["26050099", curp(1)], {"matricula": "26050001"}),
        (["26050001", curp(9)], {"student__curp": curp(1)}),
    ],
    ids=["matricula", "curp"],
)
def test_undo_import_when_a_former_value_was_taken_meanwhile(
    plantel, cycle, by, known, listed, taken
) -> None:
    matricula, number = listed
    roster = load(plantel, by, [matricula, "Ana", "Gómez", "Martínez", "102", number, ""])
    EnrollmentFactory(plantel=PlantelFactory(number="07"), **taken)
    before = everything()

    with pytest.raises(ValuesTaken) as caught:
        undo_import(roster, by=by, now=LATER)

    assert caught.value.sentence == (
        "Otra persona usa ya una matrícula o CURP de antes: no se puede deshacer. "
        "Corregir la lista y subirla otra vez"
    )
    assert everything() == before
    roster.refresh_from_db()
    assert roster.state == ImportState.IMPORTED


def enter(stay, by):
    timeline.record(stay, Event.SIGNED_IN_FIRST, by=None, at=LATER)


def give_code(stay, by):
    issue_codes([stay], CodeChannel.SLIP, by=by, now=LATER)


def begin_data(stay, by):
    StudentDataFactory(enrollment=stay, confirmed_at=None, updated_at=LATER)


def upload_file(stay, by):
    StoredFileFactory(enrollment=stay)


def change_group(stay, by):
    Enrollment.objects.filter(pk=stay.pk).update(group="999")


def type_curp(stay, by):
    Student.objects.filter(pk=stay.student_id).update(given_names="Anna")


def write_mail(stay, by):
    Notice.objects.create(
        key="k",
        message="M-05",
        to_email="a@correo.example",
        plantel=stay.plantel,
        about=f"enrollment:{stay.pk}",
        created_at=LATER,
        not_before=LATER,
    )


@pytest.mark.parametrize("act", [enter, give_code, begin_data, upload_file, write_mail])
def test_undo_import_new_student_who_was_touched(imported, by, act) -> None:
    act(Enrollment.objects.get(matricula="26050002"), by)
    before = everything()

    with pytest.raises(StudentsActed) as caught:
        undo_import(imported, by=by, now=LATER)

    assert everything() == before
    assert caught.value.sentence == (
        "Con 1 estudiante de esta lista ya se hizo algo después: entrar, recibir código o aviso, "
        "o cambiar un dato. Ya no se puede deshacer; corregir la lista y subirla otra vez"
    )


@pytest.mark.parametrize("act", [enter, give_code, begin_data, write_mail, change_group, type_curp])
def test_undo_import_changed_student_who_was_touched(imported, by, known, act) -> None:
    act(known, by)
    before = everything()

    with pytest.raises(StudentsActed):
        undo_import(imported, by=by, now=LATER)

    assert everything() == before


@pytest.mark.parametrize(("email", "is_undone"), [("", True), ("eva@correo.example", False)])
def test_undo_import_after_the_sweep_reminded_whom_it_could(
    plantel, cycle, by, email, is_undone
) -> None:
    """Of who has no mailbox the ledger says so by itself; nobody did or was told anything."""
    late = ["26050002", "Eva", "Gómez", "Martínez", "101", curp(2), "10/08/2026", email]
    roster = load(plantel, by, late)
    remind_students(now=LATER)
    reminded = Reminder.objects.count()

    with nullcontext() if is_undone else pytest.raises(StudentsActed):
        undo_import(roster, by=by, now=LATER)

    assert reminded > 0
    assert Enrollment.objects.exists() is not is_undone
    assert Reminder.objects.exists() is not is_undone


def test_undo_import_counts_who_acted(imported, by, known) -> None:
    enter(known, by)
    enter(Enrollment.objects.get(matricula="26050002"), by)

    with pytest.raises(StudentsActed) as caught:
        undo_import(imported, by=by, now=LATER)

    assert caught.value.sentence.startswith("Con 2 estudiantes de esta lista")


def test_undo_import_after_the_codes_were_mailed(plantel, cycle, by) -> None:
    roster = load(plantel, by, ["26050002", "Eva", "Gómez", "Martínez", "101", curp(2), ""])
    Enrollment.objects.update(roster_email="eva@correo.example")
    send_activation_codes(roster, now=LATER)

    with pytest.raises(StudentsActed):
        undo_import(roster, by=by, now=LATER)


def test_undo_import_costs_the_same_queries(
    plantel, cycle, by, django_assert_max_num_queries
) -> None:
    roster = load(
        plantel,
        by,
        *[[f"2605{n:04d}", "Eva", "Gómez", "", "101", curp(n), ""] for n in range(60)],
    )

    with django_assert_max_num_queries(113):
        undo_import(roster, by=by, now=LATER)

    assert Enrollment.objects.count() == 0
