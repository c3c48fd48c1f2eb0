"""Oficios of the demo, by the portal's own verbs: one delivered and partly answered, one still to be taken there."""

from datetime import date, datetime, time, timedelta

from followup.actions.oficios import answer_item, deliver_oficio, make_oficio
from followup.demo.moments import OPENING
from followup.demo.papers import drawn, responsable_of
from followup.models import Escalation, Oficio
from followup.oficio import Answer
from followup.queries.escalations import cases_to_ask, complete
from followup.render.oficio import draw_oficios
from papers.states import PaperKind
from school.calendar import Calendar
from school.models import Plantel, Subdelegacion, User
from school.queries.planteles import calendar_of
from students.identity.nss import nss_check_digit

IN_OFICIO = 6
"""Cases of the first oficio; the second has half as many."""
MADE, DELIVERED, ANSWERED = 5, 4, 1
"""So many working days before today."""
NOT_GIVEN = "El IMSS ya encontró tu número: sácalo otra vez en su página y sube tu acuse."
DOCUMENT = "Acta de nacimiento legible"


def add_oficios(planteles: list[Plantel], *, today: date) -> None:
    """Ask for the numbers of the oldest cases in the first planteles; most of the others wait for an oficio."""
    for plantel in planteles[:2]:
        by, days = responsable_of(plantel), calendar_of(plantel)
        made, delivered, answered = (
            _morning(_days_ago(days, today, count), plantel)
            for count in (MADE, DELIVERED, ANSWERED)
        )
        oficio = _make(plantel, IN_OFICIO, by=by, now=made)
        if oficio is None:
            continue
        deliver_oficio(oficio, by=by, now=delivered)
        _answer(oficio, by=by, now=answered)
        _make(plantel, IN_OFICIO // 2, by=by, now=answered)


def _make(plantel: Plantel, count: int, *, by: User, now: datetime) -> Oficio | None:
    """An oficio for the oldest cases that were complete at that moment, drawn; None where there are none."""
    found = cases_to_ask(Escalation.objects.filter(plantel=plantel, moved_at__lt=now))
    cases = complete(
        found.select_related("report__enrollment__student", "report__enrollment__data")
    )
    if not cases:
        return None
    office = Subdelegacion.objects.get(plantel=plantel)
    oficio = make_oficio(plantel, cases[:count], subdelegacion=office, by=by, now=now)
    drawn(oficio.paper.places.get().job, PaperKind.OFICIO, draw_oficios, now=now)
    return oficio


def _answer(oficio: Oficio, *, by: User, now: datetime) -> None:
    """One of each answer, and another number; the last rows, and the only row of a short one, go on waiting."""
    items = list(oficio.items.select_related("escalation__report"))[1:]
    answers = (("nss", _number(oficio)), ("missing", DOCUMENT), ("refusal", NOT_GIVEN))
    for item, (field, words) in zip(items, answers, strict=False):
        answer = Answer(item.escalation.report.folio, **{field: words})
        answer_item(item, answer, by=by, now=now)


def _number(oficio: Oficio) -> str:
    """A number of an office from which nobody in the demo has one (followup.demo.people)."""
    front = f"98{oficio.created_at:%y}08{oficio.pk % 10_000:04d}"
    return f"{front}{nss_check_digit(front)}"


def _days_ago(days: Calendar, today: date, count: int) -> date:
    day = today
    while count:
        day -= timedelta(days=1)
        count -= days.is_working(day)
    return day


def _morning(day: date, plantel: Plantel) -> datetime:
    return datetime.combine(day, time(OPENING.hour + 2), plantel.zone)
