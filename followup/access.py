"""Who may open a student's file: the plantel's people at once, the subsystem's after writing why."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from school.access import Ability, SignedInRequest, abilities_of, require
from students.access import reason_given
from students.models import Enrollment


@dataclass(frozen=True)
class FileAccess:
    """A student's file as one person may see it; until `is_open`, nothing of it is shown."""

    enrollment: Enrollment
    abilities: set[Ability]
    is_open: bool
    reason: str = ""

    @property
    def sees_nss(self) -> bool:
        """Whether the person may ask for the whole NSS."""
        return Ability.SEE_FULL_NSS in self.abilities or bool(self.reason)

    @property
    def sees_address(self) -> bool:
        """Whether address and contact are shown."""
        return Ability.SEE_ADDRESS in self.abilities or bool(self.reason)


def file_access(
    request: SignedInRequest, enrollment: Enrollment | None, *, now: datetime
) -> FileAccess:
    """Return the file of a stay with what the person may see of it.

    Raises Http404 for no stay and outside the person's planteles, PermissionDenied for a role that opens no files.
    """
    if enrollment is None:
        raise Http404
    require(request.user, Ability.OPEN_STUDENT_FILE, enrollment.plantel)
    abilities = abilities_of(request.user, enrollment.plantel)
    if Ability.SEE_STUDENTS in abilities:
        return FileAccess(enrollment, abilities, is_open=True)
    reason = reason_given(request, enrollment.public_id, now=now)
    return FileAccess(enrollment, abilities, is_open=bool(reason), reason=reason)
