"""The way in for foreign files: limits, first bytes, refusals, and the runner of limited children.

Nothing here parses a file in the process that serves a page: `run_child` starts a disposable one.
"""

from common.uploads.kinds import (
    DOCUMENT,
    HEAD_BYTES,
    MAX_BYTES_PER_STUDENT,
    MAX_FILES_PER_STUDENT,
    MAX_PILE_PAGES,
    PHOTO,
    PILE,
    ROSTER,
    Kind,
    Purpose,
    check_size,
    kind_of,
)
from common.uploads.refusals import Refusal, Refused, sentence_of
from common.uploads.runner import ChildResult, Limits, NoSlot, run_child, with_room_for

__all__ = [
    "DOCUMENT",
    "HEAD_BYTES",
    "MAX_BYTES_PER_STUDENT",
    "MAX_FILES_PER_STUDENT",
    "MAX_PILE_PAGES",
    "PHOTO",
    "PILE",
    "ROSTER",
    "ChildResult",
    "Kind",
    "Limits",
    "NoSlot",
    "Purpose",
    "Refusal",
    "Refused",
    "check_size",
    "kind_of",
    "run_child",
    "sentence_of",
    "with_room_for",
]
