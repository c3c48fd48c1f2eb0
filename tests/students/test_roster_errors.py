"""The twelve faults of E16, each with a message of its own; and the wrong rows handed out to be corrected."""

import io
import time
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from school.states import Role
from students.actions.roster import (
    keep_check,
    keep_columns,
    match_columns,
    upload_roster,
)
from students.models import RosterImport
from students.roster_file import (
    Table,
    check_rows,
    errors_xlsx,
    guess_columns,
    remember,
)
from students.roster_file.table import read_table
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, curp
from tests.students.roster_files import csv_bytes

NOW = datetime(2026, 8, 21, 18, 0, tzinfo=UTC)
TODAY = date(2026, 8, 21)
HEADERS = [
    *("Matrícula", "Nombre(s)", "Primer apellido", "Segundo apellido", "Grupo", "CURP"),
    *("Correo", "Celular", "Turno", "NSS", "Fecha de inscripción", "Fecha de nacimiento"),
]
KEYS = (
    *("matricula", "given_names", "first_surname", "second_surname", "group", "curp"),
    *("email", "phone", "shift", "nss", "enrolled_on", "birth_date"),
)


def row(n: int, **told: str) -> list[str]:
    data = dict.fromkeys(KEYS, "") | {
        "matricula": f"2605{n:04d}",
        "given_names": "Ana",
        "first_surname": "Gómez",
        "second_surname": "Martínez",
        "group": "101",
        "curp": curp(n),
    }
    return list((data | told).values())


FAULTS = [
    row(1, curp="GOMAO80214MSRMRNA5"),
    row(2, curp=curp(900)),
    row(3, curp=curp(900)),
    row(4, matricula="26050005"),
    row(5),
    row(6, matricula="2.6E+07"),
    row(7, nss="24260812343"),
    row(8, email="ana.correo.example"),
    row(9, phone="662123456"),
    row(10, enrolled_on="31/12/2026"),
    row(11, birth_date="15/02/2008"),
    row(12, first_surname=""),
    row(13, shift="de noche"),
    row(14, curp=curp(901)),
]
TOLD = [
    (
        2,
        "curp",
        "En el lugar 5 va un número y dice «O». Suele pasar al confundir la letra O con el cero",
    ),
    (3, "curp", "CURP: la misma está en la fila 4"),
    (4, "curp", "CURP: la misma está en la fila 3"),
    (5, "matricula", "Matrícula: la misma está en la fila 6"),
    (6, "matricula", "Matrícula: la misma está en la fila 5"),
    (7, "matricula", "Excel lo cambió a notación científica y se perdieron números"),
    (8, "nss", "El último número no corresponde con los demás"),
    (9, "email", "El correo no está completo o tiene un signo de más"),
    (10, "phone", "El celular debe tener 10 dígitos; tiene 9"),
    (11, "enrolled_on", "La fecha de inscripción todavía no llega"),
    (12, "birth_date", "La CURP dice que nació el 14/02/2008"),
    (13, "first_surname", "Falta: Primer apellido"),
    (14, "shift", "No reconocemos ese turno"),
    (15, "curp", "Esta CURP ya está inscrita en otro plantel"),
]


@pytest.fixture
def plantel():
    return PlantelFactory(number="P5")


@pytest.fixture
def table() -> Table:
    data = csv_bytes([HEADERS, *FAULTS, row(20)], sign=";", encoding="cp1252")
    return read_table(data, max_rows=5_000)


def upload(plantel, table: Table, data: bytes = b"a") -> RosterImport:
    by = staff(Role.RESPONSABLE, plantel)
    roster = upload_roster(plantel, SimpleUploadedFile("l.csv", data), by=by, now=NOW)
    keep_columns(roster, table)
    roster.refresh_from_db()
    return roster


@pytest.fixture
def checked(plantel, table) -> RosterImport:
    SchoolCycleFactory()
    EnrollmentFactory(student__curp=curp(901))
    roster = upload(plantel, table)
    match_columns(roster, {key: at for at, key in enumerate(KEYS)})
    keep_check(roster, table, today=TODAY)
    roster.refresh_from_db()
    return roster


@pytest.mark.django_db
def test_each_seeded_fault_has_its_own_message(checked) -> None:
    findings = [item for item in checked.report["findings"] if item["blocks"]]

    assert [(item["line"], item["field"], item["problem"]) for item in findings] == TOLD
    assert all(item["remedy"] for item in findings)
    assert checked.report["counts"] == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "bad": 14,
        "missing": 0,
        "marked": 0,
    }


@pytest.mark.django_db
def test_five_thousand_rows_are_previewed_in_ten_seconds(plantel) -> None:
    SchoolCycleFactory()
    table = read_table(
        csv_bytes([HEADERS, *[row(n) for n in range(5_000)]], sign=";", encoding="cp1252"),
        max_rows=5_000,
    )
    roster = upload(plantel, table)
    match_columns(roster, {key: at for at, key in enumerate(KEYS)})
    started = time.process_time()

    keep_check(roster, table, today=TODAY)

    assert time.process_time() - started < 10
    assert RosterImport.objects.get().report["counts"]["new"] == 5_000


# The wrong rows ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_wrong_rows_are_kept_as_they_stood(checked, table) -> None:
    assert checked.report["bad_rows"] == [
        [line, cells] for line, cells in zip(table.lines, table.rows, strict=True) if line < 16
    ]


def finding(line: int, field: str) -> dict[str, str]:
    return {"line": line, "field": field, "problem": "Está mal", "remedy": "Corregirlo"}


@pytest.mark.django_db
def test_errors_xlsx_can_be_corrected_and_uploaded_as_it_is(checked) -> None:
    report, matching = checked.report, checked.matching["columns"]
    data = errors_xlsx(HEADERS, report["bad_rows"], report["findings"], matching)

    table = read_table(data, max_rows=5_000)

    assert table.headers == HEADERS
    assert table.rows == [[*cells] for _, cells in report["bad_rows"]]
    columns = guess_columns(table.headers, table.rows)
    assert {column.field: column.index for column in columns} == matching
    again = check_rows(table.lines, table.rows, matching, today=TODAY)
    assert [(item.field, item.problem[:8]) for item in again.findings if item.blocks] == [
        (field, problem[:8]) for _, field, problem in TOLD[:-1]
    ]


def comments_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/comments1.xml").decode()


def test_errors_xlsx_says_beside_each_cell_what_is_wrong() -> None:
    data = errors_xlsx(
        ["A", "B"],
        [(7, ["x", "y"])],
        [finding(7, "curp"), finding(7, "nss")],
        {"matricula": 0, "curp": 1},
    )

    comments = comments_of(data)
    assert comments.count("<comment ref=") == 2
    assert 'ref="B2"' in comments
    assert "Fila 7 de la lista\nQué pasa: Está mal.\nCómo se arregla: Corregirlo." in comments


def test_errors_xlsx_two_findings_in_one_cell() -> None:
    data = errors_xlsx(["A"], [(7, ["x"])], [finding(7, "curp"), finding(7, "curp")], {"curp": 0})

    assert comments_of(data).count("Qué pasa: Está mal.") == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_errors_xlsx_holds_no_formula(text) -> None:
    data = errors_xlsx(["CURP", text], [(2, [text, text])], [finding(2, "curp")], {"curp": 0})

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
    assert b'quotePrefix="1"' in styles


def test_errors_xlsx_types_and_empty_headers() -> None:
    data = errors_xlsx(
        ["", "Otra", ""],
        [(2, [["n", "26050148"], ["d", "2026-08-24"], ["m", "x"]]), (3, [["f", "7"], "", ""])],
        [finding(2, "matricula"), finding(3, "matricula")],
        {"matricula": 0},
    )

    table = read_table(data, max_rows=5_000)

    assert table.headers == ["Matrícula", "Otra", ""]
    assert table.rows == [["26050148", "24/08/2026", ""], ["7", "", ""]]


# What a plantel said of its columns --------------------------------------------------------------
def test_remember_what_was_said() -> None:
    headers = {0: "No. de Boleta", 1: "CURP", 2: "Dato", 3: "dato", 4: ""}

    assert remember(headers, {"matricula": 0, "group": 2}) == {
        "no de boleta": "matricula",
        "curp": "",
    }


def test_guess_columns_goes_by_what_was_said() -> None:
    columns = guess_columns(
        ["No. de Boleta", "CURP", "Grupo"], [], remembered={"no de boleta": "matricula", "curp": ""}
    )

    assert [column.field for column in columns] == ["matricula", "", "group"]


@pytest.mark.django_db
def test_keep_columns_remembers_the_plantel(plantel) -> None:
    SchoolCycleFactory()
    headers = ["Boleta", "Nombre(s)", "Primer apellido", "Grupo"]
    table = read_table(csv_bytes([headers, ["1", "Ana", "Gómez", "101"]]), max_rows=5_000)
    first = upload(plantel, table)
    said = {"matricula": 0, "given_names": 1, "first_surname": 2, "group": 3}
    assert [column["field"] for column in first.columns] == ["", *list(said)[1:]]
    match_columns(first, said)

    second, elsewhere = upload(plantel, table), upload(PlantelFactory(), table)

    assert [column["field"] for column in second.columns] == list(said)
    assert [column["field"] for column in elsewhere.columns] == ["", *list(said)[1:]]
