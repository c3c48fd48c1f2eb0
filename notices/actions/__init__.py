from notices.actions.delivery import (
    fail_notice,
    mark_sent,
    retry_later,
    send_again,
    start_sending,
)
from notices.actions.queue import Recipient, cancel, queue

__all__ = [
    "Recipient",
    "cancel",
    "fail_notice",
    "mark_sent",
    "queue",
    "retry_later",
    "send_again",
    "start_sending",
]
