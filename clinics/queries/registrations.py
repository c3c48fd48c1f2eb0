"""What was said about the clinic, and the plantel's list of who said it."""

from dataclasses import dataclass

from clinics.models import UMFRegistration
from clinics.states import Turno


@dataclass(frozen=True)
class ClinicReport:
    """What the carnet says: the number of the UMF, and when and where there the student is attended."""

    number: int
    turno: Turno = Turno.UNKNOWN
    consultorio: str = ""


def report_of(registration: UMFRegistration) -> ClinicReport | None:
    """This will return what was answered; None while nothing was."""
    if registration.umf is None:
        return None
    return ClinicReport(
        registration.umf.number, Turno(registration.turno), registration.consultorio
    )
