"""The lists that brought the students in, the slips printed from them, and a new list to try the wizard with."""

import csv
import hashlib
import io
import random
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter

from followup.demo.drawing import keep_bytes
from followup.demo.lives import World
from followup.demo.people import Person
from followup.demo.rows import Folio, random_id, random_path
from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from students.actions.access_codes import sheets_of
from students.models import Enrollment, RosterImport, StoredFile
from students.roster_file import guess_columns
from students.states import FileKind, FileState, ImportState

HEADERS = (
    *("Matrícula", "Nombre(s)", "Primer apellido", "Segundo apellido", "CURP", "Grupo"),
    *("Turno", "Semestre", "Correo", "Celular", "Fecha de inscripción"),
)
FIELDS = (
    *("matricula", "given_names", "first_surname", "second_surname", "curp", "group"),
    *("shift", "semester", "email", "phone", "enrolled_on"),
)
NEW_STUDENTS = 40
KEPT = timedelta(hours=1)

Row = list[str]


def add_rosters(world: World, root: Path) -> None:
    """Add the import, with its file, and the slips of every list that the lives came from."""
    for (place, is_current, day), stays in world.rosters.items():
        chance = random.Random(f"{world.seed}-roster-{place}-{is_current}-{day}")  # noqa: S311 -- repeatable
        stays.sort(key=lambda stay: stay.matricula)
        roster = _import(world, place, stays, chance, root)
        _add_folio(world, roster, stays)
        world.rows.jobs.append(_slips(roster, stays, chance))


def table_bytes(rows: Sequence[Row]) -> bytes:
    """Return rows with the headers as the CSV that a school system exports."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(HEADERS), *rows])
    return text.getvalue().encode("utf-8-sig")


def workbook_bytes(rows: Sequence[Row], *, created_on: date) -> bytes:
    """Return rows with the headers as XLSX, every cell as text; the same rows and day give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.combine(created_on, time.min)})
        sheet = book.add_worksheet("Estudiantes")
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": 49})
        sheet.set_column(0, len(HEADERS) - 1, 20, text)
        for line, row in enumerate([list(HEADERS), *rows]):
            for column, value in enumerate(row):
                sheet.write_string(line, column, value, text if line else bold)
    return buffer.getvalue()


def new_roster(people: Sequence[Person], *, known: Sequence[Row], today: date) -> list[Row]:
    """Return a list of students that are not in the portal yet, with errors for each kind of message.

    `known` are two rows of students who are there already: one as it stands, one who changes group.
    """
    year = today.year % 100
    rows = [
        _row(f"{year:02d}019{at:03d}", person, "151" if at < 20 else "152", at, today)
        for at, person in enumerate(people)
    ]
    curp, mail, group = HEADERS.index("CURP"), HEADERS.index("Correo"), HEADERS.index("Grupo")
    rows[3][curp] = rows[3][curp][:17]
    rows[8][curp] = rows[8][curp][:-1] + str((int(rows[8][curp][-1]) + 1) % 10)
    rows[13][mail] = rows[13][mail].replace("@", "")
    rows[18][group] = ""
    rows[21][0] = rows[20][0]
    rows[25][HEADERS.index("Celular")] = "66212345"
    rows[29][HEADERS.index("Primer apellido")] = ""
    rows[33][curp] = ""
    same, moved = [list(row) for row in known]
    moved[group] = "199"
    return [*rows, same, moved]


def row_of(stay: Enrollment) -> Row:
    """Return a stay as the plantel's list has it."""
    student = stay.student
    return [
        *(stay.matricula, student.given_names, student.first_surname, student.second_surname),
        *(student.curp or "", stay.group, stay.shift, stay.semester, stay.roster_email),
        *(stay.roster_phone, f"{stay.enrolled_on:%d/%m/%Y}"),
    ]


def _row(matricula: str, person: Person, group: str, number: int, today: date) -> Row:
    shift = "vespertino" if number % 2 else "matutino"
    return [
        *(matricula, person.given_names, person.first_surname, person.second_surname),
        *(person.curp, group, shift, "1", person.email, person.phone, f"{today:%d/%m/%Y}"),
    ]


def _import(
    world: World, place: int, stays: list[Enrollment], chance: random.Random, root: Path
) -> RosterImport:
    school, at = world.system.schools[place], stays[0].created_at
    rows = [row_of(stay) for stay in stays]
    is_workbook = chance.random() < 0.5
    day = at.date()
    content = workbook_bytes(rows, created_on=day) if is_workbook else table_bytes(rows)
    path = random_path(chance)
    keep_bytes(path, content, root)
    file = StoredFile(
        public_id=random_id(chance),
        plantel=school.plantel,
        uploaded_by=school.responsable,
        uploaded_at=at - timedelta(minutes=6),
        kind=FileKind.XLSX if is_workbook else FileKind.CSV,
        state=FileState.QUARANTINED,
        original_name=f"padron-{at:%Y-%m-%d}.{'xlsx' if is_workbook else 'csv'}",
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    columns = guess_columns(list(HEADERS), [list(row) for row in rows])
    roster = RosterImport(
        public_id=random_id(chance),
        plantel=school.plantel,
        cycle=stays[0].cycle,
        file=file,
        state=ImportState.IMPORTED,
        columns=[asdict(column) for column in columns],
        matching={"columns": {key: at for at, key in enumerate(FIELDS)}, "fixes": {}},
        report=_report(stays, "Estudiantes" if is_workbook else ""),
        created_at=file.uploaded_at,
        created_by=school.responsable,
        imported_at=at,
    )
    world.rows.files.append(file)
    world.rows.imports.append(roster)
    return roster


def _report(stays: list[Enrollment], sheet: str) -> dict[str, object]:
    return {
        "sheet": sheet,
        "rows": len(stays),
        "notes": [],
        "counts": {"new": len(stays), "changed": 0, "same": 0, "bad": 0},
        "findings": [],
        "created": list(stays),
    }


def _add_folio(world: World, roster: RosterImport, stays: list[Enrollment]) -> None:
    """Have the list's folio stand in the list, and in the first line of each student's history."""
    folio = Folio("P", roster.plantel, roster.imported_at or roster.created_at, [(roster, "folio")])
    world.rows.folios.append(folio)
    for stay in stays:
        folio.places.append((world.enrolments[stay.public_id], "folio"))


def _slips(roster: RosterImport, stays: list[Enrollment], chance: random.Random) -> PrintJob:
    """The job that printed the slips: downloaded, and so its sheets are gone."""
    at = (roster.imported_at or roster.created_at) + timedelta(minutes=25)
    sheets = sheets_of([stay.group for stay in stays])
    groups = sorted({stay.group for stay in stays})
    names = ", ".join(groups) if len(groups) < 10 else f"{len(groups)} grupos"
    return PrintJob(
        public_id=random_id(chance),
        plantel=roster.plantel,
        kind=PaperKind.SLIPS,
        title=f"Códigos de activación: {names}",
        parameters={"enrollments": list(stays)},
        state=PrintState.READY,
        created_by=roster.created_by,
        created_at=at - timedelta(minutes=1),
        sheets_total=sheets,
        sheets_done=sheets,
        ready_at=at,
        expires_at=at + KEPT,
        downloaded_at=at + timedelta(minutes=2),
        attempts=1,
    )
