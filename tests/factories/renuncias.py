"""Synthetic renuncias, each led by the real verbs to the state in which a test wants it."""

from typing import Any

from renuncias.actions import accept_renuncia, ask_renuncia, receive_renuncia
from renuncias.models import Renuncia
from renuncias.states import Motive
from school.models import User
from school.states import Role
from students.models import Enrollment
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory


def issued(
    enrollment: Enrollment | None = None, *, by: User | None = None, **answers: Any
) -> Renuncia:
    """Return a renuncia that waits for signatures."""
    stay = enrollment or EnrollmentFactory()
    given = {"motive": Motive.IMSS_FAMILY} | answers
    return ask_renuncia(stay, given, by=by or stay.student.user, now=NOW)


def signed(enrollment: Enrollment | None = None, **answers: Any) -> Renuncia:
    """Return a renuncia whose signed sheet is at the plantel."""
    renuncia = issued(enrollment, **answers)
    return receive_renuncia(renuncia, by=responsable_of(renuncia), now=NOW)


def registered(enrollment: Enrollment | None = None, **answers: Any) -> Renuncia:
    """Return a renuncia that counts: the student is out of the cover."""
    renuncia = signed(enrollment, **answers)
    return accept_renuncia(renuncia, by=responsable_of(renuncia), now=NOW)


def responsable_of(renuncia: Renuncia) -> User:
    """Return somebody who handles renuncias in the plantel."""
    known = renuncia.plantel.memberships.filter(role=Role.RESPONSABLE).first()
    return known.user if known else staff(Role.RESPONSABLE, renuncia.plantel, name="L. Ríos")
