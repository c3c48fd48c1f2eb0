"""What the review page shows of one case, whoever may see how much of it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from nss.forms.review import ReturnForm, ReviewedNSSForm
from nss.models import Acuse
from nss.queries.acuses import known_nss, read_nss, reading_of
from nss.queries.comparison import compare
from nss.queries.queue import (
    Part,
    QueueFilter,
    count_parts,
    look_of_another,
    review_run,
)
from nss.queries.reasons import return_reasons
from nss.states import AcuseState, ReturnReason
from nss.views.pictures import pictures_of
from school.access import Ability, SignedInRequest
from school.models import User
from school.queries.scope import chosen_clave
from students.access import is_open

UNDO_SECONDS = 10


def queue_filter(request: SignedInRequest) -> QueueFilter:
    """Return the part of the queue that the address and the bar's plantel ask for."""
    part = request.GET.get("cola", "")
    return QueueFilter(
        part=part if part in Part.values else "",
        plantel=request.GET.get("plantel", "") or chosen_clave(request, Ability.REVIEW_ACUSE),
        group=request.GET.get("grupo", ""),
    )


def case_context(
    request: SignedInRequest, acuse: Acuse, *, abilities: dict[str, bool], now: datetime
) -> dict[str, Any]:
    """Return everything below the bar: pages, comparison, warnings, what may be pressed."""
    reading = reading_of(acuse)
    enrollment = acuse.request.enrollment
    number = acuse.nss or read_nss(reading) or known_nss(acuse)
    return {
        "acuse": acuse,
        "enrollment": enrollment,
        "student": enrollment.student,
        "reading": reading,
        "pictures": pictures_of(acuse, reading),
        "comparison": compare(acuse, reading, is_masked=not abilities["sees_nss"]),
        "due": _due(acuse, now),
        "nss_form": ReviewedNSSForm(initial={"nss": number}),
        "return_form": ReturnForm(),
        "reasons": return_reasons(),
        "other_reason": ReturnReason.OTHER,
        "is_open": acuse.state == AcuseState.RECEIVED and is_open(acuse.request.enrollment),
        "has_left": not is_open(acuse.request.enrollment),
        "seen_by": look_of_another(acuse, request.user, now=now),
        **abilities,
    }


def queue_context(request: SignedInRequest, user: User, *, since: datetime) -> dict[str, Any]:
    """Return the head of the page: progress and the three parts as chips."""
    wanted = queue_filter(request)
    counts = count_parts(user, wanted)
    waiting = counts[wanted.part] if wanted.part else sum(counts.values())
    reviewed = review_run(user, since=since).reviewed
    return {
        "position": reviewed + 1,
        "total": reviewed + waiting,
        "parts": [
            {
                "value": part.value,
                "label": part.label,
                "count": counts[part.value],
                "is_current": part.value == wanted.part,
            }
            for part in Part
        ],
    }


def last_decision(user: User, public_id: str, *, now: datetime) -> dict[str, Any] | None:
    """Return the toast of what was just decided, while it can still be undone with one key."""
    if not public_id:
        return None
    acuse = (
        Acuse.objects.filter(public_id=public_id, reviewed_by=user, reviewed_at__isnull=False)
        .select_related("request__enrollment__student")
        .first()
    )
    if acuse is None or acuse.reviewed_at is None:
        return None
    left = UNDO_SECONDS - int((now - acuse.reviewed_at).total_seconds())
    if left <= 0:
        return None
    return {
        "text": f"{_done(acuse)} {acuse.request.enrollment.student.full_name}.",
        "seconds": left,
        "public_id": public_id,
    }


def queue_query(request: SignedInRequest, *extra: str) -> dict[str, str]:
    """Return the reviewer's part of the queue, carried from page to page."""
    names = ("cola", "grupo", "plantel", *extra)
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def queue_string(request: SignedInRequest) -> str:
    """Return the same, ready to stand behind an address; empty for the whole queue."""
    query = urlencode(queue_query(request))
    return f"?{query}" if query else ""


def who_decided(acuse: Acuse, *, now: datetime) -> str:
    """Say who was faster: «Laura ya lo aceptó hace 8 s»."""
    acuse.refresh_from_db()
    if acuse.reviewed_by is None or acuse.reviewed_at is None:
        return "El estudiante ya mandó otro archivo, o el plantel registró el NSS"
    verb = "aceptó" if acuse.state == AcuseState.ACCEPTED else "rechazó"
    return f"{acuse.reviewed_by.get_short_name()} ya lo {verb} {_ago(now - acuse.reviewed_at)}"


def _done(acuse: Acuse) -> str:
    if acuse.state == AcuseState.ACCEPTED:
        return "Aceptaste a"
    if acuse.return_reason == ReturnReason.IMSS_DATA_WRONG:
        return "Pasaste a caso el acuse de"
    return "Rechazaste el acuse de"


def _ago(span: Any) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"hace {seconds} s"
    if seconds < 3600:
        return f"hace {seconds // 60} min"
    return f"hace {seconds // 3600} h"


def _due(acuse: Acuse, now: datetime) -> dict[str, Any]:
    """When the review was promised for, in the plantel's own days."""
    today = now.astimezone(acuse.request.enrollment.plantel.zone).date()
    due_on = acuse.review_due_on
    if due_on is None:
        return {"words": "", "is_late": False}
    days = (due_on - today).days
    words = {0: "revisar hoy", 1: "revisar mañana"}.get(days, "")
    return {"on": due_on, "words": words, "is_late": days < 0}
