"""R8: two clocks, restarts and workers two hours ahead and behind; each daily run once per plantel and local date."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import sleep

from django.utils import timezone

from followup.climb import STEPS
from followup.models import DailyRun, EscalationStep
from followup.queries.mornings import is_morning_due
from followup.states import DailyJob, ReportKind
from notices.models import Notice
from nss.states import RequestState
from school.models import Plantel
from school.queries.planteles import calendar_of
from school.states import Role
from tests.conftest import database_url
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import PlantelFactory, staff
from tests.faults.processes import Process, portal, redis, wait_until

WRONG_BY = (-2, 0, 2)
"""Hours by which the clocks of the workers disagree."""

WEDNESDAY = 2
"""All of them live about this day of the week: it counts, and so do the days beside it."""


def odd_clocks(folder: Path, *, restarts: int, seed: int) -> dict[str, float]:
    """Let planteles around the world begin their day under clocks that disagree."""
    planteles = [_plantel(hours) for hours in range(-11, 13)]
    ahead = 24 * ((WEDNESDAY - timezone.now().weekday()) % 7)
    offsets = [ahead + hours for hours in WRONG_BY]
    chance = random.Random(seed)
    with (
        redis(folder / "redis") as broker,
        portal(
            folder / "portal",
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL="smtp://127.0.0.1:9",  # nobody listens: the mails are counted in the outbox
        ) as processes,
    ):
        start: list[Callable[[], Process]] = [
            *(_worker_of(processes, hours) for hours in offsets),
            lambda: processes.beat("first", app="tests.faults.hurried"),
            lambda: processes.beat("second", app="tests.faults.hurried"),
        ]
        running = [begin() for begin in start]
        for _ in range(restarts):
            sleep(chance.uniform(0.5, 2))
            victim = chance.randrange(len(running))
            running[victim].kill()
            running[victim] = start[victim]()
        wait_until(lambda: _missing(planteles, offsets) == 0, "a plantel was forgotten")
        sleep(3)  # whoever would do it twice has the time to
    missing = _missing(planteles, offsets)
    return _count(planteles) | {"missing": missing, "restarts": restarts}


def _worker_of(processes, hours: int) -> Callable[[], Process]:
    return lambda: processes.worker(f"shifted{hours:+d}", shifted=hours)


def _plantel(hours: int) -> Plantel:
    """Somebody reviews, an acuse waits, and a case that nobody has touched for long."""
    plantel = PlantelFactory(time_zone=f"Etc/GMT{hours:+d}")
    AcuseFactory(request__enrollment__plantel=plantel)
    staff(Role.REVISOR, plantel)
    request = NSSRequestFactory(enrollment__plantel=plantel, state=RequestState.AT_SUBDELEGACION)
    StudentReportFactory(enrollment=request.enrollment, kind=ReportKind.SUBDELEGACION)
    return plantel


def _expected(plantel: Plantel, offsets: Sequence[int]) -> set:
    """The local dates that have begun for at least one of the clocks, and for none are over."""
    moments = [timezone.now() + timedelta(hours=hours) for hours in offsets]
    return {
        now.astimezone(plantel.zone).date()
        for now in moments
        if is_morning_due(plantel, ran_on=None, now=now)
    }


def _days(plantel: Plantel, job: DailyJob) -> list:
    runs = DailyRun.objects.filter(plantel=plantel, job=job)
    return list(runs.values_list("day", flat=True))


def _missing(planteles: list[Plantel], offsets: Sequence[int]) -> int:
    return sum(
        len(_expected(plantel, offsets) - set(_days(plantel, job)))
        for plantel in planteles
        for job in DailyJob
    )


def _count(planteles: list[Plantel]) -> dict[str, float]:
    days = {(plantel, job): _days(plantel, job) for plantel in planteles for job in DailyJob}
    working = Counter[str]()
    for (plantel, job), found in days.items():
        working[job] += sum(map(calendar_of(plantel).is_working, found))
    mails = Counter(Notice.objects.filter(message="M-21").values_list("to_email", flat=True))
    steps = EscalationStep.objects.count()
    return {
        "planteles": len(planteles),
        "runs": sum(map(len, days.values())),
        "mails": mails.total(),
        "steps": steps,
        "double": sum(len(found) - len(set(found)) for found in days.values()),
        "mails_wrong": abs(mails.total() - working[DailyJob.STAFF_MAIL])
        + sum(n - 1 for n in mails.values()),
        "steps_wrong": abs(steps - len(STEPS) * working[DailyJob.ESCALATION]),
    }
