"""The imports of the wizard: whose, which wait for the worker, and whom they brought."""

from datetime import datetime

from django.db.models import Q, QuerySet

from notices.models import Notice
from school.access import Ability, planteles_with
from school.models import User
from students.models import Enrollment, RosterImport
from students.states import EnrollmentState, ImportState

ACTIVATION = "M-01"


def roster_imports_for(user: User) -> QuerySet[RosterImport]:
    """This will return the imports of the planteles whose roster the person may load, newest first."""
    planteles = planteles_with(user, Ability.IMPORT_ROSTER)
    return RosterImport.objects.filter(plantel__in=planteles).select_related(
        "plantel", "cycle", "created_by", "file"
    )


def rosters_due(now: datetime) -> QuerySet[RosterImport]:
    """This will return the imports that wait for the worker: to be read, checked or imported."""
    waiting = (ImportState.UPLOADED, ImportState.MATCHED, ImportState.CONFIRMED)
    return RosterImport.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lte=now), state__in=waiting
    ).order_by("created_at")


def to_activate(roster_import: RosterImport) -> list[Enrollment]:
    """This will return the new students of an import who have not entered and were not written to yet."""
    stays = Enrollment.objects.filter(
        pk__in=roster_import.report.get("created", []),
        state=EnrollmentState.ACTIVE,
        first_signed_in_at__isnull=True,
    ).exclude(roster_email="")
    told = set(
        Notice.objects.filter(
            message=ACTIVATION,
            plantel=roster_import.plantel,
            created_at__gte=roster_import.created_at,
        ).values_list("about", flat=True)
    )
    return [
        stay
        for stay in stays.select_related("student", "plantel")
        if f"enrollment:{stay.pk}" not in told
    ]
