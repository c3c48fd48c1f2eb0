"""C-08: the answer to a search, in words: where the trámite stands, since when, whose turn it is, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from affiliation.models import Movement
from affiliation.states import MovementState
from clinics.models import VigenciaCheck
from common.bulk import Among
from common.dates import WEEKDAYS, weekday_date
from common.prepared import Given, Prepared
from followup.models import StudentReport
from followup.stages import ACUSE_ASKED
from followup.states import CASE_KINDS, Ball, Stage
from nss.models import Acuse
from nss.states import AcuseState
from renuncias.models import Renuncia
from renuncias.states import OPEN_RENUNCIA

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

_WEEK = timedelta(days=7)

_ACUSES: Prepared[Any] = Prepared(
    lambda: Acuse.objects.filter(Among("request__enrollment", Given("stays"))).annotate(
        stay=F("request__enrollment")
    )
)
_CASES: Prepared[Any] = Prepared(
    lambda: (
        StudentReport.objects.filter(
            Among("enrollment", Given("stays")), kind__in=CASE_KINDS, handled_at__isnull=True
        )
        .order_by("-created_at")
        .values_list("enrollment_id", "created_at")
    )
)
_MOVEMENTS: Prepared[Any] = Prepared(
    lambda: (
        Movement.objects.filter(
            Among("enrollment", Given("stays")),
            Q(is_in_force=True) | Q(state=MovementState.IN_BATCH),
        )
        .order_by("pk")
        .values_list("enrollment_id", "state", "answered_at", "batch__sent_at")
    )
)
_CHECKS: Prepared[Any] = Prepared(
    lambda: VigenciaCheck.objects.filter(
        Among("enrollment", Given("stays")), is_current=True
    ).values_list("enrollment_id", "reported_at")
)
_RENUNCIAS: Prepared[Any] = Prepared(
    lambda: Renuncia.objects.filter(Among("enrollment", Given("stays")), state__in=OPEN_RENUNCIA)
)


@dataclass(frozen=True)
class _Facts:
    """What is known beside the stays, by their ids."""

    acuses: dict[int, Acuse]
    cases: dict[int, datetime]
    renuncias: dict[int, Renuncia]
    at_imss: dict[int, datetime]
    checks: dict[int, datetime]


@dataclass(frozen=True)
class Line:
    """One student of the answer: the tag of the stage, and the words that follow it.

    `to_review` is the acuse that waits for Control Escolar, if one does.
    """

    enrollment: "StandingEnrollment"
    tag: str
    words: str
    to_review: Acuse | None


def answer_lines(rows: "Iterable[StandingEnrollment]") -> list[Line]:
    """Say where each trámite stands: «En revisión desde el martes; le toca al plantel; vence mañana»."""
    stays = list(rows)
    facts = _Facts(
        _acuses(stays), _cases(stays), _renuncias(stays), _at_imss(stays), _checks(stays)
    )
    return [_line(stay, facts) for stay in stays]


def due_in_words(due_on: date, today: date) -> str:
    """Say «vence hoy», «vence mañana», «vence el lunes 31 de agosto» or «venció el …»."""
    if due_on < today:
        return f"venció el {weekday_date(due_on)}"
    if due_on == today:
        return "vence hoy"
    if due_on == today + timedelta(days=1):
        return "vence mañana"
    return f"vence el {weekday_date(due_on)}"


def since_in_words(since: date, today: date) -> str:
    """Say «desde hoy», «desde ayer», «desde el martes» within a week, then «desde el martes 25 de agosto»."""
    if since >= today:
        return "desde hoy"
    if since == today - timedelta(days=1):
        return "desde ayer"
    day = WEEKDAYS[since.weekday()] if today - since < _WEEK else weekday_date(since)
    return f"desde el {day}"


def _acuses(stays: "list[StandingEnrollment]") -> dict[int, Acuse]:
    """The acuse that each stay's stage is about: the one in review, or else the last version."""
    rows = _ACUSES.rows(stays=[stay.pk for stay in stays])
    last_wins = sorted(rows, key=lambda one: (one.state == AcuseState.RECEIVED, one.version))
    return {one.stay: one for one in last_wins}


def _cases(stays: "list[StandingEnrollment]") -> dict[int, datetime]:
    """Since when the plantel has the case of each stay: the oldest that is open."""
    return dict(_CASES.rows(stays=[stay.pk for stay in stays]))


def _renuncias(stays: "list[StandingEnrollment]") -> dict[int, Renuncia]:
    """The renuncia of each stay whose stage is one; not asked for when there is none."""
    asked = _in_stages(stays, Stage.S_13A, Stage.S_13)
    rows = _RENUNCIAS.rows(stays=asked) if asked else []
    return {one.enrollment_id: one for one in rows}


def _at_imss(stays: "list[StandingEnrollment]") -> dict[int, datetime]:
    """When the alta of each stay was sent (S-07) or applied (S-08)."""
    asked = _in_stages(stays, Stage.S_07, Stage.S_08)
    rows = _MOVEMENTS.rows(stays=asked) if asked else []
    return {
        pk: sent_at if state == MovementState.IN_BATCH else answered_at
        for pk, state, answered_at, sent_at in rows
    }


def _checks(stays: "list[StandingEnrollment]") -> dict[int, datetime]:
    """When the vigencia that counts was reported."""
    asked = _in_stages(stays, Stage.S_11, Stage.S_12)
    return dict(_CHECKS.rows(stays=asked)) if asked else {}


def _in_stages(stays: "list[StandingEnrollment]", *stages: Stage) -> list[int]:
    """Nothing is asked about stages in which nobody is."""
    return [stay.pk for stay in stays if stay.stage in stages]


def _line(stay: "StandingEnrollment", facts: _Facts) -> Line:
    acuse, renuncia = facts.acuses.get(stay.pk), facts.renuncias.get(stay.pk)
    in_review = acuse if stay.stage == Stage.S_04 else None
    case_at = facts.cases.get(stay.pk) if stay.stage == Stage.S_02 else None
    later_at = facts.at_imss.get(stay.pk) or facts.checks.get(stay.pk)
    began_at = case_at or later_at or _began_at(stay, acuse, renuncia)
    due_on = stay.due_on if stay.stage in ACUSE_ASKED else in_review and in_review.review_due_on
    said = []
    if stay.ball != Ball.NOBODY:
        said.append(f"le toca {Ball(stay.ball).label}")
    if due_on:
        said.append(due_in_words(due_on, stay.local_day))
    began_on = began_at and began_at.astimezone(stay.plantel.zone).date()
    if stay.stage == Stage.S_09:  # opened beforehand, it begins on its day
        began_on = stay.umf_registration.opens_on
    since = f" {since_in_words(began_on, stay.local_day)}" if began_on else ""
    return Line(stay, Stage(stay.stage).label, "; ".join([since, *said]), in_review)


def _began_at(
    stay: "StandingEnrollment", acuse: Acuse | None, renuncia: Renuncia | None
) -> datetime | None:
    """When the stage began, where a row of the student's says so."""
    request, data = getattr(stay, "nss_request", None), getattr(stay, "data", None)
    clinic = getattr(stay, "umf_registration", None)
    proven_at = request and request.proven_at
    began: dict[str, datetime | None] = {
        Stage.S_01: data and data.confirmed_at,
        Stage.S_03: proven_at,
        Stage.S_04: acuse.sent_at if acuse else None,
        Stage.S_04B: acuse.created_at if acuse else None,
        Stage.S_05: (acuse.reviewed_at or acuse.created_at) if acuse else None,
        Stage.S_06: proven_at,
        Stage.S_10: clinic and clinic.registered_at,
        Stage.S_13A: (renuncia.signed_at or renuncia.issued_at) if renuncia else None,
        Stage.S_13: renuncia.accepted_at if renuncia else None,
    }
    return began.get(stay.stage)
