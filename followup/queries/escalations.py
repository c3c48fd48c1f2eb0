"""C-05: the cases of Subdelegación, and what each needs before it can be asked for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from django.db.models import F, Max, OuterRef, Prefetch, QuerySet, Subquery

from followup.models import DailyRun, Escalation, EscalationStep, OficioItem
from followup.queries.contacts import address_of
from followup.states import OPEN_CASES, DailyJob, EscalationState
from nss.states import RequestState
from school.access import Ability, planteles_with
from school.calendar import Calendar
from school.models import Plantel, User
from school.queries.planteles import calendars_of
from students.identity import CurpError, parse_curp
from students.models import Enrollment, TimelineEntry
from students.states import EnrollmentState, Event

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    AwaitedCase = WithAnnotations[Escalation, "_Return"]

Case = TypeVar("Case", bound=Escalation)


class _Return(TypedDict):
    """When the student came back from a baja or a renuncia: until then nobody waited for the case."""

    back_at: datetime | None


LEFT = "ya-no-esta"
CASE_FILTERS = (
    ("", "Abiertos"),
    ("por-revisar", "Por revisar"),
    ("completos", "Sin oficio"),
    ("en-oficio", "En oficio"),
    ("entregados", "Entregados"),
    (LEFT, "De quien ya no está"),
    ("cerrados", "Cerrados"),
)
"""What `?estado=` may say; anything else is the first."""
_STATES: dict[str, tuple[str, ...]] = {
    "": OPEN_CASES,
    "por-revisar": (EscalationState.REPORTED,),
    "completos": (EscalationState.READY,),
    "en-oficio": (EscalationState.IN_OFICIO,),
    "entregados": (EscalationState.DELIVERED,),
    "cerrados": (EscalationState.RESOLVED, EscalationState.DISMISSED),
}


def escalations_for(user: User) -> "QuerySet[AwaitedCase]":
    """Return the cases of the planteles in which the person may see them."""
    planteles = planteles_with(user, Ability.SEE_REPORTS)
    return _with_return(Escalation.objects.filter(plantel__in=planteles)).select_related(
        "plantel", "report__evidence", "report__enrollment__student"
    )


def filter_escalations(cases: "QuerySet[AwaitedCase]", wanted: str) -> "QuerySet[AwaitedCase]":
    """Keep the cases of one of CASE_FILTERS: the open ones oldest first, the closed ones newest first."""
    if wanted == "cerrados":
        return cases.filter(state__in=_STATES[wanted]).order_by("-moved_at", "-pk")
    if wanted == LEFT:
        chosen = cases.filter(state__in=OPEN_CASES).exclude(
            report__enrollment__state=EnrollmentState.ACTIVE
        )
    else:
        chosen = still_awaited(cases).filter(state__in=_STATES[wanted])
    return chosen.order_by("report__created_at", "pk")


def still_awaited(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Keep the open cases for which somebody waits: of who left or renounced nobody does.

    Nothing is closed by it, so that a case goes on where it stood when the student comes back.
    """
    return cases.filter(state__in=OPEN_CASES, report__enrollment__state=EnrollmentState.ACTIVE)


def cases_to_ask(cases: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """Keep the cases that may go into an oficio: complete, and their student still waits for the plantel."""
    return (
        still_asked(cases).filter(state=EscalationState.READY).order_by("report__created_at", "pk")
    )


def still_asked(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Leave out who left, declined, or has a number by another way meanwhile."""
    return cases.filter(
        report__enrollment__state=EnrollmentState.ACTIVE,
        report__enrollment__nss_request__state=RequestState.AT_SUBDELEGACION,
    )


def waiting_items(case: Escalation) -> QuerySet[OficioItem]:
    """Return the row of an oficio in which the case waits for an answer: one or none."""
    return OficioItem.objects.filter(
        escalation=case, answered_at__isnull=True, withdrawn_at__isnull=True
    )


def missing_data(stay: Enrollment) -> list[str]:
    """Name what an oficio needs and is not known; empty when the case is complete."""
    data = getattr(stay, "data", None)
    is_confirmed = data is not None and data.confirmed_at is not None
    known = {
        "CURP": is_curp(stay.student.curp),
        "datos confirmados": is_confirmed,
        "domicilio": bool(address_of(stay)),
        "correo": bool(data and data.email),
    }
    return [name for name, is_known in known.items() if not is_known]


def complete(cases: Iterable[Escalation]) -> list[Escalation]:
    """Keep the cases whose data are complete now: they may have changed since somebody looked."""
    return [case for case in cases if not missing_data(case.report.enrollment)]


def is_curp(curp: str | None) -> bool:
    """Tell whether date and place of birth can be read from it."""
    try:
        parse_curp(curp)
    except CurpError:
        return False
    return True


@dataclass(frozen=True)
class WaitingCase:
    """A case and how many working days of its plantel it has not moved."""

    case: "AwaitedCase"
    days: int


def with_waiting_days(cases: "Sequence[AwaitedCase]", *, now: datetime) -> list[WaitingCase]:
    """Count for each case the working days since it last moved; the calendars are one query."""
    calendars = calendars_of({case.plantel for case in cases})
    return [
        WaitingCase(case, days_still(case, calendars[case.plantel_id], now=now)) for case in cases
    ]


def days_still(case: "AwaitedCase", calendar: Calendar, *, now: datetime) -> int:
    """Count the working days of the plantel since the case last moved, or its student came back since."""
    zone = case.plantel.zone
    began = max(case.moved_at, case.back_at or case.moved_at)
    since, today = began.astimezone(zone).date(), now.astimezone(zone).date()
    return max(0, calendar.working_days_between(since, today))


def _with_return(cases: QuerySet[Escalation]) -> "QuerySet[AwaitedCase]":
    """Add when the student came back last, None who never left."""
    returns = TimelineEntry.objects.filter(
        enrollment=OuterRef("report__enrollment"), event__in=[Event.OPTED_IN, Event.REINSTATED]
    )
    return cases.annotate(back_at=Subquery(returns.order_by("-at").values("at")[:1]))


def planteles_to_climb() -> QuerySet[Any]:
    """Return the active planteles with the last day on which their cases were looked at, `ran_on`."""
    runs = DailyRun.objects.filter(plantel=OuterRef("pk"), job=DailyJob.ESCALATION)
    last = runs.order_by().values("plantel").annotate(last=Max("day")).values("last")
    return Plantel.objects.filter(is_active=True).annotate(ran_on=Subquery(last))


def cases_to_climb(planteles: Collection[Plantel]) -> "list[AwaitedCase]":
    """Return the open cases of the planteles whose student still waits, with the steps of their round."""
    noted = EscalationStep.objects.filter(round=F("escalation__round"))
    cases = still_asked(Escalation.objects.filter(plantel__in=planteles, state__in=OPEN_CASES))
    return list(
        _with_return(cases)
        .select_related("plantel", "report")
        .prefetch_related(Prefetch("steps", noted, to_attr="noted"))
        .order_by("plantel__number", "report__folio")
    )
