"""Reads of stays: who must be insured, and which of them a person may see."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from school.access import Ability, planteles_with
from school.models import User
from students.models import Enrollment
from students.states import EnrollmentState


def needing_affiliation() -> QuerySet[Enrollment]:
    """This will return the stays that must end with an insured student: enrolled and not opted out.

    Every later stage starts here, so a renuncia or a baja stops all of them by one fact.
    """
    return Enrollment.objects.filter(state=EnrollmentState.ACTIVE)


def enrollments_for(
    user: User | AnonymousUser, ability: Ability = Ability.SEE_STUDENTS
) -> QuerySet[Enrollment]:
    """This will return the stays, open or over, of the planteles in which the person has the ability."""
    return Enrollment.objects.filter(plantel__in=planteles_with(user, ability)).select_related(
        "student", "plantel", "cycle"
    )
