"""The broker in earnest: kombu's Redis, with a worker that goes on after an answer that never came.

A worker takes one message at a time. kombu counts a message as done once Redis confirmed it: when Redis is frozen in
that moment, the confirmation times out, the error is logged, and the worker takes no message ever again. Here the
message counts as done for the worker in any case; in Redis it stays until the visibility timeout and is then given
out once more, which every task bears.
"""

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Counts what the worker holds."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class Channel(redis.Channel):
    """What a worker reads from."""

    QoS = QoS


class Transport(redis.Transport):
    """What a `redis://` address means here."""

    Channel: Any = Channel
