"""C-05: the oficios of the planteles, their rows, and what is known of each student in them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from common.dates import plain_date
from followup.models import Escalation, Oficio, OficioItem
from followup.queries.contacts import address_of
from school.access import Ability, planteles_with
from school.models import User
from students.identity import parse_curp
from students.models import Enrollment


def oficios_for(user: User) -> QuerySet[Oficio]:
    """Return the oficios of the planteles in which the person may see them, newest first."""
    planteles = planteles_with(user, Ability.SEE_REPORTS)
    return Oficio.objects.filter(plantel__in=planteles).select_related(
        "plantel", "subdelegacion", "paper"
    )


def with_counts(oficios: QuerySet[Oficio]) -> QuerySet[Oficio]:
    """Add how many rows each oficio has and how many of them are answered."""
    standing = Q(items__withdrawn_at__isnull=True)
    return oficios.annotate(
        rows=Count("items", filter=standing),
        answered=Count("items", filter=standing & Q(items__answered_at__isnull=False)),
    ).order_by("-created_at", "-pk")


def items_of(oficio: Oficio) -> QuerySet[OficioItem]:
    """Return the rows that stand in an oficio now, in their order."""
    rows = OficioItem.objects.filter(oficio=oficio, withdrawn_at__isnull=True)
    return rows.select_related(
        "oficio",
        "escalation__report__enrollment__student",
        "escalation__report__enrollment__plantel",
    ).order_by("pk")


def row_of(stay: Enrollment) -> dict[str, str]:
    """Write down what the Subdelegación needs to know of a student whose case is complete."""
    curp = parse_curp(stay.student.curp)
    return {
        "name": stay.student.full_name,
        "curp": curp.value,
        "birth_date": plain_date(curp.birth_date),
        "birth_place": curp.state_name,
        "address": address_of(stay),
        "email": stay.data.email,
    }


def oficios_of_papers(abouts: Sequence[str]) -> dict[str, Oficio]:
    """Return the oficios that these papers are about, by what the papers call them."""
    found = Oficio.objects.filter(public_id__in=[about.partition(":")[2] for about in abouts])
    return {about_oficio(one): one for one in found.select_related("plantel", "subdelegacion")}


def about_oficio(oficio: Oficio) -> str:
    """Return how a paper names its oficio."""
    return f"oficio:{oficio.public_id}"


def cases_in(oficio: Oficio) -> QuerySet[Escalation]:
    """Return the cases that stand in an oficio now."""
    return Escalation.objects.filter(
        items__oficio=oficio, items__withdrawn_at__isnull=True, items__answered_at__isnull=True
    )


def issued_day(oficio: Oficio, moment: datetime) -> str:
    """Write a moment as the day of the oficio's plantel, as letters do."""
    return plain_date(moment.astimezone(oficio.plantel.zone).date())
