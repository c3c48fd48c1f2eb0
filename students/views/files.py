"""The one view that sends a file."""

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from school.access import Ability, SignedInRequest, fresh_for, may, require
from school.states import Role
from students.access import reason_given
from students.actions.files import absolute
from students.actions.looks import record_look
from students.queries.files import Sendable, sendable
from students.states import Look


@require_safe
@transaction.atomic
def send_file(request: SignedInRequest, public_id: str, what: str) -> HttpResponse:
    """Send a safe picture inline or an original as a download; a look by staff is written down with it."""
    found = sendable(public_id, what)
    if found is None:
        raise Http404
    send = fresh_for(Role.ADMIN)(_send) if found.look == Look.ORIGINAL else _send
    return send(request, found)


def _send(request: SignedInRequest, found: Sendable) -> HttpResponse:
    stay, user, now = found.stay, request.user, timezone.now()
    if stay is None or stay.student.user_id != user.pk:
        reason = _reason_of(request, found, now=now)
        record_look(stay, found.look, by=user, now=now, file=found.file, reason=reason)
    return _response(found)


def _reason_of(request: SignedInRequest, found: Sendable, *, now: datetime) -> str:
    """The subsystem's people look for a reason that they wrote before; the plantel's need none.

    No reason opens a signed sheet to who does not handle renuncias.
    """
    stay, plantel = found.stay, found.file.plantel
    is_for_reasons = found.ability != Ability.REGISTER_RENUNCIA and may(
        request.user, Ability.SEE_STUDENT_FILE_WITH_REASON, plantel
    )
    if stay is not None and is_for_reasons:
        reason = reason_given(request, stay.public_id, now=now)
        if reason:
            return reason
    require(request.user, found.ability, plantel)
    return ""


def _response(found: Sendable) -> HttpResponse:
    """The web server sends the bytes where it can; the headers are the same either way.

    Ten megabytes at most, so they are read whole: nothing stays open when the client goes away.
    """
    path = absolute(found.path)
    if not path.is_file():
        raise Http404
    is_original = found.look == Look.ORIGINAL
    headers = {
        "Content-Disposition": content_disposition_header(is_original, found.name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    if settings.X_ACCEL_REDIRECT:
        headers["X-Accel-Redirect"] = settings.X_ACCEL_REDIRECT + quote(found.path)
        return HttpResponse(content_type=found.content_type, headers=headers)
    return HttpResponse(path.read_bytes(), content_type=found.content_type, headers=headers)
