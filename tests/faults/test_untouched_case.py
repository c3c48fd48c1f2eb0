"""A case that nobody touches climbs though worker and clock die at each step: each step once, each mail once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from followup.actions.reports import ReportDetails, report_case, resolve_report_with_nss
from followup.climb import ADMIN, RESPONSABLE, STEPS, SUBSTITUTE
from followup.models import DailyRun, EscalationStep, Heartbeat, Reminder, StudentReport
from followup.states import DailyJob, ReportKind, StepOutcome, WorkQueue
from notices.actions.queue import WAITING
from notices.models import Notice
from notices.states import NoticeState
from school.models import Plantel, User
from school.queries.planteles import calendar_of
from school.states import Role
from tests.conftest import database_url, free_port
from tests.factories.school import MembershipFactory, PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory, nss
from tests.faults.lost_workers import noon
from tests.faults.processes import Portal, Process, portal, redis, wait_until
from tests.faults.relay import Relay

pytestmark = pytest.mark.django_db(transaction=True)

DIRECCION = "direccion@correo.example"
SLOWNESS = 0.5
"""Seconds between taking a mail and saying so: time enough to die in."""


@dataclass
class Days:
    """The working days of a plantel after today, and a worker and a clock that live on one of them."""

    processes: Portal
    relay: Relay
    plantel: Plantel
    running: tuple[Process, ...] = ()

    def live(self, days: int) -> datetime:
        """Start both at noon of that working day; gives the moment."""
        today = timezone.localdate(timezone=self.plantel.zone)
        ahead = calendar_of(self.plantel).add_working_days(today, days) - today
        hours = ahead / timedelta(hours=1)
        self.running = (
            self.processes.worker(shifted=hours),
            self.processes.beat(app="tests.faults.hurried"),
        )
        return timezone.now() + ahead

    def die_once(self, is_true: Callable[[], bool], what: str) -> None:
        """End both without a word as soon as it is so."""
        wait_until(is_true, what)
        for process in self.running:
            process.kill()

    def pass_by(self, days: int) -> datetime:
        """Live on that day until the cases were looked at again and no mail waits; gives the moment."""
        now = self.live(days)
        day = now.astimezone(self.plantel.zone).date()
        runs = DailyRun.objects.filter(job=DailyJob.ESCALATION, day=day)
        wait_until(runs.exists, "nobody looked at the cases")
        later = Heartbeat.objects.filter(
            queue=WorkQueue.QUICK, at__gt=runs.get().created_at + timedelta(seconds=2)
        )
        waits = Notice.objects.filter(state__in=[*WAITING, NoticeState.SENDING])
        self.die_once(lambda: later.exists() and not waits.exists(), "a mail waits")
        return now

    def told(self) -> list[str]:
        """Whom the relay took a mail about cases for, in its order."""
        cases = Notice.objects.filter(message__in=["M-22", "M-22b"])
        ours = set(cases.values_list("message_id", flat=True))
        return [address for message_id, address in self.relay.journal.taken if message_id in ours]


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    relay = Relay(free_port(), tmp_path / "relay.journal")
    relay.slowness = SLOWNESS
    relay.start()
    with (
        redis(tmp_path / "redis") as broker,
        portal(
            tmp_path / "portal",
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL=f"smtp://127.0.0.1:{relay.port}",
            RELAY_LOOKUP=relay.lookup(),
            NOTICE_LEASE="2",
            NOTICE_WAITS="1,2",
        ) as processes,
    ):
        plantel = PlantelFactory(time_zone=noon(), direction_email=DIRECCION)
        yield Days(processes, relay, plantel)
    relay.stop()


@pytest.fixture
def people(days: Days) -> dict[str, User]:
    """Whom the steps tell who sign in."""
    return {
        RESPONSABLE: staff(Role.RESPONSABLE, days.plantel),
        SUBSTITUTE: MembershipFactory(plantel=days.plantel, is_substitute=True).user,
        ADMIN: staff(Role.ADMIN),
    }


@pytest.fixture
def report(days: Days) -> StudentReport:
    """A student reports the message; without the case she would be reminded in a few days."""
    today = timezone.localdate(timezone=days.plantel.zone)
    cycle = SchoolCycleFactory(
        starts_on=today - timedelta(days=90), ends_on=today + timedelta(days=90)
    )
    stay = EnrollmentFactory(
        confirmed=True,
        plantel=days.plantel,
        cycle=cycle,
        enrolled_on=today,
        acuse_due_on=today + timedelta(days=5),
    )
    return report_case(
        stay,
        ReportKind.SUBDELEGACION,
        by=stay.student.user,
        details=ReportDetails(key="clave-de-envio"),
        now=timezone.now(),
    )


def test_a_case_that_nobody_touches_climbs_once_a_step_whoever_dies(days, people, report):
    days.live(STEPS[0].days)
    days.die_once(EscalationStep.objects.exists, "no step")
    for number, step in enumerate(STEPS, 1):
        days.live(step.days)
        days.die_once(lambda: len(days.told()) == number, "no mail")  # noqa: B023 -- called at once
    now = days.pass_by(STEPS[-1].days + 5)
    resolve_report_with_nss(report, nss=nss(1), by=people[RESPONSABLE], now=now)
    days.pass_by(STEPS[-1].days + 5 + STEPS[-1].days)

    lines = EscalationStep.objects.order_by("pk").values_list("step", "outcome")
    assert list(lines) == [(step.name, StepOutcome.TOLD) for step in STEPS]
    assert days.told() == [*(one.email for one in people.values()), DIRECCION]
    assert not Reminder.objects.exists()
