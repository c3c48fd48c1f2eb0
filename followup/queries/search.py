"""C-08 «¿dónde va Ana?»: from whatever somebody types to the students whom it may mean."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Length, Right
from django.db.models.lookups import Exact

from common.search import Typed, has_words, read_typed, words
from followup.queries.progress import standings
from papers.folio import folios_typed
from papers.models import Paper
from school.models import Plantel
from students.models import Enrollment

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

MOST_RESULTS = 20
SHORTEST_MATRICULA = 5
"""Characters of a matrícula that say more than year and plantel; four digits are the end of an NSS."""
_ABOUT = re.compile(r"(enrollment|acuse):(\d+)(?::.*)?")
_NAMED_BY_PAPER = {"enrollment": "pk", "acuse": "nss_request__acuses"}


@dataclass(frozen=True)
class Found:
    """What a search brought: one student named by an exact identifier, or the rows that fit.

    `is_by_nss` says that the exact one was named by the whole NSS: that is a look, and it is written down.
    """

    exact: Enrollment | None
    rows: "Sequence[StandingEnrollment]" = ()
    has_more: bool = False
    is_by_nss: bool = False


def find_exact(planteles: QuerySet[Plantel], text: str) -> Found:
    """Find the one student with that matrícula, CURP, NSS or folio; `exact` is None otherwise.

    Raises ValueError on an empty text: nobody is looked up without an identifier.
    """
    if not text.strip():
        raise ValueError("nobody is looked up without an identifier")
    typed = read_typed(text)
    named = _named(typed, text)
    if not named:
        return Found(None)
    stays = _any_of(_stays(planteles), named).order_by("-enrolled_on", "-pk")
    found = list(stays.select_related("student", "plantel")[:MOST_RESULTS])
    if len({one.student_id for one in found}) != 1:
        return Found(None)
    return Found(found[0], is_by_nss=bool(typed.nss) and found[0].student.nss == typed.nss)


def find_students(planteles: QuerySet[Plantel], text: str, *, now: datetime) -> Found:
    """Find the exact student, or else those who fit what was typed, in the order of their names.

    A CURP counts from four letters on, an NSS by its last four digits; e-mail and phone are given whole, a
    matrícula from its beginning; a name in any order and without accents, where who is called exactly so comes
    first. Nothing typed finds nobody.
    """
    if not text.strip():
        return Found(None)
    found = find_exact(planteles, text)
    if found.exact is not None:
        return found
    fit = _fitting(_stays(planteles), text).order_by(*_in_order_of_names(text))
    keys = list(fit.values_list("pk", flat=True)[: MOST_RESULTS + 1])
    if not keys:
        return found
    rows = standings(keys[:MOST_RESULTS], now=now)
    return Found(None, rows, has_more=len(keys) > MOST_RESULTS)


def _stays(planteles: QuerySet[Plantel]) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(plantel__in=planteles)


def _named(typed: Typed, text: str) -> list[Q]:
    """Each identifier that the text may be, as a look-up of its own: together in one OR none would use its index."""
    folios = folios_typed(text)
    conditions = {
        "matricula": typed.matricula,
        "student__curp": typed.curp,
        "student__nss": typed.nss,
        "nss_request__acuses__folio__in": folios,
        "reports__folio__in": folios,
    }
    named = [Q(**{field: value}) for field, value in conditions.items() if value]
    return [*named, *_named_by_papers(folios)] if folios else named


def _named_by_papers(folios: Sequence[str]) -> Iterator[Q]:
    """A printed sheet says what it is about: a stay, or an acuse of it; of an oficio or a list that is nobody alone."""
    abouts = Paper.objects.filter(folio__in=folios).values_list("about", flat=True)
    for found in filter(None, map(_ABOUT.fullmatch, abouts)):
        yield Q(**{_NAMED_BY_PAPER[found[1]]: int(found[2])})


def _fitting(stays: QuerySet[Enrollment], text: str) -> QuerySet[Enrollment]:
    typed = read_typed(text)
    person, others = _person(typed), _named(typed, text)
    if len(typed.matricula) >= SHORTEST_MATRICULA:
        others.append(Q(matricula__startswith=typed.matricula))
    if typed.email:
        others += [Q(roster_email__iexact=typed.email), Q(data__email__iexact=typed.email)]
    if typed.phone:
        others += [Q(roster_phone=typed.phone), Q(data__phone=typed.phone)]
    if typed.nss_end:
        ends = Enrollment.objects.alias(end=Right("student__nss", 4)).filter(end=typed.nss_end)
        others.append(Q(pk__in=ends.values("pk")))
    if not others:
        return stays.filter(person) if person else stays.none()
    return _any_of(stays, [*others, person] if person else others)


def _person(typed: Typed) -> Q:
    """Of the table of persons alone, so that the database joins its two indexes."""
    condition = has_words("student__search_name", typed.name) if typed.name else Q()
    return (
        condition | Q(student__curp__startswith=typed.curp_start) if typed.curp_start else condition
    )


def _any_of(stays: QuerySet[Enrollment], conditions: list[Q]) -> QuerySet[Enrollment]:
    """The stays that meet one of the conditions, each looked up by itself."""
    first, *rest = (Enrollment.objects.filter(one).values("pk") for one in conditions)
    return stays.filter(pk__in=first.union(*rest) if rest else first)


def _in_order_of_names(text: str) -> list[Case | str]:
    """Who has no name beyond the words typed comes first."""
    typed, order = words(text), ["student__search_name", "-enrolled_on", "pk"]
    if len(typed) == 1:  # nobody has one name alone
        return [*order]
    is_called_so = Exact(Length("student__search_name"), len(" ".join(typed)))
    return [Case(When(is_called_so, then=Value(0)), default=Value(1)), *order]
