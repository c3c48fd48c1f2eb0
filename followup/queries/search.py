"""C-08 «¿dónde va Ana?»: from whatever somebody types to the student and an answer in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery

from common.dates import weekday_date
from common.search import has_words, normalise
from followup.queries.progress import progress
from followup.states import Ball
from school.models import Plantel
from students.models import Enrollment, TimelineEntry

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

MOST_RESULTS = 20
_FOLIO = re.compile(r"[A-Z]{1,3}\d{2}-\w{1,4}-\d{4,6}")
_CURP = re.compile(r"[A-Z0-9]{18}")
_START_OF_CURP = re.compile(r"[A-Z]{4}[A-Z0-9]*")


@dataclass(frozen=True)
class Found:
    """What a search brought: one student named by an exact identifier, or the rows that fit."""

    exact: Enrollment | None
    rows: "Sequence[StandingEnrollment]"
    has_more: bool = False


def find_exact(planteles: QuerySet[Plantel], text: str) -> Enrollment | None:
    """This will return the one student with that matrícula, CURP, NSS or folio; None otherwise.

    Raises ValueError on an empty text: nobody is looked up without an identifier.
    """
    typed = _compact(text)
    if not typed:
        raise ValueError("nobody is looked up without an identifier")
    condition = Q(matricula__iexact=typed)
    if _CURP.fullmatch(typed):
        condition |= Q(student__curp=typed)
    if re.fullmatch(r"\d{11}", typed.replace("-", "")):
        condition |= Q(student__nss=typed.replace("-", ""))
    if _FOLIO.fullmatch(typed):
        condition |= Q(nss_request__acuses__folio=typed) | Q(reports__folio=typed)
    found = _stays(planteles).filter(condition).distinct().order_by("-enrolled_on", "-pk")[:2]
    people = {one.student_id for one in found}
    return found[0] if len(people) == 1 else None


def find_students(planteles: QuerySet[Plantel], text: str, *, now: datetime) -> Found:
    """This will return the exact student, or those whose name, CURP, NSS or contact begins or ends like the text.

    Names match without accents and in any order. Nothing typed finds nobody.
    """
    if not normalise(text):
        return Found(None, [])
    exact = find_exact(planteles, text)
    if exact is not None:
        return Found(exact, [])
    last = TimelineEntry.objects.filter(enrollment=OuterRef("pk")).order_by("-at", "-pk")
    stays = (
        progress(_stays(planteles).filter(_like(text)), now=now)
        .annotate(last_at=Subquery(last.values("at")[:1]))
        .order_by("student__search_name", "pk")
    )
    rows = list(stays[: MOST_RESULTS + 1])
    return Found(None, rows[:MOST_RESULTS], has_more=len(rows) > MOST_RESULTS)


def in_words(enrollment: "StandingEnrollment") -> str:
    """This will say whose turn it is, since when and until when: «le toca al plantel; desde el martes 25…»."""
    said = []
    if enrollment.ball != Ball.NOBODY:
        said.append(f"le toca {Ball(enrollment.ball).label}")
    last_at = getattr(enrollment, "last_at", None)
    if last_at:
        day = last_at.astimezone(enrollment.plantel.zone).date()
        said.append(f"último movimiento el {weekday_date(day)}")
    if enrollment.ball == Ball.STUDENT and enrollment.due_on:
        said.append(due_in_words(enrollment.due_on, enrollment.local_day))
    return "; ".join(said)


def due_in_words(due_on: date, today: date) -> str:
    """This will say «vence hoy», «vence mañana», «vence el lunes 31 de agosto» or «venció el …»."""
    if due_on < today:
        return f"venció el {weekday_date(due_on)}"
    if due_on == today:
        return "vence hoy"
    if due_on == today + timedelta(days=1):
        return "vence mañana"
    return f"vence el {weekday_date(due_on)}"


def _stays(planteles: QuerySet[Plantel]) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(plantel__in=planteles).select_related("student", "plantel")


def _like(text: str) -> Q:
    """Name words; the beginning of a CURP or matrícula; the end of an NSS; an e-mail or phone as given."""
    typed = _compact(text)
    condition = has_words("student__search_name", text)
    if _START_OF_CURP.fullmatch(typed):
        condition |= Q(student__curp__startswith=typed)
    if typed.isdigit():
        condition |= Q(matricula__startswith=typed)
        if len(typed) == 4:
            condition |= Q(student__nss__endswith=typed)
        if len(typed) == 10:
            condition |= Q(data__phone=typed) | Q(roster_phone=typed)
    if "@" in text:
        condition |= Q(data__email__iexact=text.strip()) | Q(roster_email__iexact=text.strip())
    return condition


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text).upper()
