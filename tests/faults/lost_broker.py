"""R2: Redis flushed, stopped and frozen, while people read their pages and notices become due."""

from pathlib import Path
from time import sleep

from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from notices.states import NoticeState
from school.states import Role
from tests.conftest import database_url, free_port
from tests.factories.notices import NoticeFactory
from tests.factories.school import staff
from tests.factories.students import EnrollmentFactory
from tests.faults.people import Answer, Browser, p95, session_of
from tests.faults.processes import Redis, portal, redis, wait_until
from tests.faults.relay import Relay

DUE = 5


class Watch:
    """Two people who look at their pages again and again, and what they saw under each condition."""

    def __init__(self, port: int) -> None:
        stay = EnrollmentFactory(confirmed=True)
        self.plantel = stay.plantel
        person = staff(Role.RESPONSABLE, stay.plantel)
        self._student = Browser(port, session_of(stay.student.user))
        self._member = Browser(port, session_of(person))
        self.seen: dict[str, list[Answer]] = {}

    def look(self, condition: str, times: int) -> None:
        """Open both pages so often, and press a button that leaves a notice or a question."""
        seen = self.seen.setdefault(condition, [])
        for number in range(times):
            seen.append(self._student.get(reverse("followup:my_steps")))
            seen.append(self._member.get(reverse("followup:today")))
            key = f"{condition}-{len(seen)}-{number}"
            asked = self._student.post(reverse("followup:ask"), {"text": "¿Abren hoy?", "key": key})
            seen.append(asked)

    def figures(self) -> dict[str, float]:
        """Count who was shown an error or the sign-in page, and compare the times."""
        answers = [answer for seen in self.seen.values() for answer in seen]
        sign_in = reverse("students:sign_in")
        slow = {condition: p95(seen) for condition, seen in self.seen.items()}
        return {
            "pages": len(answers),
            "pages_failed": sum(not answer.is_kept for answer in answers),
            "signed_out": sum(answer.location.startswith(sign_in) for answer in answers),
            **{f"p95_ms_{condition}": round(found, 1) for condition, found in slow.items()},
            "times_slower": round(max(slow["frozen"], slow["stopped"]) / slow["normal"], 2),
        }


def lost_broker(
    folder: Path, *, flushes: int, seconds: float, looks: int, seed: int
) -> dict[str, float]:
    """Flush the broker so often, then freeze and stop it for so many seconds each."""
    relay = Relay(free_port(), folder / "relay.journal", seed=seed)
    relay.start()
    port = free_port()
    with (
        redis(folder / "redis") as broker,
        portal(
            folder / "portal",
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL=f"smtp://127.0.0.1:{relay.port}",
            BASE_URL=f"http://127.0.0.1:{port}",
        ) as processes,
    ):
        processes.worker()
        processes.beat()
        processes.web(port)
        watch = Watch(port)
        watch.look("normal", looks)
        late = [_after_flush(watch, broker) for _ in range(flushes)]
        broker.process.freeze()
        late.append(_while_away(watch, "frozen", seconds, looks, come_back=broker.process.thaw))
        broker.process.kill()
        late.append(_while_away(watch, "stopped", seconds, looks, come_back=broker.start))
        watch.look("normal", looks)
    relay.stop()
    taken = [address for _, address in relay.journal.taken]
    return watch.figures() | {
        "due": DUE * len(late),
        "missing": DUE * len(late) - len(set(taken)),
        "double": len(taken) - len(set(taken)),
        "seconds_late": round(max(late), 1),
    }


def _after_flush(watch: Watch, broker: Redis) -> float:
    due = _fill(watch)
    broker.ask("flushall")
    return _wait_for(due)


def _while_away(watch: Watch, condition: str, seconds: float, looks: int, *, come_back) -> float:
    due = _fill(watch)
    watch.look(condition, looks)
    sleep(seconds)
    come_back()
    return _wait_for(due)


def _fill(watch: Watch) -> list[int]:
    now, start = timezone.now(), Notice.objects.count()
    return [
        NoticeFactory(
            plantel=watch.plantel,
            to_email=f"student{start + n}@correo.example",
            created_at=now,
            not_before=now,
        ).pk
        for n in range(DUE)
    ]


def _wait_for(due: list[int]) -> float:
    waiting = Notice.objects.filter(pk__in=due).exclude(state=NoticeState.SENT)
    return wait_until(lambda: not waiting.exists(), "what was due was not handled in time")
