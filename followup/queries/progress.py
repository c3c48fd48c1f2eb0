"""Where each trámite stands: computed from the rows in one query, stored nowhere."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict, cast
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from affiliation.models import Movement
from affiliation.queries.sending import is_insured
from affiliation.states import BatchState, MovementKind, MovementState
from clinics.states import VIGENTE, RegistrationState, VigenciaResult
from common.bulk import Among
from common.prepared import Given, Prepared
from followup.stages import ACUSE_ASKED, SIGNED, STAGE_ORDER, TURN_OF
from followup.states import Stage
from nss.models import Acuse
from nss.queries.acuses import TO_CORRECT
from nss.states import AcuseState, ProofRoute, RequestState
from renuncias.models import Renuncia
from renuncias.states import RenunciaState
from school.models import Plantel, User
from students.access import own_stays
from students.models import Enrollment
from students.states import CLOSED_ENROLLMENT, EnrollmentState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Standing(TypedDict):
    """What `progress` adds to a stay.

    `due_on` is None while the clock is paused; it is never earlier than a date once told. `local_day` is
    today in the plantel.
    """

    stage: str
    ball: str
    due_on: date | None
    local_day: date
    is_overdue: bool


if TYPE_CHECKING:
    StandingEnrollment = WithAnnotations[Enrollment, Standing]


def due_on_of(stay: str = "") -> Case:
    """The deadline, never earlier than a date once told; `stay` leads to the stay («enrollment__»)."""
    told, due = f"{stay}told_due_on", f"{stay}acuse_due_on"
    return Case(
        When(**{f"{told}__gt": F(due)}, then=F(told)), default=F(due), output_field=DateField()
    )


Conditions = list[tuple[str, Q | Exists]]
"""Each stage with its condition, in the order in which they are tried."""
DUE_ON = due_on_of()
INSURED = (Stage.S_12, Stage.S_11, Stage.S_10, Stage.S_09)
"""Stages of who is insured; S-08 is what is left of it."""
STAGE_NAMES = {str(stage): str(stage) for stage in (*Stage, SIGNED)}
INVITED = Q(umf_registration__state=RegistrationState.INVITED)
REGISTERED = Q(umf_registration__state=RegistrationState.REGISTERED)


def progress(scope: QuerySet[Enrollment], *, now: datetime) -> "QuerySet[StandingEnrollment]":
    """Add stage, ball, deadline and lateness to the stays of the scope.

    It is the single source: the student's page, tags, filters, Hoy and the search all read it.
    """
    conditions = _conditions()
    return (
        _with_check(scope)
        .annotate(
            local_day=_local_day(now),
            due_on=DUE_ON,
        )
        .annotate(
            stage=_first_match(conditions, STAGE_NAMES),
            # By the same conditions, not by `stage`: a mention of it would repeat all of them for each ball.
            ball=_first_match(_with_signed(conditions), TURN_OF),
        )
        .annotate(
            is_overdue=Case(
                When(due_on__lt=F("local_day"), stage__in=ACUSE_ASKED, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
        )
    )


def standing_of(enrollment: Enrollment, *, now: datetime) -> "StandingEnrollment":
    """Return one stay with what `progress` says of it; the plantel, student and data come along."""
    (found,) = standings([enrollment.pk], now=now)
    return found


def standings(keys: Sequence[int], *, now: datetime) -> "list[StandingEnrollment]":
    """Return these stays, in the order of their ids as given, with what `progress` says of them."""
    found = {stay.pk: _told(stay, now) for stay in _CHOSEN.rows(keys=list(keys))}
    return [found[key] for key in keys if key in found]


def own_standing(user: User, *, now: datetime) -> "StandingEnrollment | None":
    """Return students.access.own_enrollment with what `progress` says of it."""
    found = _OWN.first(user=user.pk)
    return _told(found, now) if found else None


def standing_by_id(public_id: str, *, now: datetime) -> "StandingEnrollment | None":
    """Return the stay with that public id and what `progress` says of it; None when there is none."""
    found = _NAMED.first(public_id=public_id)
    return _told(found, now) if found else None


def _told(stay: Enrollment, now: datetime) -> "StandingEnrollment":
    """What the clock says is quicker told here than by the database; the other stages come with the row."""
    found = cast("StandingEnrollment", stay)
    found.local_day = now.astimezone(found.plantel.zone).date()
    is_past = found.due_on is not None and found.due_on < found.local_day
    if is_past and found.stage == Stage.S_01:
        found.stage = Stage.S_01V
    if found.stage == Stage.S_09 and found.umf_registration.opens_on > found.local_day:
        found.stage = Stage.S_08
    found.ball = TURN_OF[found.stage]
    if found.stage == SIGNED:
        found.stage = Stage.S_13A
    found.is_overdue = is_past and found.stage in ACUSE_ASKED
    return found


def _with_stage(scope: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    conditions = dict(_with_signed(_conditions()))
    del conditions[Stage.S_01V]
    conditions[Stage.S_09] = INVITED
    related = _with_check(scope).select_related(
        "student", "plantel", "cycle", "data", "nss_request", "umf_registration"
    )
    return related.annotate(
        due_on=DUE_ON, stage=_first_match(list(conditions.items()), STAGE_NAMES)
    )


def _with_check(scope: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Join the one vigencia check of each stay that counts."""
    return scope.annotate(
        counting=FilteredRelation("vigencia_checks", condition=Q(vigencia_checks__is_current=True)),
    )


_CHOSEN = Prepared(lambda: _with_stage(Enrollment.objects.filter(Among("pk", Given("keys")))))
_NAMED = Prepared(lambda: _with_stage(Enrollment.objects.filter(public_id=Given("public_id"))))
_OWN = Prepared(lambda: _with_stage(own_stays(Given("user")))[:1])


def _first_match(conditions: Conditions, told: Mapping[str, str]) -> Case:
    """What is told of the first stage that matches; who is insured is asked once for all that need it."""
    whens = [
        When(condition, then=Value(told[stage]))
        for stage, condition in conditions
        if stage not in INSURED
    ]
    insured = Case(
        *(When(cond, then=Value(told[stage])) for stage, cond in conditions if stage in INSURED),
        default=Value(told[Stage.S_08]),
    )
    before = [stage for stage, _ in conditions if stage not in INSURED].index(Stage.S_07)
    whens.insert(before, When(is_insured(), then=insured))
    return Case(*whens, default=Value(told[Stage.S_00]), output_field=CharField())


def _conditions() -> Conditions:
    """Return each stage with its condition, in the order in which they are tried."""
    proven = Q(nss_request__state=RequestState.PROVEN)
    by_plantel = Q(nss_request__route=ProofRoute.SUBDELEGACION)
    known_before = Q(nss_request__isnull=True, student__nss__isnull=False)
    confirmed = Q(data__confirmed_at__isnull=False)
    conditions: dict[str, Q | Exists] = {
        Stage.S_14: Q(state__in=CLOSED_ENROLLMENT),
        Stage.S_13: Q(state=EnrollmentState.OPTED_OUT),
        Stage.S_13A: _has_renuncia(RenunciaState.ISSUED, RenunciaState.SIGNED),
        Stage.S_12: Q(counting__result=VigenciaResult.NONE),
        Stage.S_11: Q(counting__result__in=VIGENTE) & REGISTERED,
        Stage.S_10: REGISTERED,
        Stage.S_09: INVITED & Q(umf_registration__opens_on__lte=F("local_day")),
        Stage.S_07: _is_at_imss(),
        Stage.S_06: (proven & ~by_plantel) | known_before,
        Stage.S_03: proven & by_plantel,
        Stage.S_04: _has_acuse(AcuseState.RECEIVED),
        Stage.S_04B: _has_acuse(AcuseState.DRAFT),
        Stage.S_02: Q(nss_request__state=RequestState.AT_SUBDELEGACION),
        Stage.S_05: Exists(Acuse.objects.filter(TO_CORRECT, request__enrollment=OuterRef("pk"))),
        Stage.S_01V: confirmed & Q(due_on__lt=F("local_day")),
        Stage.S_01: confirmed,
    }
    return [(stage, conditions[stage]) for stage in STAGE_ORDER if stage in conditions]


def _with_signed(conditions: Conditions) -> Conditions:
    """Try before S-13a whether its sheet is signed already: then it is the plantel's turn."""
    at = [stage for stage, _ in conditions].index(Stage.S_13A)
    return [*conditions[:at], (SIGNED, _has_renuncia(RenunciaState.SIGNED)), *conditions[at:]]


def _has_renuncia(*states: str) -> Exists:
    return Exists(Renuncia.objects.filter(enrollment=OuterRef("pk"), state__in=states))


def _is_at_imss() -> Exists:
    """An alta that was sent and is not answered yet."""
    waiting = Movement.objects.filter(kind=MovementKind.ALTA, state=MovementState.IN_BATCH)
    return Exists(waiting.filter(enrollment=OuterRef("pk"), batch__state=BatchState.SENT))


def _has_acuse(state: str) -> Exists:
    return Exists(Acuse.objects.filter(request__enrollment=OuterRef("pk"), state=state))


def _local_day(now: datetime) -> Case:
    """Today by each plantel's own clock: in Tijuana it may still be yesterday."""
    zones = Plantel.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct()
    return Case(
        *(
            When(plantel__time_zone=zone, then=Value(now.astimezone(ZoneInfo(zone)).date()))
            for zone in zones
        ),
        default=Value(timezone.localdate(now)),
        output_field=DateField(),
    )
