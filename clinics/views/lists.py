"""What the staff's pages of the clinic step share: the scope, the chips, what is asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinics.actions.errors import REFUSALS
from school.access import Ability, SignedInRequest
from school.models import Plantel
from school.queries.scope import working_planteles
from students.models import Enrollment
from students.queries.enrollments import enrollments_for

PAGE = 50
Done = TypeVar("Done")


@dataclass(frozen=True)
class Chip:
    """One filter of a list, with how many are in it."""

    value: str
    label: str
    count: int
    is_current: bool


def chips_of(
    filters: Iterable[tuple[str, str]], counts: dict[str, int], current: str
) -> list[Chip]:
    """Return the filters of a list as chips."""
    return [Chip(value, label, counts[value], value == current) for value, label in filters]


def one_of(asked: str, allowed: Iterable[str]) -> str:
    """Return what is asked, or the first that may be: what is on no list is not asked (T24)."""
    known = list(allowed)
    return asked if asked in known else known[0]


def planteles_of(request: SignedInRequest, ability: Ability) -> list[Plantel]:
    """Return where the person works now."""
    return list(working_planteles(request, ability))


def chosen_plantel(planteles: list[Plantel], clave: str) -> Plantel:
    """Return the plantel that is named, else the first."""
    return next((one for one in planteles if one.clave == clave), planteles[0])


def plantel_choices(planteles: list[Plantel]) -> list[tuple[str, str]]:
    """Return the planteles for a list of choices."""
    return [(one.clave, str(one)) for one in planteles]


def today_in(planteles: list[Plantel]) -> date:
    """Return the day by the clock of the planteles, of several the first's."""
    return timezone.localdate(timezone=planteles[0].zone if planteles else None)


def stay_or_404(request: SignedInRequest, public_id: str) -> Enrollment:
    """Return the stay of whose clinic the person takes care; Http404 for any other."""
    return get_object_or_404(
        enrollments_for(request.user, Ability.OPEN_CLINICS), public_id=public_id
    )


def told(request: SignedInRequest, act: Callable[[], Done], said: Callable[[Done], str]) -> bool:
    """Do something and say so; where it is refused, the refusal is said and False returned."""
    try:
        done = act()
    except REFUSALS as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, said(done))
    return True


def asked_of(request: SignedInRequest) -> QueryDict:
    """Return what the page was asked for, by its address or in the body."""
    return request.POST if request.method == "POST" else request.GET


def posted(request: SignedInRequest) -> tuple[Any, ...]:
    """Return what binds a form: an empty POST binds it too, an ordinary visit does not."""
    return (request.POST, request.FILES) if request.method == "POST" else ()
