"""An answer of the Subdelegación that was written down wrongly is taken back, while nothing stands on it."""

from datetime import datetime

from django.db import transaction

from common.transitions import TransitionNotAllowed
from followup.actions.errors import AnswerRefused
from followup.actions.escalations import move_escalation
from followup.models import Escalation, OficioItem, StudentReport
from followup.states import ANSWERED_CASES, CASE_KINDS, EscalationState, ItemOutcome
from notices.actions import cancel, queue
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.errors import SentToIMSS
from nss.actions.register import resume_errand, unregister_nss
from nss.actions.steps import about, lock_request, recipient_of
from school.models import User
from students import timeline
from students.access import is_open
from students.models import Enrollment
from students.states import Event

NO_ANSWER = "Este renglón ya no tiene respuesta: otra persona la deshizo"
WENT_ON = "El trámite ya siguió después de esta respuesta: no se puede deshacer. Abrir el caso"

_TOLD_BY = {ItemOutcome.NSS: "M-11", ItemOutcome.MISSING: "M-26"}
"""The mail of each answer; a refusal has none, the student reads it on the page."""
_CORRECTION = {
    ItemOutcome.NSS: "El número que viste en el portal no es el tuyo: no lo uses.",
    ItemOutcome.MISSING: "No tienes que llevar el documento que te pedimos.",
}


@transaction.atomic
def undo_answer(item: OficioItem, *, by: User, now: datetime) -> OficioItem:
    """Take back what was answered about one row: it waits for its answer again, and so does the student.

    The mail about it stops if it has not left; else another puts it right. An acuse that a number replaced stays
    replaced. Raises AnswerRefused for a row without an answer, and once something stands on it: a new oficio,
    another case, an acuse, or the end of the stay.
    """
    stay = item.escalation.report.enrollment
    lock_request(stay, now=now)
    item = OficioItem.objects.select_related("oficio", "escalation__report__enrollment").get(
        pk=item.pk
    )
    if item.answered_at is None:
        raise AnswerRefused(NO_ANSWER)
    outcome, folio = ItemOutcome(item.outcome), item.escalation.report.folio
    _check_nothing_stands_on(item)
    _reopen_report(item.escalation.report)
    _undo_in_request(stay, outcome, since=item.answered_at, now=now)
    _move_back(item, now=now)
    _correct(item, stay, outcome, now=now)
    item.outcome, item.note, item.answered_at, item.answered_by = "", "", None, None
    item.save(update_fields=["outcome", "note", "answered_at", "answered_by"])
    data = {"folio": folio, "note": f"Decía «{outcome.label}»"}
    timeline.record(stay, Event.ANSWER_UNDONE, by=by, at=now, data=data)
    return item


def _check_nothing_stands_on(item: OficioItem) -> None:
    stay = item.escalation.report.enrollment
    newer = StudentReport.objects.filter(
        enrollment=stay, kind__in=CASE_KINDS, created_at__gt=item.answered_at
    )
    is_in_oficio = item.withdrawn_at is None and item.oficio.delivered_at is not None
    if not is_in_oficio or not is_open(stay) or newer.exists():
        raise AnswerRefused(WENT_ON)


def _reopen_report(report: StudentReport) -> None:
    locked = StudentReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    locked.handled_at, locked.handled_by, locked.answer = None, None, ""
    locked.save(update_fields=["handled_at", "handled_by", "answer"])


def _undo_in_request(
    stay: Enrollment, outcome: ItemOutcome, *, since: datetime, now: datetime
) -> None:
    """A document that is missing left the request at the Subdelegación."""
    try:
        if outcome == ItemOutcome.NSS:
            unregister_nss(stay, now=now)
        elif outcome == ItemOutcome.REFUSED:
            resume_errand(stay, since=since, now=now)
    except TransitionNotAllowed:
        raise AnswerRefused(WENT_ON) from None
    except SentToIMSS as refusal:
        raise AnswerRefused(refusal.sentence) from None


def _move_back(item: OficioItem, *, now: datetime) -> None:
    """The case is locked last, as where answers are given; one that was moved since stays where it is."""
    case = Escalation.objects.select_for_update(of=("self",)).get(pk=item.escalation_id)
    if case.state != ANSWERED_CASES[ItemOutcome(item.outcome)]:
        raise AnswerRefused(WENT_ON)
    move_escalation(case, EscalationState.DELIVERED, now=now)


def _correct(item: OficioItem, stay: Enrollment, outcome: ItemOutcome, *, now: datetime) -> None:
    """Stop the mail of the answer, and write a correction to who has it already."""
    if outcome not in _TOLD_BY:
        return
    cancel(about(stay), messages=[_TOLD_BY[outcome]])
    told = Notice.objects.filter(
        about=about(stay),
        message=_TOLD_BY[outcome],
        state__in=[NoticeState.SENDING, NoticeState.SENT],
        created_at__gte=item.answered_at,
    )
    if told.exists():
        queue(
            f"item:{item.pk}:undone:{now.isoformat()}",
            "M-27",
            to=recipient_of(stay),
            plantel=stay.plantel,
            about=about(stay),
            context={
                "folio": item.escalation.report.folio,
                "correccion": _CORRECTION[outcome],
            },
            now=now,
        )
