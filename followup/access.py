"""Who may open a student's file: the plantel's people at once, the subsystem's after writing why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from school.access import Ability, SignedInRequest, abilities_of
from students.models import Enrollment

SESSION_KEY = "file_reasons"
REASON_LASTS = timedelta(minutes=30)


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


def file_access(request: SignedInRequest, public_id: str, *, now: datetime) -> FileAccess:
    """This will return the file with what the person may see of it.

    Raises Http404 outside the person's planteles, PermissionDenied for a role that opens no files.
    """
    enrollment = get_object_or_404(
        Enrollment.objects.select_related("student", "plantel", "cycle"), public_id=public_id
    )
    abilities = abilities_of(request.user, enrollment.plantel)
    if not abilities:
        raise Http404
    if Ability.SEE_STUDENTS in abilities:
        return FileAccess(enrollment, abilities, is_open=True)
    if Ability.SEE_STUDENT_FILE_WITH_REASON not in abilities:
        raise PermissionDenied
    reason = _reason_given(request, public_id, now=now)
    return FileAccess(enrollment, abilities, is_open=bool(reason), reason=reason)


def remember_reason(
    request: SignedInRequest, public_id: str, reason: str, *, now: datetime
) -> None:
    """This will let the person in for half an hour of this login session."""
    reasons = dict(request.session.get(SESSION_KEY, {}))
    reasons[public_id] = {"until": (now + REASON_LASTS).isoformat(), "reason": reason}
    request.session[SESSION_KEY] = reasons


def _reason_given(request: SignedInRequest, public_id: str, *, now: datetime) -> str:
    given = request.session.get(SESSION_KEY, {}).get(public_id)
    if not given or datetime.fromisoformat(given["until"]) < now:
        return ""
    return str(given["reason"])
