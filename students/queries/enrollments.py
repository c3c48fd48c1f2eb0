"""Reads of stays: who must be insured, and which of them a person may see."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from school.access import Ability, planteles_with
from school.models import User
from students.models import Enrollment
from students.states import EnrollmentState


def needing_affiliation() -> QuerySet[Enrollment]:
    """Return the stays that must end with an insured student: enrolled and not opted out.

    Every later stage starts here, so a renuncia or a baja stops all of them by one fact.
    """
    return Enrollment.objects.filter(state=EnrollmentState.ACTIVE)


def enrollments_for(
    user: User | AnonymousUser, ability: Ability = Ability.SEE_STUDENTS
) -> QuerySet[Enrollment]:
    """Return the stays, open or over, of the planteles in which the person has the ability."""
    return Enrollment.objects.filter(plantel__in=planteles_with(user, ability)).select_related(
        "student", "plantel", "cycle"
    )


def about_stay(enrollment: Enrollment) -> str:
    """Return how papers name the stay that they are for."""
    return f"enrollment:{enrollment.pk}"


def stays_about(abouts: Iterable[str]) -> dict[str, Enrollment]:
    """Return the stays that papers are about, by what `about_stay` says of each."""
    ids = [int(about.removeprefix("enrollment:")) for about in abouts]
    stays = Enrollment.objects.filter(pk__in=ids).select_related("student")
    return {about_stay(stay): stay for stay in stays}
