"""What was given, as rows of label and value with «Cambiar»."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from students.access import is_open
from students.identity import CurpError, parse_curp
from students.models import Enrollment, StudentData
from students.queries.data import is_minor
from students.queries.sign_in import data_of


@dataclass(frozen=True)
class Row:
    """One line of a summary; no `change_url`, no link."""

    label: str
    value: str
    change_url: str = ""
    change_text: str = ""


def person_rows(enrollment: Enrollment) -> list[Row]:
    """Return who the plantel says it is: nothing here is typed by the student."""
    student = enrollment.student
    rows = [Row("Nombre", student.full_name)]
    if student.curp:
        rows += [Row("CURP", student.curp), Row("De tu CURP leímos", curp_sentence(student.curp))]
    group = f", grupo {enrollment.group}" if enrollment.group else ""
    return [*rows, Row("Plantel y grupo", f"{enrollment.plantel}{group}")]


def curp_sentence(curp: str) -> str:
    """Return what the CURP says; nothing for one that an old roster let through."""
    try:
        return parse_curp(curp).sentence
    except CurpError:
        return ""


def summary_rows(enrollment: Enrollment) -> list[Row]:
    """Return everything given, with «Cambiar» while the stay is open and the datum is not at IMSS."""
    data = data_of(enrollment)
    rows = person_rows(enrollment)
    if data:
        rows += [*_contact_rows(data), *_unchanging(_imss_rows(data), enrollment.sent_to_imss_at)]
    return rows if is_open(enrollment) else _unchanging(rows, True)


def _unchanging(rows: list[Row], is_closed: object) -> list[Row]:
    return [Row(row.label, row.value) for row in rows] if is_closed else rows


def contact_of_draft(enrollment: Enrollment, *, today: date) -> dict[str, Any]:
    """Return how E-03 opens: with what was given, or else what the roster knows."""
    data = data_of(enrollment)
    is_confirmed = data is not None and data.email_confirmed_at is not None
    return {
        "initial": {
            "email": (data.email if data else "") or enrollment.roster_email,
            "phone": (data.phone if data else "") or _roster_phone(enrollment, data),
            "accepts_whatsapp": bool(data and data.accepts_whatsapp),
            "guardian_contact": data.guardian_contact if data else "",
        },
        "is_minor": is_minor(enrollment.student, today=today),
        "asks_email": not (is_confirmed or (data is not None and data.confirmed_at)),
    }


def _roster_phone(enrollment: Enrollment, data: StudentData | None) -> str:
    """Only before the step was answered: an empty phone may be an answer."""
    return "" if data and data.email else enrollment.roster_phone


def _contact_rows(data: StudentData) -> list[Row]:
    contact = reverse("students:contact")
    email = reverse("students:change_email") if data.confirmed_at else contact
    whatsapp = " (también por WhatsApp)" if data.phone and data.accepts_whatsapp else ""
    rows = [
        Row("Correo electrónico", data.email, email, "correo electrónico"),
        Row("Celular", (data.phone or "No lo diste") + whatsapp, contact, "celular"),
    ]
    if data.guardian_contact:
        label = "Mamá, papá o tutor"
        rows.append(Row(label, data.guardian_contact, contact, "contacto de tu familia"))
    return rows


def _imss_rows(data: StudentData) -> list[Row]:
    return [
        Row("Domicilio", _address(data), reverse("students:address"), "domicilio"),
        Row(
            "Otro servicio médico",
            data.get_other_cover_display(),
            reverse("students:other_cover"),
            "otro servicio médico",
        ),
    ]


def _address(data: StudentData) -> str:
    interior = f", interior {data.interior_number}" if data.interior_number else ""
    notes = f". {data.address_notes}" if data.address_notes else ""
    street = f"{data.street} {data.exterior_number}{interior}"
    place = f"C.P. {data.postal_code}, {data.municipio}, {data.estado}"
    return f"{street}, {data.colonia}, {place}{notes}"
