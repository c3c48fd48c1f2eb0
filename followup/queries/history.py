"""The history of a trámite in words, for the student and for the staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.prepared import Given, Prepared
from students.models import Enrollment, TimelineEntry
from students.states import Event


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
    "baja": "Tipo",
    "since": "Desde el",
    "moved_to": "A",
    "came_from": "De",
    "until": "Hasta el",
    "reason": "Motivo",
    "note": "Explicación",
    "cause": "Causa",
    "missing": "Falta",
    "route": "Cómo se probó",
    "nss": "NSS",
    "version": "Versión",
    "override_reason": "Por qué se aceptó",
}
"""What of an entry's `data` is said, and how it is called; other keys are for machines."""
_DID = {
    Event.SIGNED_IN_FIRST: "Entraste por primera vez",
    Event.EMAIL_CONFIRMED: "Confirmaste tu correo",
    Event.DATA_CONFIRMED: "Confirmaste tus datos",
    Event.DATA_CORRECTED: "Cambiaste tus datos",
    Event.ACUSE_UPLOADED: "Subiste un archivo",
    Event.ACUSE_SENT: "Enviaste tu acuse",
    Event.NSS_TYPED: "Escribiste tu NSS",
    Event.REPORT_SENT: "Reportaste un problema",
    Event.RENUNCIA_ISSUED: "Pediste tu renuncia",
    Event.RENUNCIA_WITHDRAWN: "Cambiaste de opinión y retiraste tu renuncia",
    Event.OPTED_IN: "Volviste a tu trámite",
}
"""What the student reads of his own deeds."""
_WAS_DONE = {
    Event.ENROLLED: "Quedaste en la lista del plantel",
    Event.ROSTER_CHANGED: "La lista del plantel cambió tus datos",
    Event.CONTACT_CORRECTED: "El plantel corrigió tu correo o celular",
    Event.ADDRESS_CORRECTED: "El plantel corrigió tu domicilio",
    Event.CURP_CORRECTED: "El plantel corrigió tu CURP",
    Event.STILL_ENROLLED: "El plantel dijo que sigues inscrito",
    Event.WITHDRAWN: "El plantel te dio de baja",
    Event.FINISHED: "Concluiste tu bachillerato",
    Event.TRANSFERRED: "Te cambiaste a otro plantel",
    Event.DRAFT_TAKEN: "El plantel envió a revisión el archivo que no habías confirmado",
    Event.WHATSAPP_OPENED: "Se abrió WhatsApp para escribirte",
    Event.CASE_CLASSIFIED: "El plantel revisó tu reporte",
    Event.OFICIO_ISSUED: "El plantel hizo el oficio para pedir tu NSS en la Subdelegación",
    Event.OFICIO_WITHDRAWN: "El plantel va a pedir tu NSS en otro oficio",
    Event.OFICIO_DELIVERED: "El plantel entregó el oficio en la Subdelegación",
    Event.DOCUMENT_ASKED: "La Subdelegación pidió un documento para darte tu NSS",
    Event.ANSWER_UNDONE: "El plantel corrigió lo que contestó la Subdelegación",
    Event.CITATORIO_ISSUED: "El plantel imprimió un citatorio para tu mamá, papá o tutor",
    Event.RENUNCIA_ISSUED: "El plantel expidió tu renuncia para firmar",
    Event.RENUNCIA_RECEIVED: "El plantel recibió tu renuncia firmada",
    Event.RENUNCIA_SCANNED: "El plantel archivó la hoja firmada de tu renuncia",
    Event.RENUNCIA_ACCEPTED: "El plantel registró tu renuncia",
    Event.RENUNCIA_UNDONE: "El plantel deshizo un paso de tu renuncia",
    Event.RENUNCIA_WITHDRAWN: "El plantel retiró tu renuncia porque cambiaste de opinión",
    Event.RENUNCIA_VOIDED: "El plantel anuló tu renuncia",
    Event.RENUNCIA_REVOKED: "El plantel canceló tu renuncia",
    Event.OPTED_OUT: "Quedaste fuera del seguro de estudiante",
    Event.OPTED_IN: "Volviste a tu trámite",
}
"""What the student reads of others' deeds, where the staff reads of a third person."""

_LINES = Prepared(
    lambda: TimelineEntry.objects.filter(enrollment=Given("enrollment")).order_by("-at", "-pk")
)
_SIGNED_LINES = Prepared(
    lambda: (
        TimelineEntry.objects.filter(enrollment=Given("enrollment"))
        .select_related("by")
        .order_by("-at", "-pk")
    )
)


def history_for_student(enrollment: Enrollment) -> list[HistoryLine]:
    """Tell the student what happened and who did it: himself, the plantel or the portal; newest first."""
    own = enrollment.student.user_id
    return [
        HistoryLine(_title(entry, own), _folio(entry.data), entry.at, _who(entry, own))
        for entry in _LINES.rows(enrollment=enrollment.pk)
    ]


def history_for_staff(enrollment: Enrollment, *, sees_address: bool) -> list[HistoryLine]:
    """Tell the staff what happened: who, when, before → after; newest first.

    Who may not see address and contact reads only which data changed, not what they said.
    """
    own = enrollment.student.user_id
    return [
        HistoryLine(
            entry.get_event_display(),
            detail_of(entry.data, sees_values=sees_address),
            entry.at,
            "El estudiante" if entry.by_id == own else str(entry.by or "El portal"),
        )
        for entry in _SIGNED_LINES.rows(enrollment=enrollment.pk)
    ]


def detail_of(data: dict[str, Any], *, sees_values: bool) -> str:
    """Put what an entry holds into words: «Folio: A26-05-000148. Grupo: 101 → 102».

    Personal data that changed are named alone unless their values may be seen; an NSS is kept masked.
    """
    said = [f"{label}: {data[key]}" for key, label in _LABELS.items() if data.get(key)]
    changes = [_change(one) for one in data.get("changes", [])]
    said += [_arrow(*change) if sees_values else change[0] for change in changes]
    if data.get("after"):
        said.append(_arrow("NSS", data.get("before"), data["after"]))
    return ". ".join(said)


def _arrow(name: str, before: Any, after: Any) -> str:
    return f"{name}: {before or '–'} → {after or '–'}"


def _change(one: dict[str, Any] | list[Any]) -> tuple[str, Any, Any]:
    """A change of the roster comes as a list, one of the student's data as field, before, after."""
    if isinstance(one, list):
        return one[0], one[1], one[2]
    return one["field"], one.get("before"), one.get("after")


def _title(entry: TimelineEntry, own: int) -> str:
    words = (_DID if entry.by_id == own else _WAS_DONE).get(Event(entry.event))
    return words or entry.get_event_display()


def _folio(data: dict[str, Any]) -> str:
    folio = data.get("folio")
    return f"Folio {folio}" if folio else ""


def _who(entry: TimelineEntry, own: int) -> str:
    if entry.by_id is None:
        return "El portal"
    return "Tú" if entry.by_id == own else "Control Escolar"
