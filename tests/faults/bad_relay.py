"""R3: a relay that refuses, is busy, puts off, hangs, breaks off and knows not everybody."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic

from django.test import override_settings
from django.utils import timezone

from notices.models import Notice
from notices.states import NoticeState
from notices.tasks import deliver_notices
from school.models import Plantel
from tests.conftest import free_port
from tests.factories.notices import NoticeFactory
from tests.factories.school import PlantelFactory
from tests.faults.processes import PATIENCE, wait_until
from tests.faults.relay import Mood, Relay

UNKNOWN = 0.05
ON_THEIR_WAY = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.RETRY)
BAD = [mood for mood in Mood if mood is not Mood.TAKES]


def bad_relay(folder: Path, *, notices: int, rounds: int, seed: int) -> dict[str, float]:
    """Send the notices through every mood so many times, and count what became of each.

    Each bout of bad temper meets mails that just became due, some of them links that expire meanwhile. The
    waits between tries are a second at most; the relay can be asked what it took.
    """
    plantel = PlantelFactory()
    relay = Relay(free_port(), folder / "relay.journal", seed=seed, unknown=UNKNOWN)
    relay.start()
    chance = random.Random(seed)
    moods = [mood for _ in range(rounds) for mood in chance.sample(BAD, len(BAD))]
    with override_settings(
        EMAIL_BACKEND="notices.relay.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=relay.port,
        EMAIL_TIMEOUT=0.5,
        RELAY_LOOKUP=[relay.lookup()],
        NOTICE_LEASE=timedelta(seconds=60),  # nobody dies here
        NOTICE_WAITS=(timedelta(milliseconds=50), timedelta(seconds=1)),
    ):
        for number, mood in enumerate(moods):
            _fill(plantel, notices // len(moods), f"{seed}:{number}")
            relay.become(mood)
            for _ in range(3):
                deliver_notices()
            relay.become(Mood.TAKES)
            deliver_notices()
        returned = monotonic()
        wait_until(_all_are_settled, "some notices never left")
        seconds = monotonic() - returned
    relay.stop()
    return _count(relay) | {"seconds_after_return": round(seconds, 1)}


def _fill(plantel: Plantel, number: int, key: str) -> None:
    """One in twenty is a link that expired before the relay came to its senses."""
    now = timezone.now()
    Notice.objects.bulk_create(
        NoticeFactory.build(
            key=f"{key}:{n}",
            plantel=plantel,
            to_email=f"{'late' if n % 20 == 7 else 'student'}-{key.replace(':', '-')}-{n}@correo.example",
            created_at=now,
            not_before=now,
            expires_at=now if n % 20 == 7 else now + timedelta(seconds=PATIENCE * 20),
        )
        for n in range(number)
    )


def _all_are_settled() -> bool:
    deliver_notices()
    return not Notice.objects.filter(state__in=ON_THEIR_WAY).exists()


def _count(relay: Relay) -> dict[str, float]:
    taken = Counter(address for _, address in relay.journal.taken)
    wanted = set(
        Notice.objects.exclude(to_email__startswith="late-").values_list("to_email", flat=True)
    )
    known = {address for address in wanted if relay.knows(address)}
    failed = set(Notice.objects.filter(state=NoticeState.FAILED).values_list("to_email", flat=True))
    sent = set(Notice.objects.filter(state=NoticeState.SENT).values_list("to_email", flat=True))
    return {
        "wanted": len(known),
        "missing": len(known - taken.keys()),
        "double": sum(times - 1 for times in taken.values()),
        "expired_delivered": sum(address.startswith("late-") for address in taken),
        "wrongly_told": len(sent ^ taken.keys()) + len(failed ^ (wanted - known)),
    }
