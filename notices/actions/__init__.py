from notices.actions.delivery import (
    fail_notice,
    leave_in_doubt,
    mark_sent,
    mark_taken,
    put_back,
    retry_later,
    send_again,
    start_sending,
)
from notices.actions.queue import (
    Draft,
    NothingToTell,
    NotYet,
    Recipient,
    cancel,
    queue,
    queue_many,
)
from notices.actions.relay import note_answer, note_silence

__all__ = [
    "Draft",
    "NotYet",
    "NothingToTell",
    "Recipient",
    "cancel",
    "fail_notice",
    "leave_in_doubt",
    "mark_sent",
    "mark_taken",
    "note_answer",
    "note_silence",
    "put_back",
    "queue",
    "queue_many",
    "retry_later",
    "send_again",
    "start_sending",
]
