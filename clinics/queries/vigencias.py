"""The vigencias of a plantel: what waits for somebody, what was answered, and whom a campaign asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from affiliation.models import AltaOrder, Movement
from affiliation.states import MovementState
from clinics.models import VigenciaCampaign, VigenciaCheck
from clinics.queries.constancias import ConstanciaRead, constancia_read
from clinics.queries.insured import insured_stays
from clinics.queries.registrations import Selection
from clinics.states import RegistrationState, VigenciaResult
from school.models import Plantel, User
from school.queries.planteles import calendars_of
from students.models import Enrollment, TimelineEntry
from students.states import Event

TO_MEND, BY_SCHOOL, BY_OTHER, UNSURE, FAILED, PENDING = (
    *("no", "si", "otra-via", "sin-saber"),
    *("no-pudieron", "sin-contestar"),
)
VIGENCIA_FILTERS = (
    (TO_MEND, "NO, por corregir"),
    (PENDING, "Sin contestar"),
    (FAILED, "No pudieron consultar"),
    (BY_SCHOOL, "SÍ, por el plantel"),
    (UNSURE, "SÍ, sin saber por quién"),
    (BY_OTHER, "SÍ, por otra vía"),
)
"""What `?estado=` may say, in the order of the chips; anything else is the first."""
ASKED_ONCE_IN = timedelta(days=1)
_HAS_CLINIC = Q(umf_registration__state=RegistrationState.REGISTERED)


@dataclass(frozen=True)
class VigenciaRow:
    """One line of the list; `days` are the business days since it was said, `order` where the new alta stands."""

    stay: Enrollment
    check: VigenciaCheck | None
    days: int
    reading: ConstanciaRead | None
    order: str


@dataclass(frozen=True)
class CampaignCount:
    """How many of those whom a campaign asked said something since."""

    campaign: VigenciaCampaign
    answered: int

    @property
    def pending(self) -> int:
        """How many have not yet; who left meanwhile never will."""
        return max(0, self.campaign.students - self.answered)


def vigencia_list(
    planteles: Iterable[Plantel], state: str = TO_MEND, group: str = ""
) -> QuerySet[Any]:
    """Return the insured of a list, what waits longest first."""
    stays = _with_check(planteles).filter(_is(state))
    if group:
        stays = stays.filter(group=group)
    return stays.select_related("student", "plantel").order_by("counting__reported_at", "pk")


def vigencia_counts(planteles: Iterable[Plantel]) -> dict[str, int]:
    """Count each of VIGENCIA_FILTERS: one query."""
    found = _with_check(planteles).aggregate(
        **{_name(state): Count("pk", filter=_is(state)) for state, _ in VIGENCIA_FILTERS}
    )
    return {state: found[_name(state)] for state, _ in VIGENCIA_FILTERS}


def to_mend(planteles: Iterable[Plantel]) -> tuple[int, datetime | None]:
    """Count the NO that wait for somebody, and tell since when the oldest does."""
    waiting = _with_check(planteles).filter(_is(TO_MEND))
    found = waiting.aggregate(count=Count("pk"), oldest=Min("counting__reported_at"))
    return found["count"], found["oldest"]


def vigencia_rows(stays: Sequence[Enrollment], *, now: datetime) -> list[VigenciaRow]:
    """Return the lines of one page of `vigencia_list`: three queries for all."""
    checks = {
        one.enrollment_id: one
        for one in VigenciaCheck.objects.filter(
            enrollment__in=stays, is_current=True
        ).select_related("constancia")
    }
    orders = AltaOrder.objects.filter(enrollment__in=stays).select_related("movement__batch")
    newest = {one.enrollment_id: one for one in orders.order_by("ordered_at", "pk")}
    calendars = calendars_of({stay.plantel for stay in stays})
    rows = []
    for stay in stays:
        check, zone = checks.get(stay.pk), stay.plantel.zone
        today = now.astimezone(zone).date()
        since = check.reported_at.astimezone(zone).date() if check else today
        days = max(0, calendars[stay.plantel_id].working_days_between(since, today))
        reading = constancia_read(check) if check else None
        rows.append(VigenciaRow(stay, check, days, reading, _where(newest.get(stay.pk))))
    return rows


def stays_to_ask(chosen: Selection, *, now: datetime) -> QuerySet[Enrollment]:
    """Return whom a campaign asks: the insured with a clinic.

    Not whose NO waits to be mended, nor who was asked within a day: a second press asks nobody twice.
    """
    waiting = VigenciaCheck.objects.filter(
        enrollment=OuterRef("pk"), is_current=True, result=VigenciaResult.NONE
    )
    asked = TimelineEntry.objects.filter(
        enrollment=OuterRef("pk"), event=Event.VIGENCIA_ASKED, at__gt=now - ASKED_ONCE_IN
    )
    stays = insured_stays().filter(
        _HAS_CLINIC, ~Exists(waiting), ~Exists(asked), plantel=chosen.plantel
    )
    if chosen.group:
        stays = stays.filter(group=chosen.group)
    return stays.select_related("student", "plantel", "data").order_by("pk")


def groups_to_ask(plantel: Plantel, *, now: datetime) -> list[str]:
    """Return the groups in which a campaign finds somebody."""
    stays = stays_to_ask(Selection(plantel), now=now).select_related(None).exclude(group="")
    return list(stays.order_by("group").values_list("group", flat=True).distinct())


def campaigns_of(planteles: Iterable[Plantel], *, most: int = 20) -> list[CampaignCount]:
    """Return the last campaigns of the planteles, newest first, with how many answered: one query."""
    asked = TimelineEntry.objects.filter(
        enrollment=OuterRef("enrollment"), event=Event.VIGENCIA_ASKED, at=OuterRef("asked_at")
    )
    said = (
        VigenciaCheck.objects.filter(
            plantel=OuterRef("plantel"), reported_at__gte=OuterRef("asked_at")
        )
        .exclude(result=VigenciaResult.NOT_CONSULTED)
        .annotate(asked_at=ExpressionWrapper(OuterRef("asked_at"), DateTimeField()))
        .filter(Exists(asked))
        .order_by()
        .annotate(
            answered=Func(
                F("enrollment"), function="COUNT", template="COUNT(DISTINCT %(expressions)s)"
            )
        )
        .values("answered")
    )
    campaigns = VigenciaCampaign.objects.filter(plantel__in=planteles).annotate(
        answered=Subquery(said, output_field=IntegerField())
    )
    return [
        CampaignCount(one, one.answered or 0)
        for one in campaigns.select_related("plantel", "asked_by")[:most]
    ]


def checks_to_close() -> QuerySet[VigenciaCheck]:
    """Return the NO that still count though the alta ordered for them was applied: IMSS may say SÍ now.

    Who left meanwhile, or renounced, is asked nothing any more.
    """
    applied = AltaOrder.objects.filter(
        enrollment=OuterRef("enrollment"),
        movement__state=MovementState.APPLIED,
        movement__answered_at__gte=OuterRef("reported_at"),
    )
    waiting = VigenciaCheck.objects.filter(is_current=True, result=VigenciaResult.NONE)
    asked = waiting.filter(Exists(applied), enrollment__in=insured_stays())
    return asked.order_by("reported_at", "pk")


def _with_check(planteles: Iterable[Plantel]) -> QuerySet[Any]:
    """The insured of the planteles, each joined to the one check that counts."""
    return (
        insured_stays()
        .filter(plantel__in=planteles)
        .annotate(
            counting=FilteredRelation(
                "vigencia_checks", condition=Q(vigencia_checks__is_current=True)
            )
        )
    )


def _is(state: str) -> Q:
    return {
        TO_MEND: Q(counting__result=VigenciaResult.NONE),
        PENDING: _HAS_CLINIC & Q(counting=None),
        FAILED: Q(counting__result=VigenciaResult.NOT_CONSULTED),
        BY_SCHOOL: Q(counting__result=VigenciaResult.BY_SCHOOL, counting__is_sure=True),
        UNSURE: Q(counting__result=VigenciaResult.BY_SCHOOL, counting__is_sure=False),
        BY_OTHER: Q(counting__result=VigenciaResult.BY_OTHER),
    }[state]


def _name(state: str) -> str:
    return state.replace("-", "_")


def _where(order: AltaOrder | None) -> str:
    """Where the alta that was ordered again stands, in words."""
    if order is None:
        return ""
    movement = order.movement
    if movement is None:
        return "falta ponerla en un lote"
    return f"lote {movement.batch.folio}: {movement.get_state_display()}"


def applied_again(check: VigenciaCheck) -> Movement:
    """Return the alta ordered for a NO that IMSS applied; it comes with who registered that."""
    return (
        Movement.objects.select_related("answered_by")
        .filter(
            alta_order__enrollment=check.enrollment_id,
            state=MovementState.APPLIED,
            answered_at__gte=check.reported_at,
        )
        .latest("answered_at")
    )


def checks_to_reopen() -> QuerySet[VigenciaCheck]:
    """Return the NO that an applied alta closed, and the answer about it was taken back since.

    Whoever said something afterwards is not where that NO stood.
    """
    newer = VigenciaCheck.objects.filter(enrollment=OuterRef("enrollment"), pk__gt=OuterRef("pk"))
    closed = VigenciaCheck.objects.filter(repaired_with__isnull=False).exclude(
        repaired_with__state=MovementState.APPLIED
    )
    return closed.filter(~Exists(newer)).order_by("repaired_at", "pk")


def undone_by(check: VigenciaCheck) -> User | None:
    """Return who took back what IMSS answered about the student last."""
    undone = TimelineEntry.objects.filter(
        enrollment=check.enrollment_id, event=Event.IMSS_ANSWER_UNDONE
    )
    return undone.select_related("by").latest("at", "pk").by
