"""A-12: what is alive, what is not, and who is told."""

from datetime import timedelta

import pytest
from celery.beat import Service
from celery.signals import beat_init
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from followup.actions.heartbeat import note_heartbeat
from followup.models import Heartbeat
from followup.states import WorkQueue
from followup.tasks import beat_heart
from imss_afiliacion.celery import HEARTBEAT, app
from school.models import LoginSession

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LONG_AGO = timedelta(minutes=5, seconds=1)


def all_beat(at=NOW) -> None:
    """This will let the workers of every queue be heard."""
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
    """This will ask as a monitor does."""
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
