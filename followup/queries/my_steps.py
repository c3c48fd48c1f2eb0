"""What the student reads on «Mi trámite»: where it stands, what comes next, whose turn it is."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Case, Q, When
from django.urls import reverse

from common.dates import weekday_date
from common.templatetags.ui import grouped_nss
from followup.models import StudentReport
from followup.queries.reports import open_case
from followup.stages import (
    LATER,
    MAY_BE_PAUSED,
    NSS_BY_PLANTEL,
    RETYPE,
    SIGNED_RENUNCIA,
    STAGES,
    STEP_STATUS,
    STEPS,
    UPLOAD_STEP,
    YOURS,
    StageLink,
    StageText,
)
from followup.states import Ball, Stage
from nss.models import Acuse
from nss.queries.acuses import TO_CORRECT, may_retype
from nss.queries.reasons import reason_words
from nss.states import AcuseState, ProofRoute, ReturnReason
from renuncias.queries.renuncias import hand_in_place, open_renuncia
from school.queries.planteles import Contact, calendar_of
from school.states import DayCount
from students.deadlines import Due, Rule, days_left
from students.queries.bajas import baja_sentence, holding_baja
from students.queries.deadlines import acuse_deadline
from students.states import BajaKind

if TYPE_CHECKING:
    from followup.queries.progress import StandingEnrollment

TURNS = {
    Ball.STUDENT: "Te toca a ti",
    Ball.PLANTEL: "Le toca a tu plantel",
    Ball.IMSS: "Le toca al IMSS",
    Ball.NOBODY: "",
}


@dataclass(frozen=True)
class Link:
    """A button or link with its address."""

    text: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """The box «Lo que sigue»; `level` is warning, waiting or empty."""

    turn: str
    heading: str
    body: str
    level: str
    button: Link | None
    links: list[Link]


@dataclass(frozen=True)
class StepLine:
    """One line of «Tu avance»; `status` is done, current, waiting or later, `url` where the line leads."""

    name: str
    tag: str
    status: str
    url: str = ""


@dataclass(frozen=True)
class DeadlineLine:
    """Until when, in words, and how that day was counted; `level` is late, paused or empty."""

    text: str
    why: str
    level: str = ""


@dataclass
class Facts:
    """What the texts of a stage speak of; a value that is not known any more is empty."""

    acuse: Acuse | None = None
    report: StudentReport | None = None
    values: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))


def next_step(enrollment: "StandingEnrollment", contact: Contact) -> NextStep:
    """Fill the texts of the stage with the student's own facts."""
    facts = _facts(enrollment, contact)
    text = _text(enrollment)
    return NextStep(
        turn=TURNS[text.ball],
        heading=text.heading.format_map(facts.values),
        body=text.body.format_map(facts.values),
        level=_level(text),
        button=_link(_button(enrollment.stage, text, facts), facts),
        links=[found for link in text.links if (found := _link(link, facts))],
    )


def steps_of(enrollment: "StandingEnrollment") -> list[StepLine]:
    """Return «Tu avance»; nothing once the stay is over. In S-02 and S-03 no acuse is asked.

    One thing at a time is the student's turn: data that are not confirmed come before a returned acuse.
    """
    text = STAGES[enrollment.stage]
    if not any(text.steps):
        return []
    lines: list[StepLine] = []
    asks_data = not _has_confirmed_data(enrollment)
    for number, name in enumerate(STEPS):
        tag = text.steps[number] if number < len(text.steps) else LATER
        url = ""
        if number == 0 and asks_data:
            tag, url = YOURS, reverse("students:continue_data")
        elif tag == YOURS and asks_data:
            tag = LATER
        if number == 1 and enrollment.stage == Stage.S_02:
            name = NSS_BY_PLANTEL
        if number == UPLOAD_STEP and _has_nss_by_plantel(enrollment):
            tag = ""
        if tag:
            lines.append(StepLine(name, tag, STEP_STATUS[tag], url))
    return lines


def _has_nss_by_plantel(enrollment: "StandingEnrollment") -> bool:
    """Then no acuse was ever asked."""
    request = getattr(enrollment, "nss_request", None)
    return request is not None and request.route == ProofRoute.SUBDELEGACION


def _has_confirmed_data(enrollment: "StandingEnrollment") -> bool:
    """An acuse handed over at the window may come before the data."""
    data = getattr(enrollment, "data", None)
    return data is not None and data.confirmed_at is not None


def deadline_line(enrollment: "StandingEnrollment") -> DeadlineLine | None:
    """Say until when the acuse is due, or since when the clock stands, and why; None where it is over."""
    if enrollment.stage in MAY_BE_PAUSED and enrollment.due_on is None:
        due = acuse_deadline(enrollment)
        return DeadlineLine(f"Tu plazo está {due.pause}.", "", "paused") if due.paused else None
    if enrollment.due_on is None or not STAGES[enrollment.stage].says_deadline:
        return None
    due = acuse_deadline(enrollment)
    day = weekday_date(enrollment.due_on)
    if enrollment.is_overdue:
        return DeadlineLine(
            f"Tu plazo venció el **{day}**, pero aún recibimos tu acuse.", due.why, "late"
        )
    left = _days_left(enrollment, due)
    return DeadlineLine(f"Entrega tu acuse a más tardar el **{day}** ({left}).", due.why)


def _days_left(enrollment: "StandingEnrollment", due: Due) -> str:
    """«hoy es el último día», «te queda 1 día hábil», «te quedan 2 días hábiles»."""
    rule = Rule(business_days=enrollment.cycle.acuse_day_count == DayCount.BUSINESS)
    told = Due(enrollment.due_on, due.remaining, paused=False, why=due.why)
    left = days_left(told, rule, calendar_of(enrollment.plantel), today=enrollment.local_day)
    if enrollment.due_on == enrollment.local_day:
        return "hoy es el último día"
    return f"te queda {rule.describe(left)}" if left == 1 else f"te quedan {rule.describe(left)}"


def _facts(enrollment: "StandingEnrollment", contact: Contact) -> Facts:
    facts = Facts()
    facts.values |= {
        "responsable": contact.name or "Tu plantel",
        "due": weekday_date(enrollment.due_on) if enrollment.due_on else "",
        "until": _until(enrollment),
        "nss": grouped_nss(enrollment.student.nss),
    }
    if enrollment.stage in {Stage.S_04, Stage.S_05}:
        facts.acuse = _acuse_of(enrollment)
        facts.values |= _acuse_values(facts.acuse, enrollment)
    if enrollment.stage == Stage.S_02:
        facts.report = open_case(enrollment)
        facts.values["report"] = _report_words(facts.report, enrollment)
        facts.values["document"] = _document_words(facts.report, enrollment)
    if enrollment.stage == Stage.S_13A:
        facts.values |= _renuncia_values(enrollment)
    if enrollment.stage == Stage.S_14:
        facts.values["baja"] = _baja_words(enrollment)
    return facts


def _text(enrollment: "StandingEnrollment") -> StageText:
    """The texts of the stage, or what is read instead once the signed renuncia is at the plantel."""
    is_signed = enrollment.stage == Stage.S_13A and enrollment.ball == SIGNED_RENUNCIA.ball
    return SIGNED_RENUNCIA if is_signed else STAGES[enrollment.stage]


def _renuncia_values(enrollment: "StandingEnrollment") -> dict[str, str]:
    renuncia = open_renuncia(enrollment)
    with_guardian = renuncia is not None and renuncia.needs_guardian
    return {
        "guardian": ", con tu mamá, papá o tutor," if with_guardian else "",
        "place": hand_in_place(enrollment.plantel),
    }


def _baja_words(enrollment: "StandingEnrollment") -> str:
    baja = holding_baja(enrollment)
    if baja is None:
        return ""
    comes_back = baja.kind == BajaKind.TEMPORARY
    hope = "Si regresas, tu trámite sigue donde estaba. " if comes_back else ""
    return f"**{baja_sentence(baja)}** {hope}"


def _until(enrollment: "StandingEnrollment") -> str:
    """A day that has passed is told by the deadline line alone."""
    if enrollment.due_on is None or enrollment.is_overdue:
        return ""
    return f"Tienes hasta el **{weekday_date(enrollment.due_on)}**."


def _acuse_of(enrollment: "StandingEnrollment") -> Acuse:
    """The acuse that decides the stage; a newer file that was never sent and did not open counts for nothing.

    Somebody may have acted since the stage was read: then it is the newest, and the next page says the rest.
    """
    wanted = Q(state=AcuseState.RECEIVED) if enrollment.stage == Stage.S_04 else TO_CORRECT
    acuses = Acuse.objects.filter(request__enrollment=enrollment).select_related("request")
    return acuses.order_by(Case(When(wanted, then=0), default=1), "-version")[0]


def _acuse_values(acuse: Acuse, enrollment: "StandingEnrollment") -> dict[str, str]:
    days = enrollment.cycle.review_days
    values = {
        "folio": acuse.folio or "",
        "review_days": Rule(days=days).describe(days),
        "review_due": weekday_date(acuse.review_due_on) if acuse.review_due_on else "",
    }
    is_refused = acuse.state == AcuseState.REFUSED
    reason = ReturnReason.DOES_NOT_OPEN if is_refused else acuse.return_reason
    if reason:
        words = reason_words(reason, acuse.return_note)
        values |= {"reason": words.reason, "remedy": words.remedy}
    return values


def _report_words(report: StudentReport | None, enrollment: "StandingEnrollment") -> str:
    if report is None:
        return ""
    return f"Reporte {report.folio}, {_day(report.created_at, enrollment)}."


def _document_words(report: StudentReport | None, enrollment: "StandingEnrollment") -> str:
    if report is None or not report.escalation.missing:
        return ""
    return (
        f"Para darte tu NSS, la Subdelegación pide: **{report.escalation.missing}**. "
        f"Llévalo a {hand_in_place(enrollment.plantel)}, en tu plantel. "
    )


def _day(at: datetime, enrollment: "StandingEnrollment") -> str:
    local: date = at.astimezone(enrollment.plantel.zone).date()
    return weekday_date(local)


def _level(text: StageText) -> str:
    if text.is_warning:
        return "warning"
    return "" if text.ball == Ball.STUDENT else "waiting"


def _button(stage: str, text: StageText, facts: Facts) -> StageLink | None:
    if stage == Stage.S_05 and facts.acuse and may_retype(facts.acuse):
        return RETYPE
    return text.button


def _link(link: StageLink | None, facts: Facts) -> Link | None:
    """The link with its address; None when what it leads to does not exist."""
    if link is None:
        return None
    if not link.on:
        return Link(link.text, reverse(link.url_name) + link.query)
    target = facts.acuse if link.on == "acuse" else facts.report
    return Link(link.text, reverse(link.url_name, args=[target.public_id])) if target else None
