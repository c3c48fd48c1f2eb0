"""What later stages of the trámite pull: the proven numbers."""

from collections.abc import Iterable

from django.db.models import QuerySet

from nss.models import NSSRequest
from nss.states import RequestState
from school.models import Plantel
from students.queries.enrollments import needing_affiliation


def proven_requests(planteles: Iterable[Plantel]) -> QuerySet[NSSRequest]:
    """Return the requests of these planteles' students whose NSS is proven and who need affiliation."""
    return (
        NSSRequest.objects.filter(
            state=RequestState.PROVEN,
            enrollment__in=needing_affiliation().filter(plantel__in=planteles),
        )
        .select_related("enrollment__student", "proven_by")
        .order_by("enrollment__student__search_name", "pk")
    )
