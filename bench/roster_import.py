"""How fast a roster comes in: 50,000 rows of XLSX into PostgreSQL, each way into a database that is empty.

Ours is the whole way of `manage.py import_roster`: read in the limited child process, guess the columns, check
every row, compare with the database, write, commit. The limit is the same reader and row checks followed by a bare
COPY of the finished rows into every table written. The peer is django-import-export on the same file and fields,
with one account, person, stay and line of history for each row, in one transaction, once. It slows down as the
file grows: `--peer-rows` stops it after so many rows, and what it took is scaled. The others are medians of `--rounds`.
"""

import argparse
import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import tablib
import xlsxwriter
from stdnum.mx.curp import calc_check_digit

from bench.harness import Goal, report

NOW = datetime(2026, 8, 24, 18, tzinfo=UTC)
TODAY = date(2026, 8, 24)
ENROLLED = "24/08/2026"
GIVEN = ("Ana Sofía", "José Luis", "María Fernanda", "Diego", "Ximena", "Ángel Gabriel", "Luz")
SURNAMES = ("Pérez", "Núñez", "Gómez", "De la Cruz", "Ibarra", "Zúñiga", "Quiroz", "López", "Wong")
HEADERS = (
    *("Matrícula", "Nombre(s)", "Primer apellido", "Segundo apellido", "Grupo", "CURP"),
    *("Correo electrónico", "Celular", "Turno", "Semestre", "Fecha de inscripción"),
)
STATES = ("SR", "DF", "JC", "VZ", "OC")
LAST_LETTERS = "ABCDEFGHJK"


def people(count: int) -> list[list[str]]:
    """Invent that many students, no CURP twice."""
    from students.identity.names import curp_name_letters

    chance = random.Random(7)  # noqa: S311 -- repeatable
    seen: set[str] = set()
    rows: list[list[str]] = []
    while len(rows) < count:
        names = chance.choice(GIVEN), chance.choice(SURNAMES), chance.choice(SURNAMES)
        initials, consonants = curp_name_letters(*names)
        born = date(2008, 1, 1) + timedelta(days=chance.randrange(1200))
        front = f"{initials}{born:%y%m%d}{chance.choice('HM')}{chance.choice(STATES)}{consonants}"
        front += chance.choice(LAST_LETTERS)
        if front not in seen:
            seen.add(front)
            rows.append(_row(len(rows), names, front + str(calc_check_digit(front))))
    return rows


def _row(at: int, names: tuple[str, str, str], curp: str) -> list[str]:
    group = f"{1 + at % 6}{1 + at // 300 % 60:02d}"
    shift = "matutino" if at % 2 else "vespertino"
    mail, phone = f"a{at}@correo.example", f"662{at:07d}"
    return [f"26{at:07d}", *names, group, curp, mail, phone, shift, str(1 + at % 6), ENROLLED]


def write_file(path: Path, rows: list[list[str]]) -> None:
    """Write the students as a school's XLSX, every cell a text."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Estudiantes")
        for line, row in enumerate([HEADERS, *rows]):
            for column, value in enumerate(row):
                sheet.write_string(line, column, value)


class School:
    """Where the students go: made anew in tables that hold nothing."""

    def __init__(self) -> None:
        from django.db import connection

        from school.models import Plantel
        from students.models import Student
        from tests.factories.school import PlantelFactory, SchoolCycleFactory

        tables = ", ".join(f'"{model._meta.db_table}"' for model in (Plantel, Student))
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE school_schoolcycle, school_user, {tables} CASCADE")
            cursor.execute("CHECKPOINT")
        self.plantel, self.cycle = PlantelFactory(), SchoolCycleFactory()


def read_and_check(path: Path) -> Any:
    """What ours and the limit share: the limited child's reader, the guessed columns, the row checks."""
    from common.uploads import run_child
    from students.management.commands.import_roster import LIMITS
    from students.roster_file import JOB, Table, check_rows, guess_columns

    result = run_child(JOB, path, limits=LIMITS, arguments={"max_rows": 100_000})
    if not result.is_done:
        raise SystemExit(f"the file was not read: {result.end or result.refused}")
    table = Table.from_json(result.value)
    columns = guess_columns(table.headers, table.rows)
    matching = {column.field: column.index for column in columns if column.field}
    checked = check_rows(table.lines, table.rows, matching, today=TODAY)
    if checked.findings:
        raise SystemExit(f"the rows have findings: {checked.findings[0]}")
    return checked.rows


def import_by_ours(path: Path) -> float:
    """Seconds of the whole way."""
    from students.actions.roster import import_file

    school = School()
    started = time.perf_counter()
    import_file(school.plantel, school.cycle, read_and_check(path), now=NOW, today=TODAY)
    return time.perf_counter() - started


def import_by_limit(path: Path, finished: dict[str, str]) -> float:
    """Seconds of reading and checking, then one COPY of finished rows for each table; no comparing, no making."""
    from django.db import connection, transaction

    school = School()
    places = {"{plantel}": str(school.plantel.pk), "{cycle}": str(school.cycle.pk)}
    for name, text in finished.items():
        for place, pk in places.items():
            text = text.replace(place, pk)
        finished = {**finished, name: text}
    started = time.perf_counter()
    read_and_check(path)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, text in finished.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(text))
    return time.perf_counter() - started


def finished_rows() -> dict[str, str]:
    """Every row that ours wrote, as COPY gives it; the plantel and the ciclo of the next run are put in later."""
    from django.db import connection

    from school.models import User
    from students.models import Enrollment, NextLook, Student, TimelineEntry

    texts: dict[str, str] = {}
    with connection.cursor() as cursor:
        for model in (User, Student, Enrollment, NextLook, TimelineEntry):
            order = "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position"
            cursor.execute(order, [model._meta.db_table])
            columns = [name for (name,) in cursor.fetchall()]
            names = [
                {"plantel_id": "'{plantel}'", "cycle_id": "'{cycle}'"}.get(name, f'"{name}"')
                for name in columns
            ]
            buffer = io.StringIO()
            table = model._meta.db_table
            cursor.copy_expert(f'COPY (SELECT {", ".join(names)} FROM "{table}") TO STDOUT', buffer)  # noqa: S608 -- names of our own models
            texts[table] = buffer.getvalue()
    return texts


def student_of(row: Any) -> Any:
    """Return the student of a row, made where there is none, as the peer's manual makes related objects."""
    from common.search import normalise
    from school.models import User
    from students.models import Student

    given, first, second = (row[name] for name in HEADERS[1:4])
    user = User.objects.create(username=f"e-{row[HEADERS[0]]}", password="!")
    student, _ = Student.objects.get_or_create(
        curp=row[HEADERS[5]],
        defaults={
            "user": user,
            "given_names": given,
            "first_surname": first,
            "second_surname": second,
            "search_name": normalise(f"{given} {first} {second}"),
        },
    )
    return student


def peer_resource(school: School) -> Any:
    """django-import-export set up as its manual says for a row that makes several objects."""
    from import_export import fields, resources

    from students.models import Enrollment, TimelineEntry
    from students.states import Event

    class EnrollmentResource(resources.ModelResource):
        matricula = fields.Field("matricula", HEADERS[0])
        group = fields.Field("group", HEADERS[4])
        email = fields.Field("roster_email", HEADERS[6])
        phone = fields.Field("roster_phone", HEADERS[7])
        shift = fields.Field("shift", HEADERS[8])
        semester = fields.Field("semester", HEADERS[9])

        class Meta:
            model = Enrollment
            import_id_fields = ("matricula",)
            fields = ("matricula", "group", "email", "phone", "shift", "semester")
            use_transactions = True
            skip_diff = True  # as its manual advises for speed

        def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            instance.student = student_of(row)
            instance.plantel, instance.cycle = school.plantel, school.cycle
            instance.enrolled_on = datetime.strptime(row[HEADERS[10]], "%d/%m/%Y").date()  # noqa: DTZ007 -- a day
            instance.created_at = NOW

        def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            TimelineEntry.objects.create(
                enrollment=instance, event=Event.ENROLLED, at=NOW, data={"folio": "P26-00-0001"}
            )

    return EnrollmentResource()


def import_by_peer(path: Path, count: int) -> tuple[float, float]:
    """Seconds of its reading of the whole file, and of importing the first `count` rows."""
    school = School()
    started = time.perf_counter()
    whole = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    read = time.perf_counter() - started
    dataset = tablib.Dataset(*(list(row) for row in whole[:count]), headers=whole.headers)
    started = time.perf_counter()
    result = peer_resource(school).import_data(dataset, raise_errors=True)
    seconds = time.perf_counter() - started
    if result.totals["new"] != count:
        raise SystemExit(f"the peer imported {result.totals}")
    return read, seconds


def timed(name: str, rounds: int, once: Callable[[], float]) -> float:
    """Return the median seconds of so many rounds."""
    seconds = []
    for _ in range(rounds):
        seconds.append(once())
        print(f"  {name}: {seconds[-1]:.2f} s", file=sys.stderr, flush=True)
    return median(seconds)


def asked() -> argparse.Namespace:
    """Return how much is to be measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--peer-rows", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    from django.core.management import call_command
    from django.db import connection

    options = asked()
    peer_rows = min(options.peer_rows, options.rows)
    if connection.vendor != "postgresql":
        raise SystemExit("the promise is about PostgreSQL: set DATABASE_URL")
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_file(path, people(options.rows))
        ours = timed("ours", options.rounds, lambda: import_by_ours(path))
        finished = finished_rows()
        limit = timed("limit", options.rounds, lambda: import_by_limit(path, finished))
        read, peer = import_by_peer(path, peer_rows)
    scaled = read + peer * options.rows / peer_rows
    print(
        f"peer: {peer_rows:,} rows in {peer:.2f} s, its reader {read:.2f} s for all of them; "
        f"{options.rows:,} rows scaled to {scaled:.0f} s",
        file=sys.stderr,
    )
    report(
        "roster_import",
        figures={
            "rows": options.rows,
            "ours_s": round(ours, 2),
            "limit_s": round(limit, 2),
            "ours_rows_per_s": round(options.rows / ours),
            "peer_rows": peer_rows,
            "peer_rows_per_s": round(options.rows / scaled, 1),
            "peer_scaled_s": round(scaled, 1),
        },
        ratios={"to_peer": round(scaled / ours, 1), "to_limit": round(ours / limit, 2)},
        goals=[Goal("to_peer", at_least=30), Goal("to_limit", at_most=3)],
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
