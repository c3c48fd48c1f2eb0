"""The roster against the database (security T19): all or nothing, only what differs, queued per plantel."""

import re
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.transitions import TransitionNotAllowed
from notices.models import Notice
from school.models import Plantel, SchoolCycle, User
from school.states import Role
from school.visitors import Visitor
from students.actions.access_codes import issue_codes, mint_mail_code, send_activation_codes
from students.actions.clock import pause_clocks, resume_clock
from students.actions.files import UploadRefused
from students.actions.import_rows import Imported, import_rows
from students.actions.roster import (
    NoCycle,
    NothingToImport,
    apply_fixes,
    cancel_import,
    confirm_import,
    import_roster,
    keep_check,
    keep_columns,
    match_columns,
    refuse_file,
    upload_roster,
)
from students.actions.sign_in import sign_in_with_code
from students.models import (
    AccessCode,
    Enrollment,
    RosterImport,
    StoredFile,
    Student,
    TimelineEntry,
)
from students.queries.deadlines import acuse_deadline
from students.queries.roster import plan_import
from students.roster_file import RosterRow
from students.roster_file.table import Table, read_table
from students.states import CodeChannel, EnrollmentState, Event, FileKind, ImportState, PauseReason
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import (
    EnrollmentFactory,
    StudentDataFactory,
    StudentFactory,
    curp,
)
from tests.students.roster_files import ANA, HEADERS, csv_bytes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 21)
VISITOR = Visitor(address="203.0.113.7")
IS_ANAS = "La matrícula ya es de Gómez Martínez, Ana"


@pytest.fixture
def plantel() -> Plantel:
    return PlantelFactory(number="05")


@pytest.fixture
def cycle() -> SchoolCycle:
    return SchoolCycleFactory()


@pytest.fixture
def responsable(plantel: Plantel) -> User:
    return staff(Role.RESPONSABLE, plantel)


def row(n: int = 1, **told: str) -> RosterRow:
    data = {
        "matricula": f"26050{n:03d}",
        "given_names": "Ana",
        "first_surname": "Gómez",
        "second_surname": "Martínez",
        "group": "101",
        "curp": curp(n),
    }
    return RosterRow(line=n + 1, **{**data, **told})


def load(
    plantel: Plantel, cycle: SchoolCycle, *rows: RosterRow, by: User | None = None
) -> Imported:
    return import_rows(plantel, cycle, list(rows), by=by, folio="P26-05-0001", now=NOW, today=TODAY)


def database() -> list[list[dict[str, object]]]:
    models = (User, Student, Enrollment, TimelineEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


# import_rows -------------------------------------------------------------------------------------
def test_import_rows_new_student(plantel, cycle, responsable) -> None:
    told = row(
        email="ana@correo.example",
        phone="6621234567",
        shift="matutino",
        semester="1",
        nss="24260812342",
    )

    imported = load(plantel, cycle, told, by=responsable)

    stay = Enrollment.objects.get()
    assert imported == Imported(created=[stay.pk], persons=[stay.student_id])
    assert (stay.plantel, stay.cycle, stay.state) == (plantel, cycle, EnrollmentState.ACTIVE)
    assert (stay.matricula, stay.group, stay.shift, stay.semester) == (
        "26050001",
        "101",
        "matutino",
        "1",
    )
    assert (stay.roster_email, stay.roster_phone) == ("ana@correo.example", "6621234567")
    assert (stay.enrolled_on, stay.acuse_due_on) == (TODAY, date(2026, 8, 26))
    assert (stay.declared_nss, stay.student.nss) == ("24260812342", None)
    assert (stay.student.curp, stay.student.search_name) == (curp(1), "ana gomez martinez")
    user = stay.student.user
    assert (user.has_usable_password(), user.email, user.is_staff, user.is_active) == (
        False,
        "",
        False,
        True,
    )


def test_import_rows_one_timeline_entry_each(plantel, cycle, responsable) -> None:
    load(plantel, cycle, row(1), row(2), by=responsable)

    entries = TimelineEntry.objects.values_list("event", "by", "data")
    assert list(entries) == [(Event.ENROLLED, responsable.pk, {"folio": "P26-05-0001"})] * 2


def test_import_rows_without_curp(plantel, cycle) -> None:
    load(plantel, cycle, row(1, curp=""), row(2, curp=""))

    assert list(Student.objects.values_list("curp", flat=True)) == [None, None]


def test_import_rows_due_date_counts_from_the_enrolment(plantel, cycle) -> None:
    load(plantel, cycle, row(enrolled_on="2026-08-19"))

    assert Enrollment.objects.get().acuse_due_on == date(2026, 8, 24)


def test_import_rows_counts_by_the_rule_that_changed_meanwhile(plantel, cycle) -> None:
    SchoolCycle.objects.update(acuse_days=5)

    load(plantel, cycle, row(enrolled_on="2026-08-19"))

    assert Enrollment.objects.get().acuse_due_on == date(2026, 8, 26)


def test_import_rows_twice_changes_nothing(plantel, cycle) -> None:
    rows = [row(n, email=f"a{n}@correo.example", nss="24260812342") for n in (1, 2, 3)]
    load(plantel, cycle, *rows)
    before = database()

    imported = load(plantel, cycle, *rows)

    assert imported == Imported(same=3)
    assert database() == before


def test_import_rows_writes_only_what_differs(plantel, cycle, responsable) -> None:
    load(plantel, cycle, row(1), row(2))
    before = database()

    imported = load(
        plantel, cycle, row(1, group="102", email="ana@correo.example"), row(2), by=responsable
    )

    assert (imported.changed, imported.same) == (1, 1)
    after = database()
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert after[2][1] == before[2][1]
    assert after[2][0] == {**before[2][0], "group": "102", "roster_email": "ana@correo.example"}
    entry = TimelineEntry.objects.get(event=Event.ROSTER_CHANGED)
    assert (entry.by, entry.data["changes"]) == (
        responsable,
        [["Grupo", "101", "102"], ["Correo electrónico", "", "ana@correo.example"]],
    )


def test_import_rows_what_is_not_told_stays(plantel, cycle) -> None:
    load(plantel, cycle, row(1, email="ana@correo.example", shift="matutino", semester="1"))

    imported = load(plantel, cycle, row(1, curp="", second_surname=""))

    assert imported == Imported(same=1)


def test_import_rows_no_curp_nor_nss_in_the_timeline(plantel, cycle) -> None:
    load(plantel, cycle, row(1, curp=""))

    load(plantel, cycle, row(1, nss="24260812342"))

    changes = TimelineEntry.objects.get(event=Event.ROSTER_CHANGED).data["changes"]
    assert changes == [["CURP", "", f"…{curp(1)[-5:]}"], ["NSS", "", "•••••••2342"]]


def test_import_rows_next_cycle_updates_the_stay(plantel, cycle) -> None:
    load(plantel, cycle, row(1))
    later = SchoolCycleFactory(name="2027-A", starts_on=date(2027, 2, 1), ends_on=date(2027, 7, 9))

    imported = load(plantel, later, row(1, group="201"))

    assert (imported.changed, Enrollment.objects.get().cycle) == (1, later)


@pytest.mark.parametrize(("days", "expected"), [(5, date(2026, 8, 28)), (2, date(2026, 8, 26))])
def test_import_rows_next_cycle_counts_by_its_own_rule(plantel, cycle, days, expected) -> None:
    load(plantel, cycle, row(1))
    later = SchoolCycleFactory(
        name="2027-A", starts_on=date(2027, 2, 1), ends_on=date(2027, 7, 9), acuse_days=days
    )

    imported = load(plantel, later, row(1))

    stay = Enrollment.objects.get()
    assert stay.acuse_due_on == expected
    assert ("acuse_due_on" in imported.former[stay.pk]["stay"]) == (days == 5)


def test_import_rows_another_day_counts_what_happened_since(plantel, cycle) -> None:
    load(plantel, cycle, row(1, enrolled_on="2026-08-19"))
    stay = Enrollment.objects.get()
    pause_clocks([stay.pk], PauseReason.REVIEW, now=NOW + timedelta(days=3))
    resume_clock(stay, PauseReason.REVIEW, now=NOW + timedelta(days=10), is_return=True)

    load(plantel, cycle, row(1, enrolled_on="2026-08-21"))

    stay = Enrollment.objects.get()
    assert stay.acuse_due_on == acuse_deadline(stay).date == date(2026, 9, 3)


def test_import_rows_new_matricula_by_curp(plantel, cycle) -> None:
    load(plantel, cycle, row(1))

    imported = load(plantel, cycle, row(1, matricula="26059999"))

    assert (imported.changed, Enrollment.objects.get().matricula) == (1, "26059999")


@pytest.mark.parametrize(
    ("told", "expected"), [("2026-08-25", date(2026, 8, 28)), ("2026-08-18", date(2026, 8, 26))]
)
def test_import_rows_a_date_once_given_is_never_shortened(plantel, cycle, told, expected) -> None:
    load(plantel, cycle, row(1))

    load(plantel, cycle, row(1, enrolled_on=told))

    stay = Enrollment.objects.get()
    assert (stay.enrolled_on, stay.acuse_due_on) == (date.fromisoformat(told), expected)


def test_import_rows_another_day_gives_no_date_while_the_clock_stands(plantel, cycle) -> None:
    load(plantel, cycle, row(1))
    Enrollment.objects.update(acuse_due_on=None)

    load(plantel, cycle, row(1, enrolled_on="2026-08-25"))

    stay = Enrollment.objects.get()
    assert (stay.enrolled_on, stay.acuse_due_on) == (date(2026, 8, 25), None)


def test_import_rows_returning_person_keeps_one_record(plantel, cycle) -> None:
    """A new stay of a known person: the same Student, a second Enrollment."""
    old = EnrollmentFactory(
        plantel=plantel,
        student__curp=curp(1),
        state=EnrollmentState.WITHDRAWN,
        matricula="24050001",
    )

    imported = load(plantel, cycle, row(1))

    (pk,) = imported.created
    assert Enrollment.objects.get(pk=pk).student == old.student
    assert Student.objects.count() == 1


def problems(imported: Imported) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.field, finding.problem) for finding in imported.findings]


def test_import_rows_student_of_another_plantel(plantel, cycle) -> None:
    """T19: refused with its reason, which does not name the plantel."""
    EnrollmentFactory(plantel=PlantelFactory(name="Canario"), student__curp=curp(1))
    before = database()

    imported = load(plantel, cycle, row(1), row(2))

    assert problems(imported) == [(2, "curp", "Esta CURP ya está inscrita en otro plantel")]
    assert len(imported.created) == 1
    assert "Canario" not in imported.findings[0].problem + imported.findings[0].remedy
    assert database()[2][0] == before[2][0]


def test_import_rows_matricula_used_in_another_plantel(plantel, cycle) -> None:
    other = EnrollmentFactory(
        plantel=PlantelFactory(), matricula="26050001", student__given_names="Canaria"
    )

    imported = load(plantel, cycle, row(1))

    assert problems(imported) == [(2, "matricula", "La matrícula ya la usa otra persona")]
    assert other.student.given_names not in imported.findings[0].problem


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"curp": curp(99), "given_names": "Luis"}, f"{IS_ANAS}, con otra CURP"),
        ({"curp": "", "given_names": "Luis", "first_surname": "Pérez"}, IS_ANAS),
        ({"curp": curp(2)}, IS_ANAS),
    ],
    ids=["other CURP", "other name", "CURP of a third"],
)
def test_import_rows_matricula_of_another_person(plantel, cycle, told, problem) -> None:
    load(plantel, cycle, row(1))
    StudentFactory(curp=curp(2))

    imported = load(plantel, cycle, row(1, **told))

    assert problems(imported) == [(2, "matricula", problem)]
    assert imported.changed == 0


def test_import_rows_two_known_persons_in_one_row(plantel, cycle) -> None:
    load(plantel, cycle, row(1), row(2))

    imported = load(plantel, cycle, row(1, curp=curp(2)))

    assert problems(imported) == [(2, "matricula", IS_ANAS)]


def test_import_rows_curp_corrected_for_the_same_name(plantel, cycle) -> None:
    load(plantel, cycle, row(1))

    imported = load(plantel, cycle, row(1, curp=curp(99)))

    assert (imported.changed, Student.objects.get().curp) == (1, curp(99))


def test_import_rows_curp_of_a_proven_nss_stays(plantel, cycle) -> None:
    load(plantel, cycle, row(1))
    Student.objects.update(nss="24260812342")

    imported = load(plantel, cycle, row(1, curp=curp(99)))

    assert problems(imported) == [
        (2, "curp", f"Su NSS ya está comprobado con otra CURP (…{curp(1)[-5:]})")
    ]


def test_import_rows_same_person_twice(plantel, cycle) -> None:
    load(plantel, cycle, row(1))

    imported = load(plantel, cycle, row(1), row(2, matricula="26050777", curp=curp(1)))

    assert problems(imported) == [(3, "matricula", "Es la misma persona que la fila 2")]


def test_import_rows_all_or_nothing(plantel, cycle) -> None:
    """Two rows that only the database can refuse: the first leaves no trace either."""
    before = database()

    with pytest.raises(IntegrityError):
        load(plantel, cycle, row(1), row(2, matricula=row(1).matricula))

    assert database() == before


def test_import_rows_query_count_does_not_grow(plantel, cycle) -> None:
    counts = []
    for numbers in (range(1, 2), range(2, 5), range(10, 400)):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load(plantel, cycle, *[row(n) for n in numbers])
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[2] <= counts[0] + 12  # SQLite splits long inserts


@pytest.mark.parametrize(
    ("told", "columns"),
    [
        ({"group": "102"}, {"students_enrollment": {"group"}}),
        ({"second_surname": "Mar"}, {"students_student": {"second_surname", "search_name"}}),
        (
            {"enrolled_on": "2026-08-25", "curp": curp(9)},
            {
                "students_student": {"curp"},
                "students_enrollment": {"enrolled_on", "acuse_due_on"},
            },
        ),
    ],
)
def test_import_rows_writes_only_the_columns_that_differ(plantel, cycle, told, columns) -> None:
    load(plantel, cycle, row(1))

    with CaptureQueriesContext(connection) as queries:
        load(plantel, cycle, row(1, **told))

    written = {}
    for query in queries:
        if update := re.search(r'UPDATE "(\w+)" SET (.*?) (?:WHERE|FROM) ', query["sql"]):
            table, assignments = update.groups()
            written.setdefault(table, set()).update(re.findall(r'"(\w+)" = ', assignments))
    assert written == columns


@pytest.mark.django_db(transaction=True)
def test_import_rows_holds_whom_it_compares(plantel, cycle) -> None:
    """What a student types while the roster is compared waits for its end, and is not lost."""
    load(plantel, cycle, row(1, curp=""))
    seen: list[str] = []
    typed = threading.Thread(target=type_curp, args=[curp(1), seen])

    def type_once_compared(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not typed.ident and sql.startswith("SELECT") and 'FROM "students_student"' in sql:
            typed.start()
            typed.join(timeout=0.3)
        return result

    with connection.execute_wrapper(type_once_compared):
        load(plantel, cycle, row(1, curp="", group="102", second_surname="Mar"))
    typed.join()

    stay = Enrollment.objects.get()
    assert (stay.student.curp, stay.group, stay.student.second_surname) == (curp(1), "102", "Mar")
    assert seen == ["Mar"]


def type_curp(curp: str, seen: list[str]) -> None:
    try:
        with transaction.atomic():
            student = Student.objects.select_for_update(of=("self",)).get()
            student.curp = curp
            student.save(update_fields=["curp"])
            seen.append(student.second_surname)
    finally:
        connection.close()


def test_plan_import_writes_nothing(plantel, cycle) -> None:
    load(plantel, cycle, row(1))
    before = database()

    plan = plan_import(plantel, cycle, [row(1, group="102"), row(2)])

    assert (len(plan.new), len(plan.changes), plan.same) == (1, 1, 0)
    assert database() == before


# The wizard --------------------------------------------------------------------------------------
FILE = csv_bytes(
    [
        [*HEADERS, "Correo"],
        ["26050148", "Ana", "Gómez", "Martínez", "101", "GOMAO80214MSRMRNA5", "ana@correo.example"],
        ["26050149", "Luis", "Peña", "", "102", "", ""],
    ]
)
COLUMNS = {
    "matricula": 0,
    "given_names": 1,
    "first_surname": 2,
    "second_surname": 3,
    "group": 4,
    "curp": 5,
    "email": 6,
}


def upload(data: bytes, name: str = "lista.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def table() -> Table:
    return read_table(FILE, max_rows=5_000)


@pytest.fixture
def roster(plantel, cycle, responsable) -> RosterImport:
    return upload_roster(plantel, upload(FILE), by=responsable, now=NOW)


@pytest.fixture
def checked(roster, table) -> RosterImport:
    keep_columns(roster, table)
    match_columns(roster, COLUMNS)
    keep_check(roster, table, today=TODAY)
    roster.refresh_from_db()
    return roster


def test_upload_roster(roster, plantel, cycle, responsable) -> None:
    file = StoredFile.objects.get()

    assert (roster.state, roster.plantel, roster.cycle, roster.file) == (
        ImportState.UPLOADED,
        plantel,
        cycle,
        file,
    )
    assert (file.kind, file.plantel, file.enrollment, file.original_name) == (
        FileKind.CSV,
        plantel,
        None,
        "lista.csv",
    )


def test_upload_roster_of_another_kind(plantel, cycle, responsable) -> None:
    with pytest.raises(UploadRefused) as caught:
        upload_roster(plantel, upload(b"%PDF-1.7", "lista.pdf"), by=responsable, now=NOW)

    assert caught.value.code == "TYPE_NOT_ALLOWED"
    assert RosterImport.objects.count() == 0


def test_upload_roster_without_cycle(plantel, responsable) -> None:
    with pytest.raises(NoCycle):
        upload_roster(plantel, upload(FILE), by=responsable, now=NOW)


def test_keep_columns(roster, table) -> None:
    keep_columns(roster, table)

    roster.refresh_from_db()
    assert roster.state == ImportState.READ
    assert [column["field"] for column in roster.columns] == list(COLUMNS)
    assert roster.columns[1] == {
        "index": 1,
        "header": "Nombre(s)",
        "field": "given_names",
        "samples": ["Ana", "Luis"],
    }
    assert roster.report == {"sheet": "", "rows": 2, "notes": []}


def test_refuse_file(roster) -> None:
    refuse_file(roster, "CSV_DAMAGED", {"line": 4})

    roster.refresh_from_db()
    assert (roster.state, roster.failure, roster.report["details"]) == (
        ImportState.FAILED,
        "CSV_DAMAGED",
        {"line": 4},
    )


def test_match_columns_needs_the_obligatory_fields(roster, table) -> None:
    keep_columns(roster, table)

    with pytest.raises(ValueError, match="obligatory"):
        match_columns(roster, {"matricula": 0})


def test_match_columns_before_the_file_is_read(roster) -> None:
    with pytest.raises(TransitionNotAllowed):
        match_columns(roster, COLUMNS)


def test_keep_check_writes_nothing_to_students(checked) -> None:
    assert checked.state == ImportState.CHECKED
    assert checked.report["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "bad": 1,
        "missing": 0,
        "marked": 0,
    }
    assert [(item["line"], item["field"], item["fix"]) for item in checked.report["findings"]] == [
        (2, "curp", "GOMA080214MSRMRNA5")
    ]
    assert (Student.objects.count(), Enrollment.objects.count()) == (0, 0)


def test_keep_check_shows_before_and_after(checked, table, plantel, cycle) -> None:
    load(
        plantel,
        cycle,
        row(1, matricula="26050149", given_names="Luis", first_surname="Peña", curp=""),
    )
    match_columns(checked, COLUMNS)

    keep_check(checked, table, today=TODAY)

    checked.refresh_from_db()
    assert checked.report["changes"] == [
        {
            "line": 3,
            "name": "Peña Martínez, Luis",
            "matricula": "26050149",
            "differences": [["Grupo", "101", "102"]],
        }
    ]


def test_apply_fixes_takes_only_what_was_proposed(checked, table) -> None:
    apply_fixes(checked, ["2:curp", "3:matricula"])
    keep_check(checked, table, today=TODAY)

    checked.refresh_from_db()
    assert checked.matching["fixes"] == {"2:curp": "GOMA080214MSRMRNA5"}
    assert checked.report["counts"] == {
        "new": 2,
        "changed": 0,
        "same": 0,
        "bad": 0,
        "missing": 0,
        "marked": 0,
    }


def test_import_roster_imports_the_correct_rows(checked, table) -> None:
    confirm_import(checked)

    imported = import_roster(checked, table, now=NOW)

    checked.refresh_from_db()
    assert (checked.state, checked.folio, checked.imported_at) == (
        ImportState.IMPORTED,
        "P26-05-0001",
        NOW,
    )
    assert checked.report["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "bad": 1,
        "missing": 0,
        "marked": 0,
    }
    assert checked.report["created"] == imported.created
    assert list(Enrollment.objects.values_list("matricula", flat=True)) == ["26050149"]


def test_import_roster_twice(checked, table) -> None:
    confirm_import(checked)
    import_roster(checked, table, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        import_roster(checked, table, now=NOW)


def test_import_roster_before_it_is_confirmed(checked, table) -> None:
    with pytest.raises(TransitionNotAllowed):
        import_roster(checked, table, now=NOW)

    assert Enrollment.objects.count() == 0


def test_confirm_import_with_nothing_to_do(checked, table, plantel, cycle) -> None:
    confirm_import(checked)
    import_roster(checked, table, now=NOW)
    again = upload_roster(plantel, upload(FILE), by=checked.created_by, now=NOW)
    keep_columns(again, table)
    match_columns(again, COLUMNS)
    keep_check(again, table, today=TODAY)

    with pytest.raises(NothingToImport):
        confirm_import(again)


def test_confirm_import_twice(checked) -> None:
    confirm_import(checked)

    with pytest.raises(TransitionNotAllowed):
        confirm_import(checked)


def test_cancel_import_forgets_what_it_showed(checked) -> None:
    cancel_import(checked)

    checked.refresh_from_db()
    assert (checked.state, list(checked.report)) == (ImportState.CANCELLED, ["counts"])


def test_cancel_import_once_confirmed(checked) -> None:
    confirm_import(checked)

    with pytest.raises(TransitionNotAllowed):
        cancel_import(checked)


def test_send_activation_codes_to_who_can_be_written_to(checked, table) -> None:
    apply_fixes(checked, ["2:curp"])
    keep_check(checked, table, today=TODAY)
    confirm_import(checked)
    import_roster(checked, table, now=NOW)
    checked.refresh_from_db()

    assert send_activation_codes(checked, now=NOW) == 1
    assert send_activation_codes(checked, now=NOW) == 0

    notice = Notice.objects.get()
    assert (notice.message, notice.to_email, notice.to_name) == (
        "M-01",
        "ana@correo.example",
        "Ana Gómez Martínez",
    )


def test_import_roster_with_another_email_writes_there_and_offers_a_code(checked, table) -> None:
    apply_fixes(checked, ["2:curp"])
    known = EnrollmentFactory(
        plantel=checked.plantel,
        cycle=checked.cycle,
        matricula=ANA[0],
        student__curp=ANA[5],
        roster_email="anna@correo.example",
    )
    reminder = NoticeFactory(
        message="M-03", about=f"enrollment:{known.pk}", to_email=known.roster_email
    )
    issue_codes([known], CodeChannel.MAIL, by=None, now=NOW)
    keep_check(checked, table, today=TODAY)
    confirm_import(checked)

    import_roster(checked, table, now=NOW)

    checked.refresh_from_db()
    reminder.refresh_from_db()
    assert reminder.to_email == "ana@correo.example"
    assert not AccessCode.objects.filter(voided_at__isnull=True).exists()
    assert send_activation_codes(checked, now=NOW) == 1
    assert Notice.objects.get(message="M-01").to_email == "ana@correo.example"


def test_send_activation_codes_to_who_entered_with_a_code_that_is_void(checked, table) -> None:
    apply_fixes(checked, ["2:curp"])
    former = "anna@correo.example"
    known = EnrollmentFactory(
        plantel=checked.plantel,
        cycle=checked.cycle,
        matricula=ANA[0],
        student__curp=ANA[5],
        roster_email=former,
        first_signed_in_at=NOW,
    )
    StudentDataFactory(enrollment=known, email=former, email_confirmed_at=None, confirmed_at=None)
    NoticeFactory(
        message="M-01", about=f"enrollment:{known.pk}", plantel=checked.plantel, created_at=NOW
    )
    keep_check(checked, table, today=TODAY)
    confirm_import(checked)
    later = NOW + timedelta(hours=1)
    import_roster(checked, table, now=later)
    checked.refresh_from_db()

    assert send_activation_codes(checked, now=later) == 1

    mail = Notice.objects.latest("pk")
    code = mint_mail_code(mail, now=later)["code"]
    assert mail.to_email == "ana@correo.example"
    assert sign_in_with_code(ANA[0], code, visitor=VISITOR, now=later) == known.student.user


@pytest.mark.parametrize("students", [1, 3])
def test_send_activation_codes_costs_the_same_queries(
    checked, students, django_assert_num_queries
) -> None:
    stays = EnrollmentFactory.create_batch(students, plantel=checked.plantel)
    checked.report = {"created": [stay.pk for stay in stays]}

    with django_assert_num_queries(7):  # with the savepoints of both actions
        told = send_activation_codes(checked, now=NOW)

    assert (told, Notice.objects.count()) == (students, students)


def test_send_activation_codes_not_to_who_entered(checked, table) -> None:
    apply_fixes(checked, ["2:curp"])
    keep_check(checked, table, today=TODAY)
    confirm_import(checked)
    import_roster(checked, table, now=NOW)
    Enrollment.objects.update(first_signed_in_at=NOW)
    checked.refresh_from_db()

    assert send_activation_codes(checked, now=NOW) == 0
