"""Whom to ask in each plantel, and what the plantel needs to know from the student."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse

from school.models import Membership, Plantel
from school.states import Role
from students.models import Enrollment

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment


@dataclass(frozen=True)
class PlantelContact:
    """The responsable of one plantel and where to find that person; the name is empty when there is none."""

    plantel: Plantel
    name: str


@dataclass(frozen=True)
class CheckRow:
    """One line of «check your answers»."""

    label: str
    value: str
    change_url: str
    change_text: str = ""


def contacts() -> list[PlantelContact]:
    """Return every active plantel with its responsable, in two queries."""
    responsables = Membership.objects.filter(
        role=Role.RESPONSABLE, is_substitute=False, user__is_active=True
    ).select_related("user")
    planteles = Plantel.objects.filter(is_active=True).prefetch_related(
        Prefetch("memberships", responsables.order_by("pk"), to_attr="responsables")
    )
    return [
        PlantelContact(one, next((found.user.name for found in one.responsables), ""))
        for one in planteles
    ]


def rows_to_check(enrollment: "StandingEnrollment") -> list[CheckRow]:
    """Return what the responsable needs to ask for the NSS, each with where to change it."""
    student, data = enrollment.student, getattr(enrollment, "data", None)
    wrong_in_roster = reverse("followup:report_roster_data")
    rows = [
        CheckRow("Nombre", student.full_name, wrong_in_roster),
        CheckRow("CURP", student.curp or "Falta", wrong_in_roster, "CURP"),
    ]
    if data is not None:
        rows += [
            CheckRow("Correo", data.email, reverse("students:contact")),
            CheckRow("Celular", data.phone or "No lo diste", reverse("students:contact")),
            CheckRow("Domicilio", address_of(enrollment), reverse("students:address")),
        ]
    return rows


def address_of(enrollment: Enrollment) -> str:
    """Write the address in one line, as on an envelope; empty without one."""
    data = getattr(enrollment, "data", None)
    if data is None:
        return ""
    interior = f"int. {data.interior_number}" if data.interior_number else ""
    street = " ".join(filter(None, [data.street, data.exterior_number, interior]))
    code = f"C.P. {data.postal_code}" if data.postal_code else ""
    return ", ".join(filter(None, [street, data.colonia, code, data.municipio, data.estado]))
