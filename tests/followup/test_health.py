"""A-12: what is alive, what is not, and who is told."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from celery.beat import Service
from celery.signals import beat_init
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from followup.actions.heartbeat import note_heartbeat
from followup.models import Heartbeat
from followup.queries.health import MEMORY, disk_now, health, heartbeats, troubles
from followup.queries.sweeps import SWEEPS, waiting_rows
from followup.states import WorkQueue
from followup.tasks import beat_heart
from imss_afiliacion.celery import HEARTBEAT, app
from notices.actions import note_answer, note_silence
from notices.queries import Failed, failed_lately
from notices.states import NoticeState
from nss.queries.reading import Rate, Reader, how_it_reads
from nss.states import ReadingOutcome
from school.models import LoginSession
from school.states import Role
from tests.factories.notices import NoticeFactory
from tests.factories.nss import AcuseFactory, ReadingFactory
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import EnrollmentFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = timedelta(minutes=5, seconds=1)


def all_beat(at=NOW) -> None:
    """Let the workers of every queue be heard."""
    for queue in WorkQueue:
        note_heartbeat(queue, now=at)


# The heartbeat -----------------------------------------------------------------------------------
def test_beat_heart_twice_keeps_one_row_in_one_query_each(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            beat_heart("quick")

    assert list(Heartbeat.objects.values_list("queue", flat=True)) == ["quick"]


def test_note_heartbeat_moves_the_moment_of_its_own_queue():
    all_beat()

    note_heartbeat(WorkQueue.HEAVY, now=NOW + LONG_AGO)

    assert dict(Heartbeat.objects.values_list("queue", "at")) == {
        "quick": NOW,
        "heavy": NOW + LONG_AGO,
    }
    assert (
        str(Heartbeat.objects.get(queue="quick")) == f"correo y recordatorios {NOW:%d/%m/%Y %H:%M}"
    )


def test_every_queue_has_a_heartbeat_of_its_own(settings):
    beats = [
        (entry["args"], entry["options"]["queue"])
        for entry in app.conf.beat_schedule.values()
        if entry["task"] == HEARTBEAT
    ]

    assert sorted(beats) == sorted(((queue,), queue) for queue in settings.CELERY_TASK_QUEUES)
    assert set(WorkQueue.values) == set(settings.CELERY_TASK_QUEUES)


def test_clock_that_starts_has_the_workers_heard_at_once(tmp_path):
    clock = Service(app, schedule_filename=str(tmp_path / "clock"))
    entries = clock.scheduler.schedule.values()
    waiting = {entry.name for entry in entries if not entry.is_due().is_due}

    beat_init.send(sender=clock)

    due = {entry.name for entry in entries if entry.is_due().is_due}
    clock.scheduler.close()
    assert due & waiting == {"heartbeat of quick", "heartbeat of heavy"}


# /salud/ -----------------------------------------------------------------------------------------
def ask(client, method="get"):
    """Ask as a monitor does."""
    return getattr(client, method)(reverse("followup:health"))


def test_monitor_reads_ok_in_one_query_and_opens_no_session(client, django_assert_num_queries):
    all_beat(timezone.now())

    with django_assert_num_queries(1):
        answer = ask(client)

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert not LoginSession.objects.exists()


def test_monitor_may_ask_for_the_head_alone(client):
    all_beat(timezone.now())

    answer = ask(client, "head")

    assert (answer.status_code, answer.content) == (200, b"")


def test_monitor_may_not_post(client):
    assert ask(client, "post").status_code == 405


@pytest.mark.parametrize("silent", WorkQueue)
def test_monitor_reads_red_once_a_queue_was_silent_for_five_minutes(client, silent):
    all_beat(timezone.now())
    note_heartbeat(silent, now=timezone.now() - LONG_AGO)

    answer = ask(client)

    assert (answer.status_code, answer.content) == (503, b"falla")
    assert answer["Cache-Control"] == "no-store"


def test_monitor_reads_red_while_a_queue_was_never_heard(client):
    note_heartbeat(WorkQueue.QUICK, now=timezone.now())

    assert ask(client).status_code == 503


def test_monitor_reads_red_when_the_database_does_not_answer(client):
    def refuse(*statement):
        raise OperationalError("the connection was lost")

    with connection.execute_wrapper(refuse):
        answer = ask(client)

    assert (answer.status_code, answer.content) == (503, b"falla")


# What is down ------------------------------------------------------------------------------------
def names(now=NOW) -> list[str]:
    """Name what is down."""
    return [trouble.what for trouble in troubles(heartbeats(), now=now)]


def test_troubles_is_empty_when_all_is_well():
    all_beat()

    assert names() == []


@pytest.mark.parametrize(
    ("silent", "what"),
    [
        (["quick"], "Los avisos por correo están detenidos"),
        (["heavy"], "La lectura de acuses y las impresiones están detenidas"),
        (["quick", "heavy"], "El trabajo de fondo está detenido"),
    ],
)
def test_troubles_says_which_work_is_silent_and_since_when(silent, what):
    all_beat()
    for queue in silent:
        note_heartbeat(WorkQueue(queue), now=NOW - LONG_AGO)

    (trouble,) = troubles(heartbeats(), now=NOW)

    assert (trouble.what, trouble.since) == (what, NOW - LONG_AGO)


def test_troubles_knows_no_moment_for_a_clock_that_never_ticked():
    (trouble,) = troubles(heartbeats(), now=NOW)

    assert (trouble.what, trouble.since) == ("El trabajo de fondo está detenido", None)


def test_troubles_names_a_relay_that_was_silent_for_five_minutes():
    all_beat()
    note_silence(now=NOW - LONG_AGO)
    note_silence(now=NOW)

    (trouble,) = troubles(heartbeats(), now=NOW)

    assert (trouble.what, trouble.since) == ("El servidor de correo no responde", NOW - LONG_AGO)


def test_troubles_forgives_a_relay_that_was_silent_for_a_moment_or_answers_again():
    all_beat()
    note_silence(now=NOW - LONG_AGO / 2)
    briefly = names()
    note_silence(now=NOW)
    note_answer()

    assert (briefly, names()) == ([], [])


def test_troubles_forgets_a_relay_that_nobody_needs_any_more():
    note_silence(now=NOW - timedelta(hours=1))
    all_beat()

    assert names() == []


def test_troubles_names_a_disk_that_is_nearly_full(settings):
    all_beat()
    settings.DISK_FULL_AT = disk_now().percent
    full = names()
    settings.DISK_FULL_AT = disk_now().percent + 1

    assert full == [f"El disco está al {disk_now().percent} %"]
    assert names() == []


# The banner --------------------------------------------------------------------------------------
def page_of(client, name: str) -> str:
    """Open a page and give its words."""
    page: str = client.get(reverse(name)).content.decode()
    return page


def test_banner_tells_the_staff_what_works_and_what_does_not(client):
    MEMORY.until = 0
    all_beat(timezone.now())
    note_heartbeat(WorkQueue.QUICK, now=timezone.now() - LONG_AGO)
    client.force_login(staff(Role.RESPONSABLE, PlantelFactory()))

    page = page_of(client, "followup:today")

    assert "Los avisos por correo están detenidos desde hace 5\xa0minutos." in page
    assert "lo que suben los estudiantes se guarda" in page
    assert reverse("followup:system_health") not in page


def test_banner_leads_administration_to_what_to_do(client):
    MEMORY.until = 0
    client.force_login(staff(Role.ADMIN))

    page = page_of(client, "followup:today")

    assert "El trabajo de fondo está detenido." in page
    assert f'<a href="{reverse("followup:system_health")}">Ver qué hacer</a>' in page


def test_banner_is_not_for_students(client):
    MEMORY.until = 0
    client.force_login(EnrollmentFactory(confirmed=True).student.user)

    page = page_of(client, "followup:my_steps")

    assert "detenido" not in page


def test_banner_is_read_once_in_half_a_minute(client, django_assert_num_queries):
    MEMORY.until = 0

    with django_assert_num_queries(2):
        found = [MEMORY.troubles(now=NOW) for _ in range(3)]

    assert [len(each) for each in found] == [1, 1, 1]


# The sweeps --------------------------------------------------------------------------------------
CLAIM_NOTHING = {
    "followup.tasks.beat_heart",
    "followup.tasks.escalate",  # a run of each plantel a day
    "school.tasks.forget_attempts",
    "school.tasks.forget_sessions",
    "students.tasks.delete_orphan_files",
}
"""Tasks for which no row waits."""


def test_every_task_of_the_clock_says_what_it_claims():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert set(SWEEPS) | CLAIM_NOTHING == scheduled
    assert set(SWEEPS) & CLAIM_NOTHING == set()
    assert len({sweep.label for sweep in SWEEPS.values()}) == len(SWEEPS)


def test_waiting_rows_asks_once_for_all_sweeps(django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = waiting_rows(now=NOW)

    assert [(row.label, row.since, row.is_late) for row in rows] == [
        (sweep.label, None, False) for sweep in SWEEPS.values()
    ]


def test_waiting_rows_says_since_when_the_oldest_waits():
    AcuseFactory(created_at=NOW - timedelta(minutes=4))
    AcuseFactory(created_at=NOW - timedelta(minutes=1))
    NoticeFactory(not_before=NOW - LONG_AGO)
    NoticeFactory(not_before=NOW + LONG_AGO)
    waiting = {row.label: row for row in waiting_rows(now=NOW) if row.since}

    assert {label: (row.since, row.is_late) for label, row in waiting.items()} == {
        "Leer acuses": (NOW - timedelta(minutes=4), False),
        "Entregar correos": (NOW - LONG_AGO, True),
    }


# Mails, readings, backup -------------------------------------------------------------------------
def test_failed_lately_counts_by_plantel_and_reason(django_assert_num_queries):
    plantel = PlantelFactory()
    failed = {"state": NoticeState.FAILED, "created_at": NOW, "error": "El buzón no recibe (550)"}
    NoticeFactory.create_batch(2, plantel=plantel, **failed)
    NoticeFactory(plantel=None, **failed)
    NoticeFactory(plantel=plantel, **failed | {"created_at": NOW - timedelta(days=31)})
    NoticeFactory(plantel=plantel)

    with django_assert_num_queries(2):
        rows = failed_lately(now=NOW)

    assert rows == [Failed(plantel, failed["error"], 2), Failed(None, failed["error"], 1)]


def test_how_it_reads_compares_the_week_with_the_month_before(django_assert_num_queries):
    for days, outcomes in {
        1: ["READ", "UNREADABLE", "UNREADABLE", "REJECTED"],
        8: ["READ", "READ", "READ", "UNREADABLE"],
        36: ["UNREADABLE"],
    }.items():
        for outcome in outcomes:
            ReadingFactory(outcome=ReadingOutcome(outcome), created_at=NOW - timedelta(days=days))

    with django_assert_num_queries(1):
        reader = how_it_reads(now=NOW)

    assert reader == Reader(Rate(1, 3), Rate(3, 4))
    assert (reader.lately.percent, reader.before.percent) == (33, 75)
    assert Rate(0, 0).percent == 0


@pytest.mark.parametrize(
    ("lately", "before", "has_dropped"),
    [
        (Rate(16, 20), Rate(18, 20), True),
        (Rate(17, 20), Rate(18, 20), False),
        (Rate(0, 19), Rate(20, 20), False),
        (Rate(0, 20), Rate(19, 19), False),
    ],
)
def test_reader_has_dropped_when_enough_readings_say_so(lately, before, has_dropped):
    assert Reader(lately, before).has_dropped is has_dropped


def test_health_tells_when_the_last_backup_was(own_folders: Path):
    file = own_folders / "last_backup"
    never = health(now=NOW)
    file.touch()
    os.utime(file, (NOW.timestamp(), (NOW - timedelta(hours=25)).timestamp()))
    fresh = health(now=NOW)
    os.utime(file, (NOW.timestamp(), (NOW - timedelta(hours=27)).timestamp()))
    old = health(now=NOW)

    assert (never.backup_at, never.is_backup_old) == (None, False)
    assert (fresh.backup_at, fresh.is_backup_old) == (NOW - timedelta(hours=25), False)
    assert (old.backup_at, old.is_backup_old) == (NOW - timedelta(hours=27), True)


# A-12 --------------------------------------------------------------------------------------------
def test_page_says_that_all_is_well(client):
    all_beat(timezone.now())
    client.force_login(staff(Role.AUDITOR))

    page = page_of(client, "followup:system_health")

    assert "Todo funciona." in page
    assert "Última señal hace menos de un minuto" in page
    assert page.count("Nada espera") == len(SWEEPS)
    assert "Ninguno en los últimos 30 días." in page
    assert "<dd>Nunca</dd>" in page


def test_page_says_what_to_do(client, own_folders: Path, settings):
    now = timezone.now()
    note_silence(now=now - LONG_AGO)
    AcuseFactory(created_at=now - LONG_AGO)
    NoticeFactory(state=NoticeState.FAILED, created_at=now, error="El buzón no recibe correo (550)")
    for outcome, at in [("UNREADABLE", now), ("READ", now - timedelta(days=9))]:
        ReadingFactory.create_batch(20, outcome=ReadingOutcome(outcome), created_at=at)
    (own_folders / "last_backup").touch()
    os.utime(own_folders / "last_backup", (0, 0))
    settings.DISK_FULL_AT = 0
    client.force_login(staff(Role.ADMIN))

    page = page_of(client, "followup:system_health")

    assert page.count("Qué hacer:") == 3
    assert "Nunca · <strong>detenida</strong>" in page
    assert "<strong>atrasado</strong>" in page
    assert "El buzón no recibe correo (550)" in page
    assert "Se leen menos acuses que antes." in page
    assert "<strong>hace más de un día</strong>" in page
    assert reverse("notices:list") not in page


def test_page_leads_to_the_mails_whoever_may_see_them(client):
    plantel = PlantelFactory()
    NoticeFactory(plantel=plantel, state=NoticeState.FAILED, created_at=timezone.now())
    person = staff(Role.ADMIN)
    MembershipFactory(user=person, role=Role.RESPONSABLE, plantel=plantel)
    client.force_login(person)

    page = page_of(client, "followup:system_health")

    assert f"{reverse('notices:list')}?estado=FAILED" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_however_much_is_on_it(client, rows, django_assert_num_queries):
    now = timezone.now()
    all_beat(now)
    NoticeFactory.create_batch(rows, state=NoticeState.FAILED, created_at=now)
    AcuseFactory.create_batch(rows)
    client.force_login(staff(Role.AUDITOR))

    with django_assert_num_queries(15):
        client.get(reverse("followup:system_health"))
