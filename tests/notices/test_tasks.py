"""The sweep against a real SMTP server: what it takes, what it refuses, and when it is not there."""

from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from notices.actions import NothingToTell, note_silence
from notices.models import Notice, RelaySilence
from notices.states import NoticeState
from notices.tasks import deliver_notices
from tests.conftest import free_port
from tests.factories.notices import NoticeFactory
from tests.notices.test_messages import SAMPLES

pytestmark = pytest.mark.django_db


class Refusing:
    """A relay that answers each RCPT with one code."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    async def handle_RCPT(self, *command: object) -> str:  # noqa: N802 -- named by aiosmtpd
        del command
        return self.answer


@pytest.fixture
def relay(settings):
    """Start a relay that refuses, and point the portal at it."""
    controllers = []

    def start(answer: str, kind: type[Refusing] = Refusing) -> None:
        port = free_port()
        controller = Controller(kind(answer), hostname="127.0.0.1", port=port)
        controller.start()
        controllers.append(controller)
        settings.EMAIL_BACKEND = "notices.relay.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    yield start
    for controller in controllers:
        controller.stop()


def test_deliver_notices_sends_each_once(smtp_sink):
    NoticeFactory.create_batch(3)

    delivered = [deliver_notices(), deliver_notices()]

    assert delivered == [3, 0]
    assert len(smtp_sink.messages) == 3
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}


def test_deliver_notices_notes_since_when_the_relay_is_silent(settings):
    settings.EMAIL_BACKEND = "notices.relay.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    NoticeFactory.create_batch(2)

    deliver_notices()
    first = RelaySilence.objects.get()
    Notice.objects.update(not_before=timezone.now())
    deliver_notices()
    second = RelaySilence.objects.get()

    assert first.since == second.since == first.last_at
    assert second.last_at > first.last_at
    assert str(second) == f"desde {second.since:%d/%m/%Y %H:%M}"


def test_deliver_notices_notes_that_the_relay_answers_again(smtp_sink):
    note_silence(now=timezone.now())
    deliver_notices()
    idle = RelaySilence.objects.count()
    NoticeFactory()

    deliver_notices()

    assert (idle, RelaySilence.objects.count()) == (1, 0)


def test_deliver_notices_writes_the_mail_of_ux(smtp_sink):
    notice = NoticeFactory(plantel__name="Hermosillo", plantel__number="05")

    deliver_notices()

    message = smtp_sink.messages[0]
    notice.refresh_from_db()
    assert message["Subject"] == "Tu acuse está aceptado"
    assert message["Message-ID"] == notice.message_id
    assert str(message["From"]).startswith("Afiliación IMSS – Plantel 05 Hermosillo <")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "plantel05@correo.example"
    assert {part.get_content_type() for part in message.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }


def test_deliver_notices_leaves_what_is_not_due(smtp_sink):
    NoticeFactory(not_before=timezone.now() + timedelta(seconds=10))

    assert deliver_notices() == 0
    assert smtp_sink.messages == []


def test_deliver_notices_leaves_what_another_worker_is_sending(smtp_sink):
    NoticeFactory(state=NoticeState.SENDING, lease_until=timezone.now() + timedelta(minutes=1))

    assert deliver_notices() == 0


def test_deliver_notices_takes_over_from_a_worker_that_died(smtp_sink):
    NoticeFactory(
        state=NoticeState.SENDING,
        lease_until=timezone.now() - timedelta(seconds=1),
        message_id="<same@correo.example>",
    )

    assert deliver_notices() == 1
    assert smtp_sink.messages[0]["Message-ID"] == "<same@correo.example>"


def test_deliver_notices_to_a_mailbox_that_does_not_exist_fails(relay):
    relay("550 No existe")
    notice = NoticeFactory()

    deliver_notices()

    notice.refresh_from_db()
    assert (notice.state, notice.error) == ("FAILED", "El buzón no recibe correo (550)")
    assert notice.bounced_at is not None


def test_deliver_notices_to_a_busy_mailbox_tries_later(relay):
    relay("451 Más tarde")
    notice = NoticeFactory(created_at=timezone.now())

    deliver_notices()

    notice.refresh_from_db()
    assert notice.state == NoticeState.RETRY
    assert notice.not_before > timezone.now()


class RefusingData(Refusing):
    """A relay that takes the mailbox and refuses the mail itself."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 -- named by aiosmtpd
        del server, session, options
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *command: object) -> str:  # noqa: N802 -- named by aiosmtpd
        del command
        return self.answer


@pytest.mark.parametrize(
    ("answer", "state"),
    [("554 Parece publicidad", NoticeState.FAILED), ("451 Más tarde", NoticeState.RETRY)],
)
def test_deliver_notices_refused_after_data_goes_on_with_the_rest(relay, answer, state):
    relay(answer, RefusingData)
    NoticeFactory.create_batch(2, created_at=timezone.now())

    deliver_notices()

    assert list(Notice.objects.values_list("state", flat=True)) == [state, state]


def test_deliver_notices_to_a_domain_with_accents(smtp_sink):
    NoticeFactory(to_email="ana@ñandú.example")

    assert deliver_notices() == 1
    assert smtp_sink.messages[0]["To"] == "Ana Gómez Martínez <ana@xn--and-6ma2c.example>"


def test_deliver_notices_with_an_address_that_cannot_be_written_fails_it_alone(smtp_sink):
    broken = NoticeFactory(to_email="añá@correo.example")
    NoticeFactory()

    delivered = deliver_notices()

    broken.refresh_from_db()
    assert (delivered, broken.state) == (1, NoticeState.FAILED)


def test_deliver_notices_whose_secret_is_no_longer_wanted_cancels_it(settings, smtp_sink):
    settings.NOTICE_SECRETS = {"MAIL": "tests.notices.test_tasks.refuse_to_mint"}
    notice = NoticeFactory(message="M-01", context=SAMPLES)

    deliver_notices()

    notice.refresh_from_db()
    assert notice.state == NoticeState.CANCELLED


def refuse_to_mint(*wanted: object, now: object) -> dict[str, str]:
    """Say as a minter does that the secret is not wanted any more."""
    raise NothingToTell


def test_deliver_notices_without_a_relay_ends_the_tick_and_keeps_all(settings):
    settings.EMAIL_BACKEND = "notices.relay.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    NoticeFactory.create_batch(3, created_at=timezone.now())

    delivered = deliver_notices()

    states = list(Notice.objects.order_by("pk").values_list("state", "lease_until"))
    assert delivered == 0
    assert states == [("RETRY", None)] * 3
