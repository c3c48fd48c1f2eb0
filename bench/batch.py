"""How fast batches for IMSS are made: 20,000 altas in eight planteles, from the revisión previa to their frozen files.

Ours is what two requests do for each plantel: the revisión previa that a person looks at, and `make_batch`, which holds
the students, checks again, writes movements and lines of history, and freezes the relation as XLSX and CSV and the
movement file. The limit is, on the same students: one SELECT of the columns that are needed, f-strings of 168
positions, and XlsxWriter on rows that are ready; nothing is checked, kept or written down. Each runs in a process of
its own, loaded before the clock; what is told are medians of `--rounds`. Memory is the peak of the process of ours.
"""

import argparse
import io
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

from bench.harness import Goal, report
from bench.printers import MEGA, peak

NOW = datetime(2026, 8, 24, 18, tzinfo=UTC)
TODAY = date(2026, 8, 24)
GOAL = 3
PIECE = 2_000
PROVEN = {"state": "PROVEN", "route": "ACUSE", "proven_at": NOW}
COLUMNS = """
SELECT student.nss, student.first_surname, student.second_surname, student.given_names, student.curp, stay.matricula,
       stay."group", data.postal_code, data.street
FROM students_enrollment stay
JOIN students_student student ON student.id = stay.student_id
JOIN students_studentdata data ON data.enrollment_id = stay.id
JOIN nss_nssrequest request ON request.enrollment_id = stay.id
WHERE stay.plantel_id = %s AND stay.state = 'ACTIVE' AND request.state = 'PROVEN'
ORDER BY student.search_name
"""
UNMAKE = (
    "TRUNCATE affiliation_batch CASCADE",
    "DELETE FROM students_timelineentry WHERE event = 'BATCH_MADE'",
    "UPDATE students_enrollment SET sent_to_imss_at = NULL",
    "DELETE FROM students_nextlook",
    "VACUUM ANALYZE",
)


def ready() -> None:
    """Load what a web process has loaded, in a process of its own."""
    import django

    django.setup()
    import xlsxwriter  # noqa: F401 -- loaded before the clock runs
    from django.db import connection

    import affiliation.actions.batches  # noqa: F401 -- loaded before the clock runs

    connection.ensure_connection()


def fill(count: int, planteles: int) -> None:
    """Write so many students whose NSS is proven, the same number in each plantel."""
    from django.db import connection

    from bench.roster_import import people
    from school.models import User
    from tests.factories.affiliation import ProfileFactory
    from tests.factories.school import PlantelFactory

    registro = ProfileFactory().registro_patronal
    schools = [PlantelFactory(registro_patronal=registro) for _ in range(planteles)]
    users = [User(username=f"e-{at}", password="!") for at in range(count)]
    User.objects.bulk_create(users, batch_size=PIECE)
    enrol(people(count), users, schools)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def enrol(rows: list[list[str]], users: list[Any], schools: list[Any]) -> None:
    """Write the students of these rows, their stays, their data, and that their NSS is proven."""
    from common.search import normalise
    from students.identity import nss_check_digit
    from students.models import Enrollment, Student
    from tests.factories.nss import NSSRequestFactory
    from tests.factories.school import SchoolCycleFactory
    from tests.factories.students import EnrollmentFactory, StudentDataFactory, StudentFactory

    students, stays, cycle = [], [], SchoolCycleFactory()
    for at, row in enumerate(rows):
        front = f"2426{at:06d}"
        matricula, given, first, second, group, curp = row[:6]
        student = StudentFactory.build(
            user=users[at],
            curp=curp,
            nss=front + nss_check_digit(front),
            given_names=given,
            first_surname=first,
            second_surname=second,
            search_name=normalise(f"{given} {first} {second}"),
        )
        school = schools[at % len(schools)]
        of = {"student": student, "plantel": school, "cycle": cycle}
        students.append(student)
        stays.append(EnrollmentFactory.build(**of, matricula=matricula, group=group))
    Student.objects.bulk_create(students, batch_size=PIECE)
    Enrollment.objects.bulk_create(stays, batch_size=PIECE)
    for factory, proven in ((StudentDataFactory, {}), (NSSRequestFactory, PROVEN)):
        built = [factory.build(enrollment=stay, **proven) for stay in stays]
        factory._meta.model.objects.bulk_create(built, batch_size=PIECE)


def make_all(_: int) -> tuple[dict[str, float], int]:
    """Look at the revisión previa of every plantel and make its batch; seconds of both, and the peak of memory."""
    from affiliation.actions.batches import make_batch
    from affiliation.queries.check import check_batch
    from affiliation.states import MovementKind
    from school.models import Plantel, User

    by = User.objects.latest("pk")
    looking = making = 0.0
    for plantel in Plantel.objects.order_by("pk"):
        started = time.perf_counter()
        found = check_batch(plantel, MovementKind.ALTA, effective_on=TODAY, today=TODAY)
        seen, _ = found.seen, found.changed
        looked = time.perf_counter()
        batch = make_batch(
            plantel,
            MovementKind.ALTA,
            effective_on=TODAY,
            seen=seen,
            are_changes_confirmed=True,
            by=by,
            now=NOW,
        )
        making += time.perf_counter() - looked
        looking += looked - started
        del found, batch
    return {"look": looking, "make": making}, peak() // MEGA


def limit_all(_: int) -> tuple[dict[str, float], int]:
    """Do the bare minimum for every plantel; seconds of each part, and the peak of memory."""
    from django.db import connection

    from school.models import Plantel

    spent = {"query": 0.0, "lines": 0.0, "xlsx": 0.0}
    for plantel in Plantel.objects.order_by("pk"):
        with connection.cursor() as cursor:
            rows = timed(spent, "query", select, cursor, plantel.pk)
        timed(spent, "lines", movement_lines, rows)
        cells = [(f"L-{plantel.number}-2026-001-{at:04d}", *row) for at, row in enumerate(rows, 1)]
        timed(spent, "xlsx", workbook, cells)
    return spent, peak() // MEGA


def timed(spent: dict[str, float], part: str, work: Callable[..., Any], *given: Any) -> Any:
    """Add the seconds of the work to a part, and return what comes of it."""
    started = time.perf_counter()
    result = work(*given)
    spent[part] += time.perf_counter() - started
    return result


def select(cursor: Any, plantel: int) -> list[tuple[str, ...]]:
    """Return the columns that are needed of every student of the plantel."""
    cursor.execute(COLUMNS, [plantel])
    rows: list[tuple[str, ...]] = cursor.fetchall()
    return rows


def movement_lines(rows: list[tuple[str, ...]]) -> bytes:
    """Return a line of 168 positions for each student."""
    lines = [
        f"Y5412345324{nss}{first:<27}{second:<27}{given:<27}000000      10024082026000  0812345{matricula:<10} {curp}9"
        for nss, first, second, given, curp, matricula, *_ in rows
    ]
    return "\r\n".join(lines).encode()


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    """Return an XLSX of these cells and two that say the same in every row."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, value in enumerate((*row, "08 alta", "24/08/2026")):
                sheet.write_string(line, column, value)
    return buffer.getvalue()


def alone(
    work: Callable[[int], tuple[dict[str, float], int]], name: str
) -> tuple[dict[str, float], int]:
    """Do the work in a process of its own, and say how it went."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=ready) as pool:
        pool.submit(peak).result()
        spent, memory = pool.submit(work, 0).result()
    parts = ", ".join(f"{part} {seconds:.2f} s" for part, seconds in spent.items())
    print(
        f"  {name}: {sum(spent.values()):.2f} s ({parts}), {memory} MB", file=sys.stderr, flush=True
    )
    return spent, memory


def unmake() -> None:
    """Leave the students as they were before the batches."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in UNMAKE:
            cursor.execute(statement)


def asked() -> argparse.Namespace:
    """Return how much is to be measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=20_000)
    parser.add_argument("--planteles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Return the median seconds of each part, and of all of them together."""
    parts = {part: median(spent[part] for spent in rounds) for part in rounds[0]}
    return {**parts, "all": median(sum(spent.values()) for spent in rounds)}


def main() -> None:
    """Measure and report."""
    from django.core.management import call_command
    from django.db import connection

    options = asked()
    if connection.vendor != "postgresql":
        raise SystemExit("the promise is about PostgreSQL: set DATABASE_URL")
    call_command("migrate", verbosity=0)
    fill(options.students, options.planteles)
    ours, limits, peaks, bare = [], [], [], 0
    for _ in range(options.rounds):
        unmake()
        spent, bare = alone(limit_all, "limit")
        limits.append(spent)
        spent, memory = alone(make_all, "ours")
        ours.append(spent)
        peaks.append(memory)
        check_all(options.students)
    mine, limit = medians(ours), medians(limits)
    report(
        "batch",
        figures={
            "students": options.students,
            **{f"ours_{part}_s": round(seconds, 2) for part, seconds in mine.items()},
            **{f"limit_{part}_s": round(seconds, 2) for part, seconds in limit.items()},
            "ours_peak_mb": max(peaks),
            "limit_peak_mb": bare,
        },
        ratios={"to_limit": round(mine["all"] / limit["all"], 2)},
        goals=[Goal("to_limit", at_most=GOAL)],
    )


def check_all(count: int) -> None:
    """Stop when not every student is in a batch with its three files."""
    from affiliation.models import Batch, BatchFile, Movement

    made = Movement.objects.count(), BatchFile.objects.count() / max(1, Batch.objects.count())
    if made != (count, 3):
        raise SystemExit(f"movements, and files of a batch: {made}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    import django

    django.setup()
    main()
