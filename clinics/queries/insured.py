"""Who is insured now, and where the clinic step and the vigencia of one of them stand."""

from datetime import date

from django.db.models import QuerySet

from affiliation.queries.sending import is_insured as by_alta
from clinics.models import UMFRegistration, VigenciaCheck
from clinics.states import RegistrationState
from students.models import Enrollment
from students.queries.enrollments import needing_affiliation


def insured_stays() -> QuerySet[Enrollment]:
    """Return the stays in the cover whose student IMSS insures."""
    return needing_affiliation().filter(by_alta())


def is_insured(enrollment: Enrollment) -> bool:
    """Tell whether the stay is one of `insured_stays`."""
    return insured_stays().filter(pk=enrollment.pk).exists()


def registration_of(enrollment: Enrollment) -> UMFRegistration | None:
    """Return the clinic step of a stay; None while the plantel has not opened it."""
    found = UMFRegistration.objects.filter(enrollment=enrollment)
    return found.select_related("umf", "carnet").first()


def is_step_open(registration: UMFRegistration | None, *, today: date) -> bool:
    """Tell whether the student is asked for the clinic, or answered already, at the window even before."""
    return registration is not None and (has_clinic(registration) or registration.opens_on <= today)


def has_clinic(registration: UMFRegistration | None) -> bool:
    """Tell whether the student said in which clinic."""
    return registration is not None and registration.state == RegistrationState.REGISTERED


def current_check(enrollment: Enrollment) -> VigenciaCheck | None:
    """Return the vigencia that counts now; None while nothing was said, or the plantel asks again."""
    found = VigenciaCheck.objects.filter(enrollment=enrollment, is_current=True)
    return found.select_related("constancia").first()
