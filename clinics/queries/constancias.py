"""The constancias: which wait to be read, which may be added, and what was read beside what was said."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from clinics.models import VigenciaCheck
from clinics.states import VIGENTE, VigenciaResult
from students.states import FileState


@dataclass(frozen=True)
class ConstanciaRead:
    """What the machine read: a help for who looks, never a verdict; `right` is SÍ, NO or empty."""

    right: str
    contradicts: bool
    umf: int | None
    issued_on: date | None
    is_of_another: bool


def constancias_to_read() -> QuerySet[VigenciaCheck]:
    """Return the reports whose constancia nobody read yet, the oldest first."""
    return VigenciaCheck.objects.filter(constancia__isnull=False, reading__isnull=True).order_by(
        "reported_at", "pk"
    )


def may_attach(check: VigenciaCheck) -> bool:
    """Tell whether a constancia still belongs to what was said: none came, or it did not open."""
    says_something = check.is_current and check.result != VigenciaResult.NOT_CONSULTED
    return says_something and (
        check.constancia is None or check.constancia.state == FileState.REFUSED
    )


def constancia_read(check: VigenciaCheck) -> ConstanciaRead | None:
    """Return what was read in the constancia; None without one, while it waits, or where nothing was."""
    reading = check.reading
    if not reading:
        return None
    has_right, day = reading["has_right"], reading["issued_on"]
    return ConstanciaRead(
        right={True: "SÍ", False: "NO", None: ""}[has_right],
        contradicts=has_right is not None and has_right != (check.result in VIGENTE),
        umf=reading["umf"],
        issued_on=date.fromisoformat(day) if day else None,
        is_of_another=reading["is_own"] is False,
    )
