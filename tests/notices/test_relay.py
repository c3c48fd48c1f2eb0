"""A mail in doubt: the relay is asked before it is sent again, and nothing is sent while it cannot say."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from notices.relay import RelaySilent, relay_took
from notices.states import NoticeState
from notices.tasks import deliver_notices
from tests.conftest import free_port
from tests.factories.notices import NoticeFactory
from tests.faults.relay import Mood, Relay

pytestmark = pytest.mark.django_db


@pytest.fixture
def relay(settings, tmp_path):
    """A relay that can misbehave, and that may be asked."""
    relay = Relay(free_port(), tmp_path / "journal")
    relay.start()
    settings.EMAIL_BACKEND = "notices.relay.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", relay.port
    settings.EMAIL_TIMEOUT = 1
    settings.RELAY_LOOKUP = [relay.lookup()]
    settings.NOTICE_WAITS = (timedelta(0), timedelta(0))
    yield relay
    relay.stop()


def in_doubt(message_id: str) -> Notice:
    """A notice whose sender died between the relay's answer and its own commit."""
    return NoticeFactory(
        state=NoticeState.SENDING,
        lease_until=timezone.now() - timedelta(seconds=1),
        message_id=message_id,
        created_at=timezone.now(),
        attempts=1,
    )


@pytest.mark.parametrize(("answer", "took"), [("true", True), ("false", False)])
def test_relay_took_says_what_the_command_says(settings, answer, took):
    settings.RELAY_LOOKUP = [answer]

    assert relay_took("<a@b>") is took


@pytest.mark.parametrize("command", [["sh", "-c", "exit 2"], ["/no/such/command"]])
def test_relay_took_of_a_relay_that_cannot_say(settings, command):
    settings.RELAY_LOOKUP = command

    with pytest.raises(RelaySilent):
        relay_took("<a@b>")


def test_relay_took_without_a_command_is_no(settings):
    settings.RELAY_LOOKUP = []

    assert relay_took("<a@b>") is False


def test_a_mail_the_relay_has_is_not_sent_again(relay):
    notice = in_doubt("<same@correo.example>")
    relay.journal.took("<same@correo.example>", notice.to_email)

    delivered = [deliver_notices(), deliver_notices()]

    notice.refresh_from_db()
    assert (delivered, notice.state, notice.subject) == ([1, 0], "SENT", "Tu acuse está aceptado")
    assert relay.journal.confirmed == []


def test_a_mail_the_relay_has_not_is_sent_under_the_same_message_id(relay):
    in_doubt("<same@correo.example>")

    assert deliver_notices() == 1
    assert relay.journal.confirmed == ["<same@correo.example>"]


def test_a_mail_waits_while_the_relay_cannot_be_asked(relay, settings):
    settings.RELAY_LOOKUP = ["sh", "-c", "exit 2"]
    settings.NOTICE_WAITS = (timedelta(minutes=1), timedelta(minutes=1))
    notice = in_doubt("<same@correo.example>")

    assert deliver_notices() == 0
    notice.refresh_from_db()
    assert (notice.state, relay.journal.taken) == (NoticeState.SENDING, [])
    assert notice.error == "El servidor de correo no dice si lo recibió"


@pytest.mark.parametrize("mood", [Mood.DROPS, Mood.HANGS])
@pytest.mark.parametrize(
    "seed", [1, 2]
)  # of the first answers one is lost before the mail was kept
def test_an_answer_that_is_lost_doubles_nothing(relay, mood, seed):
    relay.chance.seed(seed)
    relay.mood = mood
    notice = NoticeFactory(created_at=timezone.now())
    deliver_notices()
    notice.refresh_from_db()
    after_the_loss = (notice.state, notice.error)

    relay.mood = Mood.TAKES
    deliver_notices()

    notice.refresh_from_db()
    assert after_the_loss == (NoticeState.SENDING, "El servidor de correo no contestó")
    assert (notice.state, len(relay.journal.taken)) == (NoticeState.SENT, 1)


def test_an_unreadable_notice_stops_nobody_twice(smtp_sink):
    first = NoticeFactory(key="broken", context={}, message="M-02", attempts=0)
    Notice.objects.filter(pk=first.pk).update(message="M-XX", attempts=1)
    NoticeFactory.create_batch(2)

    with pytest.raises(KeyError):
        deliver_notices()

    assert deliver_notices() == 2


def test_a_worker_that_was_frozen_leaves_what_it_holds_no_longer(relay, settings):
    relay.slowness = 1.0
    settings.EMAIL_TIMEOUT = 20
    settings.NOTICE_LEASE = timedelta(seconds=0.9)
    NoticeFactory.create_batch(2)

    delivered = deliver_notices()

    assert (delivered, len(relay.journal.taken)) == (2, 2)
    assert list(Notice.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 2]


def test_one_connection_serves_a_tick(relay):
    NoticeFactory.create_batch(3)

    assert deliver_notices() == 3
    assert relay.visits == 1
