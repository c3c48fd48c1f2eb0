"""E-18: the copy of a student's data as a PDF that people can read. Called by the worker alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone

from common.dates import plain_date
from common.pdf import render_pdf
from followup.queries.history import detail_of
from followup.queries.own_copy import whole_copy
from students.models import Enrollment

_HEADINGS = {
    "de_la_inscripcion": "Lo que trajo tu inscripción",
    "datos": "Lo que diste",
    "declaraciones": "Lo que declaraste",
    "historial": "Qué pasó",
    "consultas": "Quién vio tus datos",
    "acuses": "Tus acuses",
    "reportes": "Tus reportes",
    "renuncias": "Tus renuncias",
    "bajas": "Tus bajas",
    "envios_al_imss": "Lo que tu plantel mandó al IMSS",
    "clinica": "Tu clínica",
    "vigencias": "Lo que dijiste de tu vigencia",
    "avisos": "Lo que te escribimos",
    "archivos": "Tus archivos",
}
_EARLIER = "inscripciones_anteriores"
_SPELT = {
    "nss": "NSS",
    "curp": "CURP",
    "sha256": "SHA-256",
    "matricula": "matrícula",
    "situacion": "situación",
    "version": "versión",
    "explicacion": "explicación",
    "que": "qué",
    "quien": "quién",
    "cuando": "cuándo",
    "paso": "pasó",
    "mas": "más",
    "umf": "UMF",
    "abrio": "abrió",
    "leido": "leído",
    "medico": "médico",
    "termino": "terminó",
    "como": "cómo",
    "probo": "probó",
}
_NOTHING = "—"


@dataclass(frozen=True)
class Section:
    """One heading with its entries, each a list of label and value."""

    heading: str
    entries: list[list[tuple[str, str]]]


def draw_copy(enrollment: Enrollment, *, now: datetime) -> bytes:
    """Draw everything that the portal keeps about the student: the file for machines, in words."""
    zone = enrollment.plantel.zone
    page = {
        "student": enrollment.student,
        "drawn_on": plain_date(timezone.localdate(now, zone)),
        "sections": sections_of(whole_copy(enrollment), zone),
    }
    html = render_to_string("followup/print/my_data.html", page)
    return render_pdf(html, stylesheets=("my_data.css",))


def sections_of(
    copy: dict[str, Any], zone: ZoneInfo, heading: str = "Tu inscripción"
) -> list[Section]:
    """Put a copy under headings, earlier stays after the present one; times are the plantel's."""
    alone = {name: one for name, one in copy.items() if name not in {*_HEADINGS, _EARLIER}}
    sections = [Section(heading, [_entry(alone, zone)])]
    for name, words in _HEADINGS.items():
        rows = copy[name] if isinstance(copy[name], list) else [copy[name]]
        sections.append(Section(words, [_entry(row, zone) for row in rows if row]))
    for stay in copy.get(_EARLIER, ()):
        sections += sections_of(stay, zone, f"Tu inscripción anterior: {stay['ciclo']}")
    return sections


def _entry(row: dict[str, Any], zone: ZoneInfo) -> list[tuple[str, str]]:
    if "detalle" in row:
        row = row | {"detalle": detail_of(row["detalle"], sees_values=True)}
    return [(_label(name), _value(one, zone)) for name, one in row.items()]


def _label(name: str) -> str:
    words = " ".join(_SPELT.get(word, word) for word in name.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _value(one: Any, zone: ZoneInfo) -> str:
    if isinstance(one, datetime):
        local = one.astimezone(zone)
        return f"{plain_date(local.date())}, {local:%H:%M}"
    if isinstance(one, date):
        return plain_date(one)
    if isinstance(one, bool):
        return "Sí" if one else "No"
    if isinstance(one, dict):
        return (
            "; ".join(f"{_label(name)}: {_value(inner, zone)}" for name, inner in one.items())
            or _NOTHING
        )
    return str(one) if one not in (None, "") else _NOTHING
