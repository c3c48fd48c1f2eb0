"""New versions of the editable texts; those that decide who is reminded when have everybody looked at again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from common.bulk import insert_from_query
from school.actions.texts import publish_text, restore_text
from school.models import TextVersion, User
from school.states import TextKind
from students.actions.reminders import AT_ONCE
from students.models import Enrollment, NextLook
from students.states import EnrollmentState


@transaction.atomic
def publish_version(
    kind: TextKind, fields: dict[str, Any], *, based_on: int, by: User, now: datetime
) -> TextVersion:
    """Put a new version of a text in use. Raises what publish_text raises."""
    return _put_in_use(publish_text(kind, fields, based_on=based_on, by=by, now=now))


@transaction.atomic
def restore_version(version: TextVersion, *, by: User, now: datetime) -> TextVersion:
    """Put what an old version said in use again. Raises what restore_text raises."""
    return _put_in_use(restore_text(version, by=by, now=now))


def _put_in_use(version: TextVersion) -> TextVersion:
    if version.kind == TextKind.ESCALERA:
        _look_at_all_again()
    return version


def _look_at_all_again() -> None:
    """Two statements for a whole school system: the sweep works out who is told what, and when."""
    stays = Enrollment.objects.filter(state=EnrollmentState.ACTIVE, acuse_due_on__isnull=False)
    insert_from_query(NextLook, stays, {"enrollment_id": F("pk"), "at": AT_ONCE})
    NextLook.objects.update(at=AT_ONCE)
