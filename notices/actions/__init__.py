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
    resume,
    set_aside,
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
    "resume",
    "retry_later",
    "send_again",
    "set_aside",
    "start_sending",
]
