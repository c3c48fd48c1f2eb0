"""Reads of renuncias: a student's own, the plantel's lists, and how many there are of each."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from renuncias.models import Renuncia
from renuncias.states import OPEN_RENUNCIA, RenunciaState
from school.access import Ability, planteles_with
from school.models import Plantel, User
from school.queries.planteles import calendar_of
from school.states import DayCount
from students.deadlines import Event, EventKind, Rule, due
from students.models import Enrollment
from students.queries.names import by_name
from students.states import EnrollmentState

UNDO_WINDOW = timedelta(seconds=10)


def renuncias_for(user: User) -> QuerySet[Renuncia]:
    """Return the renuncias of the planteles in which the person handles them."""
    planteles = planteles_with(user, Ability.REGISTER_RENUNCIA)
    return Renuncia.objects.filter(plantel__in=planteles)


def in_print_order(renuncias: QuerySet[Renuncia]) -> QuerySet[Renuncia]:
    """Order them as sheets are handed out: by group and surname."""
    return renuncias.order_by("enrollment__group", *by_name("enrollment__student"), "pk")


def unsigned(renuncias: QuerySet[Renuncia]) -> QuerySet[Renuncia]:
    """Keep those that wait for a signature: who left meanwhile signs nothing."""
    return renuncias.filter(state=RenunciaState.ISSUED, enrollment__state=EnrollmentState.ACTIVE)


def by_paper(papers: Sequence[int]) -> dict[int, Renuncia]:
    """Return the renuncias of these papers by the paper's id, each with its format."""
    found = Renuncia.objects.filter(paper__in=papers).select_related("paper")
    found = found.prefetch_related("paper__text")  # one for all
    return {renuncia.paper_id: renuncia for renuncia in found}


def open_renuncia(enrollment: Enrollment) -> Renuncia | None:
    """Return the student's renuncia that has not ended; there is one at most."""
    return (
        Renuncia.objects.filter(enrollment=enrollment, state__in=OPEN_RENUNCIA)
        .select_related("paper__text", "plantel")
        .first()
    )


def may_be_undone(renuncia: Renuncia, *, now: datetime) -> bool:
    """Tell whether the last step may be taken back: a receipt always, a registration within its window."""
    if renuncia.state == RenunciaState.ACCEPTED:
        return renuncia.accepted_at is not None and now - renuncia.accepted_at <= UNDO_WINDOW
    return renuncia.state == RenunciaState.SIGNED


def hand_in_place(plantel: Plantel) -> str:
    """Return where the signed sheet is handed in."""
    return plantel.room or "Control Escolar"


def hand_in_by(enrollment: Enrollment, *, today: date) -> date:
    """Return by when a sheet issued today is to be handed in: the days the ciclo gives for the acuse."""
    rule = Rule(
        days=enrollment.cycle.acuse_days,
        business_days=enrollment.cycle.acuse_day_count == DayCount.BUSINESS,
    )
    deadline = due([Event(EventKind.ENROLLED, today)], rule, calendar_of(enrollment.plantel))
    return deadline.date or today
