"""Who looked at a full NSS or a document, or took a list along (LGPDPPSO 25–30; security T32)."""

from collections.abc import Iterable
from datetime import datetime

from school.models import User
from students.models import AccessEntry, Enrollment, StoredFile
from students.states import Look


def record_look(
    enrollment: Enrollment | None,
    look: Look,
    *,
    by: User,
    now: datetime,
    file: StoredFile | None = None,
    reason: str = "",
) -> AccessEntry:
    """Write down one look by a member of staff; call it in the transaction of the read.

    Without a stay it is a look at a file of which nobody knows yet whose it is.
    """
    return AccessEntry.objects.create(
        enrollment=enrollment, look=look, by=by, at=now, file=file, reason=reason
    )


def record_looks(
    enrollments: Iterable[Enrollment], look: Look, *, by: User, now: datetime
) -> list[AccessEntry]:
    """Write down that a member of staff looked at all of these at once; one statement."""
    return AccessEntry.objects.bulk_create(
        AccessEntry(enrollment=stay, look=look, by=by, at=now) for stay in enrollments
    )
