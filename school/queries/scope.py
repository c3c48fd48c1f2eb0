"""In which planteles a member of staff works now: all that the roles allow, or the one chosen in the bar."""

from django.db.models import QuerySet
from django.http import Http404

from school.access import Ability, SignedInRequest, planteles_with
from school.models import Plantel

SESSION_KEY = "plantel"


def working_planteles(request: SignedInRequest, ability: Ability) -> QuerySet[Plantel]:
    """Return the planteles of the person, narrowed to the chosen one while it is still allowed."""
    allowed = planteles_with(request.user, ability)
    chosen = chosen_clave(request, ability)
    return allowed.filter(clave=chosen) if chosen else allowed


def chosen_clave(request: SignedInRequest, ability: Ability) -> str:
    """Return the clave of the plantel chosen in the bar, empty when none is or may be."""
    chosen: str = request.session.get(SESSION_KEY, "")
    is_allowed = chosen and planteles_with(request.user, ability).filter(clave=chosen).exists()
    return chosen if is_allowed else ""


def all_planteles(request: SignedInRequest, ability: Ability) -> QuerySet[Plantel]:
    """Return every plantel in which the person has the ability, whichever is chosen."""
    return planteles_with(request.user, ability)


def asked_plantel(request: SignedInRequest, ability: Ability) -> Plantel:
    """Return the plantel asked for, else the first of those in which the person works now.

    Raises Http404 for a plantel in which the person lacks the ability.
    """
    asked = request.GET.get("plantel")
    allowed = all_planteles(request, ability)
    where = allowed.filter(number=asked) if asked else working_planteles(request, ability)
    plantel = where.select_related("subdelegacion").first()
    if plantel is None:
        raise Http404
    return plantel
