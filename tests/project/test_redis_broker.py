"""A broker that is frozen while it is told that a message is done."""

from collections.abc import Iterator

import pytest
from kombu import Connection, Consumer, Queue
from kombu.message import Message

from imss_afiliacion.celery import app
from imss_afiliacion.redis_broker import Transport
from tests.faults.processes import Redis, redis

QUEUE = Queue("quick")
IMPATIENT = {"socket_timeout": 0.2, "max_retries": 0}


@pytest.fixture
def broker(tmp_path) -> Iterator[Redis]:
    """Run a Redis that the test may freeze."""
    with redis(tmp_path) as server:
        yield server


@pytest.fixture
def connection(broker) -> Iterator[Connection]:
    """Speak to it as the workers do, only with less patience."""
    with Connection(broker.url, transport=Transport, transport_options=IMPATIENT) as opened:
        yield opened


def put(connection: Connection, *bodies: str) -> None:
    """Put these messages in the queue."""
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(body, routing_key=QUEUE.name, declare=[QUEUE])


@pytest.mark.parametrize("answer", ["ack", "reject", "requeue"])
def test_worker_goes_on_after_an_answer_that_was_lost(broker, connection, answer):
    put(connection, "first", "second")
    taken: list[Message] = []
    with Consumer(
        connection.channel(), [QUEUE], callbacks=[lambda body, message: taken.append(message)]
    ) as worker:
        worker.qos(prefetch_count=1)
        connection.drain_events(timeout=5)
        broker.process.freeze()
        with pytest.raises(connection.connection_errors):
            getattr(taken[0], answer)()
        broker.process.thaw()

        connection.drain_events(timeout=5)

    assert [message.payload for message in taken] == ["first", "second"]


def test_worker_uses_it():
    with app.connection_for_write("redis://localhost/0") as connection:
        assert isinstance(connection.transport, Transport)
