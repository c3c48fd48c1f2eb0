"""R1: workers and clock die while they remind; everybody gets the one mail, nobody gets two."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import sleep

from django.utils import timezone

from followup.models import Reminder
from followup.states import ReminderOutcome
from notices.models import Notice
from notices.states import NoticeState
from students.actions.reminders import look_again
from tests.conftest import database_url, free_port
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.factories.students import EnrollmentFactory
from tests.faults.processes import Portal, Process, portal, redis, wait_until
from tests.faults.relay import Relay

LONGEST_LIFE = 15
"""Seconds after which somebody dies although no mail left meanwhile: the ledger is being written, or all wait."""

SLOWNESS = 0.02
"""Seconds between taking a mail and saying so: the gap in which a death leaves a doubt."""


def lost_workers(folder: Path, *, due: int, kills: int, seed: int) -> dict[str, float]:
    """Let so many reminders become due, and kill one or more of two workers and a clock so often."""
    _students(due)
    relay = Relay(free_port(), folder / "relay.journal", seed=seed)
    relay.slowness = SLOWNESS
    relay.start()
    with (
        redis(folder / "redis") as broker,
        portal(
            folder / "portal",
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL=f"smtp://127.0.0.1:{relay.port}",
            RELAY_LOOKUP=relay.lookup(),
            NOTICE_LEASE="8",
            NOTICE_WAITS="1,2",
        ) as processes,
    ):
        _kill_again_and_again(processes, relay, due=due, kills=kills, seed=seed)
        seconds = wait_until(lambda: _all_are_told(due), "some reminders never left", seconds=900)
    relay.stop()
    taken = Counter(address for _, address in relay.journal.taken)
    told = Reminder.objects.filter(outcome=ReminderOutcome.TOLD)
    return {
        "due": due,
        "kills": kills,
        "ledger_missing": due - told.count(),
        "missing": due - len(taken),
        "double": sum(times - 1 for times in taken.values()),
        "seconds_after_last_kill": round(seconds, 1),
    }


def noon() -> str:
    """Name a zone in which it is about noon: there nobody's quiet hours hold a reminder back."""
    return f"Etc/GMT{timezone.now().hour - 12:+d}"


def _students(due: int) -> None:
    plantel, cycle = PlantelFactory(time_zone=noon()), SchoolCycleFactory()
    today = timezone.localdate(timezone=plantel.zone)
    stays = EnrollmentFactory.create_batch(
        due,
        plantel=plantel,
        cycle=cycle,
        enrolled_on=today - timedelta(days=14),
        acuse_due_on=today - timedelta(days=7),
    )
    look_again(stay.pk for stay in stays)


def _kill_again_and_again(
    processes: Portal, relay: Relay, *, due: int, kills: int, seed: int
) -> None:
    chance = random.Random(seed)
    start: list[Callable[[], Process]] = [
        lambda: processes.worker("one"),
        lambda: processes.worker("two"),
        lambda: processes.beat("clock", app="tests.faults.hurried"),
    ]
    running = [begin() for begin in start]
    for number in range(kills):
        enough = due * (number + chance.random()) / (kills + 1)
        with suppress(TimeoutError):
            wait_until(lambda: len(relay.journal.taken) >= enough, "", seconds=LONGEST_LIFE)  # noqa: B023 -- called at once
        sleep(chance.uniform(0, 0.02))
        victims = chance.sample(range(3), chance.choice([1, 1, 2, 3]))
        for victim in victims:
            running[victim].kill()
        for victim in victims:
            running[victim] = start[victim]()


def _all_are_told(due: int) -> bool:
    return Notice.objects.filter(state=NoticeState.SENT).count() >= due
