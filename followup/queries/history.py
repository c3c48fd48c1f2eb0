"""The history of a trámite in words, for the student and for the staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from school.models import User
from students.models import Enrollment, TimelineEntry


@dataclass(frozen=True)
class HistoryLine:
    """One line of components/_timeline.html."""

    title: str
    detail: str
    at: datetime
    who: str


_LABELS = {
    "folio": "Folio",
    "report": "Reporte",
    "subject": "Sobre",
    "reason": "Motivo",
    "note": "Explicación",
    "route": "Cómo se probó",
    "nss": "NSS",
    "version": "Versión",
    "override_reason": "Por qué se aceptó",
}
"""What of an entry's `data` is said, and how it is called; other keys are for machines."""


def timeline_of(enrollment: Enrollment) -> QuerySet[TimelineEntry]:
    """This will return the history of a stay, newest first, with who did what."""
    return enrollment.timeline.select_related("by").order_by("-at", "-pk")


def history_for_student(enrollment: Enrollment) -> list[HistoryLine]:
    """This will tell the student what happened and who did it: himself, the plantel or the portal."""
    return [
        HistoryLine(
            entry.get_event_display(), _folio(entry.data), entry.at, _who(entry.by, enrollment)
        )
        for entry in timeline_of(enrollment)
    ]


def history_for_staff(enrollment: Enrollment) -> list[HistoryLine]:
    """This will tell the staff what happened: who, when, before → after."""
    own = enrollment.student.user_id
    return [
        HistoryLine(
            entry.get_event_display(),
            detail_of(entry.data),
            entry.at,
            "El estudiante" if entry.by_id == own else str(entry.by or "El portal"),
        )
        for entry in timeline_of(enrollment)
    ]


def detail_of(data: dict[str, Any]) -> str:
    """This will put what an entry holds into words: «Folio: A26-05-000148. Grupo: 101 → 102»."""
    said = [f"{label}: {data[key]}" for key, label in _LABELS.items() if data.get(key)]
    said += [f"{name}: {before or '–'} → {after or '–'}" for name, before, after in _changes(data)]
    return ". ".join(said)


def _changes(data: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Each thing that changed with its value before and after."""
    changes = [_change(one) for one in data.get("changes", [])]
    if data.get("after"):
        changes.append(("NSS", data.get("before"), data["after"]))
    return changes


def _change(one: dict[str, Any] | list[Any]) -> tuple[str, Any, Any]:
    """A change of the roster comes as a list, one of the student's data as field, before, after."""
    if isinstance(one, list):
        return one[0], one[1], one[2]
    return one["field"], one.get("before"), one.get("after")


def _folio(data: dict[str, Any]) -> str:
    folio = data.get("folio")
    return f"Folio {folio}" if folio else ""


def _who(by: User | None, enrollment: Enrollment) -> str:
    if by is None:
        return "El portal"
    return "Tú" if by.pk == enrollment.student.user_id else "Control Escolar"
