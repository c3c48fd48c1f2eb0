from notices.actions.delivery import (
    fail_notice,
    mark_sent,
    retry_later,
    send_again,
    start_sending,
)
from notices.actions.queue import (
    Draft,
    NothingToTell,
    Recipient,
    cancel,
    queue,
    queue_many,
)

__all__ = [
    "Draft",
    "NothingToTell",
    "Recipient",
    "cancel",
    "fail_notice",
    "mark_sent",
    "queue",
    "queue_many",
    "retry_later",
    "send_again",
    "start_sending",
]
