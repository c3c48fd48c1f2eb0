"""Who is to open the clinic step, who has answered it, and what was said about the clinic."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Combinable

from affiliation.models import Batch
from affiliation.states import MovementKind, MovementState
from clinics.models import UMFRegistration
from clinics.queries.insured import insured_stays
from clinics.states import RegistrationState, Turno
from common.search import has_words, read_typed
from school.models import Plantel
from students.models import Enrollment
from students.queries.names import by_name

UNOPENED, PLANNED, ASKED, REGISTERED = "sin-abrir", "programadas", "faltan", "registradas"
CLINIC_FILTERS = (
    (ASKED, "Faltan de registrar"),
    (REGISTERED, "Registradas"),
    (PLANNED, "Con fecha para abrir"),
    (UNOPENED, "Sin abrir"),
)
"""What `?estado=` may say, in the order of the chips; anything else is the first."""
NO_MAILBOX = (Q(data=None) | Q(data__email="")) & Q(roster_email="")
BY_SURNAME: tuple[str | Combinable, ...] = ("plantel__number", "group", *by_name(), "pk")


@dataclass(frozen=True)
class ClinicReport:
    """What the carnet says: the number of the UMF, and when and where there the student is attended."""

    number: int
    turno: Turno = Turno.UNKNOWN
    consultorio: str = ""


@dataclass(frozen=True)
class ClinicFilter:
    """What the list is narrowed to; an empty group or name narrows nothing."""

    state: str = ASKED
    group: str = ""
    typed: str = ""


@dataclass(frozen=True)
class Selection:
    """For whom the step is opened, or the vigencia asked: a batch, a group, or everybody of the plantel."""

    plantel: Plantel
    group: str = ""
    batch: str = ""


def report_of(registration: UMFRegistration) -> ClinicReport | None:
    """Return what was answered; None while nothing was."""
    if registration.umf is None:
        return None
    return ClinicReport(
        registration.umf.number, Turno(registration.turno), registration.consultorio
    )


def stays_to_open(chosen: Selection) -> QuerySet[Enrollment]:
    """Return who is insured and has no clinic step yet, by group and surname."""
    stays = insured_stays().filter(plantel=chosen.plantel, umf_registration=None)
    if chosen.group:
        stays = stays.filter(group=chosen.group)
    if chosen.batch:
        stays = stays.filter(movements__batch__folio=chosen.batch, movements__is_in_force=True)
    return stays.select_related("student", "plantel", "data").order_by(*BY_SURNAME)


def count_to_open(chosen: Selection) -> dict[str, int]:
    """Count `stays_to_open`: all, and those whom no mail reaches."""
    stays = stays_to_open(chosen).select_related(None).order_by()
    return stays.aggregate(total=Count("pk"), unreachable=Count("pk", filter=NO_MAILBOX))


def groups_to_open(plantel: Plantel) -> list[str]:
    """Return the groups in which somebody waits for the step."""
    stays = stays_to_open(Selection(plantel)).select_related(None).exclude(group="")
    return list(stays.order_by("group").values_list("group", flat=True).distinct())


def batches_to_open(plantel: Plantel) -> list[str]:
    """Return the folios of the batches of altas of which somebody waits for the step, newest first."""
    batches = Batch.objects.filter(
        kind=MovementKind.ALTA,
        movements__state=MovementState.APPLIED,
        movements__is_in_force=True,
        movements__enrollment__in=stays_to_open(Selection(plantel)).order_by(),
    )
    return list(batches.distinct().order_by("-made_at", "-pk").values_list("folio", flat=True))


def clinic_list(
    planteles: Iterable[Plantel], wanted: ClinicFilter, *, today: date
) -> QuerySet[Enrollment]:
    """Return the insured of a list by group and surname, with their clinic.

    What is typed is a matrícula or a name.
    """
    stays = insured_stays().filter(_is(wanted.state, today), plantel__in=planteles)
    if wanted.group:
        stays = stays.filter(group=wanted.group)
    if wanted.typed:
        stays = stays.filter(_means(wanted.typed))
    return stays.select_related(
        "student", "plantel", "umf_registration__umf", "umf_registration__carnet"
    ).order_by(*BY_SURNAME)


def clinic_counts(planteles: Iterable[Plantel], *, today: date) -> dict[str, int]:
    """Count each of CLINIC_FILTERS: one query."""
    stays = insured_stays().filter(plantel__in=planteles)
    counts: dict[str, Any] = {
        state.replace("-", "_"): Count("pk", filter=_is(state, today))
        for state, _ in CLINIC_FILTERS
    }
    found = stays.aggregate(**counts)
    return {state: found[state.replace("-", "_")] for state, _ in CLINIC_FILTERS}


def insured_groups(planteles: Iterable[Plantel]) -> list[str]:
    """Return the groups in which somebody is insured, for the filters."""
    stays = insured_stays().filter(plantel__in=planteles).exclude(group="")
    return list(stays.order_by("group").values_list("group", flat=True).distinct())


def _is(state: str, today: date) -> Q:
    invited = Q(umf_registration__state=RegistrationState.INVITED)
    return {
        UNOPENED: Q(umf_registration=None),
        PLANNED: invited & Q(umf_registration__opens_on__gt=today),
        ASKED: invited & Q(umf_registration__opens_on__lte=today),
        REGISTERED: Q(umf_registration__state=RegistrationState.REGISTERED),
    }[state]


def _means(text: str) -> Q:
    typed = read_typed(text)
    found = Q(pk__in=[])
    if typed.matricula:
        found |= Q(matricula=typed.matricula)
    if typed.name:
        found |= has_words("student__search_name", typed.name)
    return found
