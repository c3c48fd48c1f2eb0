"""One sweep of the reminders over a whole school system: a million stays, a hundred thousand due.

Limit: one hand-written INSERT … SELECT that writes the same lines of the ledger and of the outbox, and decides
nothing. Peer: `get_or_create` of 5,000 of them, student by student, scaled to all. Then the tick that finds
nothing. `--enrolments`, `--due`, `--planteles` and `--rounds` change the size.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from bench.harness import Goal, report

ZONE = ZoneInfo("America/Mexico_City")
NOW = datetime(2026, 8, 25, 8, 0, tzinfo=ZONE)
DUE_ON = date(2026, 8, 26)
PEER_ROWS = 5_000
TICKS = 50

LIMIT = """
WITH ledger AS (
    INSERT INTO followup_reminder (enrollment_id, kind, step, round_on, outcome, channel, message, day, created_at)
    SELECT id, 'ACUSE', 'BEFORE', acuse_due_on, 'TOLD', 'MAIL', 'M-03', '{today}', '{now}'
    FROM students_enrollment JOIN students_nextlook look ON look.enrollment_id = id AND look.at <= '{now}'
    ON CONFLICT DO NOTHING
    RETURNING id, enrollment_id, round_on
)
INSERT INTO notices_notice (public_id, key, message, about, plantel_id, to_email, to_name, context, state, created_at,
    not_before, expires_at, message_id, subject, body, error, attempts, corrected_email)
SELECT translate(encode(uuid_send(gen_random_uuid()), 'base64'), '+/=', '-_'), 'reminder:' || ledger.id, 'M-03',
    'enrollment:' || stay.id, stay.plantel_id, coalesce(nullif(data.email, ''), stay.roster_email),
    student.given_names || ' ' || student.first_surname || ' ' || student.second_surname,
    jsonb_build_object('due_on', ledger.round_on, 'weekday', ''), 'QUEUED', '{now}', '{now}', '{evening}', '', '', '',
    '', 0, ''
FROM ledger
JOIN students_enrollment stay ON stay.id = ledger.enrollment_id
JOIN students_student student ON student.id = stay.student_id
LEFT JOIN students_studentdata data ON data.enrollment_id = stay.id
ON CONFLICT DO NOTHING
"""


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def multiply(one: Model, numbers: str, columns: dict[str, str], where: str = "true") -> None:
    """Write a copy of the row for each number n of the series; `columns` says in SQL what differs."""
    from django.db import connection

    table = one._meta.db_table
    names = [field.column for field in one._meta.concrete_fields]
    values = ", ".join(columns.get(name, f'one."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({quoted}) SELECT {values} FROM "{table}" one, '  # noqa: S608 -- no input
            f'generate_series({numbers}) n WHERE one."{one._meta.pk.column}" = {one.pk} AND {where}'
        )


def first_student() -> tuple[Any, Any]:
    """Write one student by hand; return the stay and the moment at which it is looked at."""
    from school.models import Plantel, SchoolCycle, User
    from students.models import Enrollment, NextLook, Student

    cycle = SchoolCycle.objects.create(
        name="2026-B", starts_on=date(2026, 8, 17), ends_on=date(2027, 1, 29)
    )
    user = User.objects.create(pk=1, username="e-1", password="!")
    names = {"given_names": "Ana Sofía", "first_surname": "Gómez", "second_surname": "Martínez"}
    student = Student.objects.create(pk=1, user=user, search_name="ana sofia gomez", **names)
    stay = Enrollment.objects.create(
        pk=1,
        public_id="1",
        student=student,
        plantel=Plantel.objects.get(pk=1),
        cycle=cycle,
        matricula="1",
        enrolled_on=date(2026, 8, 21),
        acuse_due_on=DUE_ON,
        roster_email="a@correo.example",
        created_at=NOW,
    )
    return stay, NextLook.objects.create(enrollment=stay, at=NOW)


def fill(size: int, due: int, planteles: int) -> None:
    """Write the school system: one student by hand, all others as copies made by the database."""
    from django.db import connection

    from nss.models import NSSRequest
    from school.models import Plantel
    from students.models import StudentData

    for n in range(planteles):
        Plantel.objects.create(pk=n + 1, clave=f"26ECB{n:04d}X", number=f"{n:03d}", name=f"{n}")
    stay, look = first_student()
    data = StudentData.objects.create(
        enrollment=stay, email="b@correo.example", confirmed_at=NOW, updated_at=NOW
    )
    at = f"CASE WHEN n <= {due} THEN one.at ELSE one.at + interval '1 day' END"
    multiply(stay.student.user, f"2, {size}", {"id": "n", "username": "'e-' || n"})
    multiply(stay.student, f"2, {size}", {"id": "n", "user_id": "n"})
    own = {"id": "n", "public_id": "n::text", "student_id": "n", "matricula": "n::text"}
    own |= {"plantel_id": f"n % {planteles} + 1"}
    multiply(stay, f"2, {size}", own)
    multiply(look, f"2, {size}", {"enrollment_id": "n", "at": at}, f"(n <= {due} OR n % 2 = 0)")
    multiply(data, f"2, {size}", {"id": "n", "enrollment_id": "n"}, "n % 3 > 0")
    proven = NSSRequest.objects.create(
        pk=size, enrollment_id=size, state="PROVEN", route="ACUSE", proven_at=NOW, created_at=NOW
    )
    rest = f"{due} + 1, {size} - 1"
    multiply(proven, rest, {"id": "n", "enrollment_id": "n"}, "n % 2 = 1")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def sweep() -> int:
    """Remind every plantel, as one tick of the clock does; return how many mails were queued."""
    from followup.actions.reminders import remind_students

    return remind_students(now=NOW).queued


def write_limit() -> int:
    """Write the same rows by the one statement; return how many."""
    from django.db import connection

    evening = NOW.replace(hour=20).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(LIMIT.format(now=NOW.isoformat(), today=NOW.date(), evening=evening))
        return cursor.rowcount


def write_one_by_one(rows: int) -> None:
    """Write lines and mails as a loop over students would."""
    from django.db import transaction

    from followup.models import Reminder
    from notices.actions import queue
    from nss.actions.steps import about, recipient_of
    from students.models import Enrollment

    stays = Enrollment.objects.filter(next_look__at__lte=NOW).select_related(
        "plantel", "student", "data"
    )
    for stay in stays.order_by("pk")[:rows]:
        with transaction.atomic():
            line, is_new = Reminder.objects.get_or_create(
                enrollment=stay,
                kind="ACUSE",
                step="BEFORE",
                round_on=stay.acuse_due_on,
                defaults={
                    "outcome": "TOLD",
                    "channel": "MAIL",
                    "message": "M-03",
                    "day": NOW.date(),
                    "created_at": NOW,
                },
            )
            if is_new:
                queue(
                    line.notice_key,
                    "M-03",
                    to=recipient_of(stay),
                    plantel=stay.plantel,
                    about=about(stay),
                    context={"due_on": stay.acuse_due_on.isoformat(), "weekday": ""},
                    now=NOW,
                )


def start_again() -> None:
    """Empty ledger and outbox, and make the same stays due."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE followup_reminder, notices_notice")
        cursor.execute(
            "INSERT INTO students_nextlook (enrollment_id, at) SELECT n, %s FROM generate_series(1, %s) n"
            " ON CONFLICT (enrollment_id) DO UPDATE SET at = excluded.at",
            [NOW, SIZES["due"]],
        )
        cursor.execute("VACUUM ANALYZE students_nextlook")


SIZES: dict[str, int] = {}


def measure(due: int, rounds: int) -> dict[str, float]:
    """Time the sweep and its limit in turns, then the idle tick, then the peer; best of the rounds."""
    from followup.models import Reminder
    from followup.queries.reminders import planteles_to_sweep
    from notices.models import Notice

    limits, sweeps = [], []
    for turn in range(rounds):
        limits.append(seconds(write_limit))
        written = Reminder.objects.count(), Notice.objects.count()
        start_again()
        sweeps.append(seconds(sweep))
        if (Reminder.objects.count(), Notice.objects.count()) != written or written[0] != due:
            raise SystemExit(f"the sweep wrote other rows than {written}")
        print(f"  round {turn + 1}: {limits[-1]:.2f} s limit, {sweeps[-1]:.2f} s", file=sys.stderr)
        if turn + 1 < rounds:
            start_again()
    ticks = [seconds(lambda: list(planteles_to_sweep())) for _ in range(TICKS)]
    start_again()
    rows = min(PEER_ROWS, due)
    peer = seconds(lambda: write_one_by_one(rows)) * due / rows
    return {
        "sweep_s": round(min(sweeps), 2),
        "limit_s": round(min(limits), 2),
        "peer_s": round(peer, 1),
        "idle_tick_ms": round(statistics.median(ticks) * 1000, 2),
    }


def main() -> None:
    """Fill, measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enrolments", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--planteles", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    from django.core.management import call_command

    SIZES["due"] = options.due
    call_command("migrate", verbosity=0)
    took = seconds(lambda: fill(options.enrolments, options.due, options.planteles))
    print(f"  filled in {took:.0f} s", file=sys.stderr)
    figures = measure(options.due, options.rounds)
    report(
        "reminders",
        figures={"enrolments": options.enrolments, "due": options.due, **figures},
        ratios={
            "sweep_to_limit": round(figures["sweep_s"] / figures["limit_s"], 2),
            "peer_to_sweep": round(figures["peer_s"] / figures["sweep_s"], 1),
        },
        goals=[
            Goal("sweep_to_limit", at_most=2),
            Goal("peer_to_sweep", at_least=50),
            Goal("idle_tick_ms", at_most=20),
        ],
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    django.setup()
    main()
