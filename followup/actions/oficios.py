"""The verbs of an oficio: made, changed, printed again, delivered, cancelled; and each answer to it."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from followup.actions.errors import AnswerRefused, OficioRefused
from followup.actions.escalations import end_item, lock_escalation, move_escalation
from followup.actions.reports import handle_report, resolve_report_with_nss
from followup.models import Escalation, Oficio, OficioItem
from followup.oficio import MOST_STUDENTS, Answer, answers_in, sheet_of
from followup.queries.escalations import cases_to_ask, complete, still_asked
from followup.queries.oficios import about_oficio, cases_in, items_of, row_of
from followup.states import EscalationState, ItemOutcome
from notices.actions import queue
from nss.actions.review import UNDO_WINDOW
from nss.actions.steps import about, lock_request, recipient_of
from papers.actions import (
    cancel_print_job,
    issue_papers,
    issue_version,
    queue_lot,
    revoke_paper,
)
from papers.models import PrintJob
from papers.states import WAITING, PaperKind
from renuncias.queries.renuncias import hand_in_place
from school.actions.texts import keep_text_in_use
from school.models import Plantel, Subdelegacion, User
from school.states import TextKind
from students import timeline
from students.access import is_open
from students.actions.looks import record_looks
from students.actions.tables import read_table_of
from students.identity import parse_nss
from students.models import TimelineEntry
from students.states import Event, Look

MOST_ROWS = 500
NOBODY = "Elegir al menos a un estudiante"
TOO_MANY = f"Un oficio lleva hasta {MOST_STUDENTS} estudiantes. Hacer otro con los demás"
NOT_ALL = "Alguno de los casos ya no puede ir en este oficio. Revisar la lista y elegir otra vez"
DELIVERED = "El oficio ya se entregó: ya no se puede cambiar ni cancelar"
CANCELLED = "El oficio está cancelado"
NOT_DELIVERED = "Marcar primero el oficio como entregado"
ANSWERED = "Este renglón ya tiene otra respuesta. Abrir el caso para ver cuál"
TAKEN_OUT = "Este renglón ya no está en el oficio"


@transaction.atomic
def make_oficio(
    plantel: Plantel,
    cases: Sequence[Escalation],
    *,
    subdelegacion: Subdelegacion,
    by: User,
    now: datetime,
) -> Oficio:
    """Put complete cases of a plantel into an oficio with a folio, and order its letter.

    Raises OficioRefused for no case and for too many, and when one of them may not be asked for or stands in another
    oficio.
    """
    _check_count(cases)
    chosen = _lock_ready(plantel, cases)
    oficio = Oficio(plantel=plantel, subdelegacion=subdelegacion, created_at=now, created_by=by)
    (oficio.paper,) = issue_papers(
        PaperKind.OFICIO,
        plantel,
        chosen[0].report.enrollment.cycle,
        [about_oficio(oficio)],
        text=keep_text_in_use(TextKind.OFICIO, now=now),
        by=by,
        now=now,
    )
    oficio.save(force_insert=True)
    _put_in(oficio, chosen, by=by, now=now)
    print_oficio(oficio, by=by, now=now)
    return oficio


@transaction.atomic
def change_oficio(
    oficio: Oficio,
    cases: Sequence[Escalation],
    *,
    subdelegacion: Subdelegacion,
    by: User,
    now: datetime,
) -> Oficio:
    """Replace the letter by its next version: these cases, with their data of now, for this Subdelegación.

    Cases that are left out are complete again, and who was closed, left or declined meanwhile is not asked for. Raises
    OficioRefused once it is delivered or cancelled, and what make_oficio raises.
    """
    oficio = _lock_open(oficio)
    _check_count(cases)
    kept = {case.pk for case in cases_in(oficio)}
    wanted = {case.pk for case in cases}
    if still_asked(cases_in(oficio)).filter(pk__in=wanted).count() != len(kept & wanted):
        raise OficioRefused(NOT_ALL)
    _take_out(oficio, kept - wanted, by=by, now=now)
    oficio.items.filter(answered_at__isnull=False).update(withdrawn_at=now)
    _write_rows_again(oficio)
    if new := [case for case in cases if case.pk not in kept]:
        _put_in(oficio, _lock_ready(oficio.plantel, new), by=by, now=now)
    _call_off_letter(oficio)
    oficio.version += 1
    oficio.subdelegacion = subdelegacion
    oficio.paper = issue_version(oficio.paper, oficio.version, by=by, now=now)
    oficio.save(update_fields=["version", "subdelegacion", "paper"])
    print_oficio(oficio, by=by, now=now)
    return oficio


@transaction.atomic
def print_oficio(oficio: Oficio, *, by: User, now: datetime) -> PrintJob:
    """Order the letter as it is now; printed again it keeps its folio.

    Raises OficioRefused once it is cancelled.
    """
    oficio = _lock(oficio)
    return queue_lot(
        oficio.plantel,
        PaperKind.OFICIO,
        [oficio.paper],
        title=f"Oficio {oficio.paper.folio}",
        by=by,
        now=now,
    )


@transaction.atomic
def take_list(oficio: Oficio, *, by: User, now: datetime) -> bytes:
    """Return the XLSX of the rows that wait for an answer, and write down who took whose CURP along."""
    waiting = list(items_of(oficio).filter(answered_at__isnull=True))
    reports = [item.escalation.report for item in waiting]
    record_looks([report.enrollment for report in reports], Look.OFICIO_LIST, by=by, now=now)
    rows = [(report.folio, item.row) for report, item in zip(reports, waiting, strict=True)]
    return sheet_of(oficio.paper.folio, rows)


@transaction.atomic
def deliver_oficio(oficio: Oficio, *, by: User, now: datetime) -> Oficio:
    """Note that the Subdelegación has the oficio: from now on its answers are awaited.

    Raises OficioRefused the second time, and once it is cancelled.
    """
    oficio = _lock_open(oficio)
    cases = _locked(cases_in(oficio))
    for case in cases:
        move_escalation(case, EscalationState.DELIVERED, now=now)
    oficio.delivered_at, oficio.delivered_by = now, by
    oficio.save(update_fields=["delivered_at", "delivered_by"])
    _record(oficio, cases, Event.OFICIO_DELIVERED, by=by, now=now)
    return oficio


@transaction.atomic
def cancel_oficio(oficio: Oficio, *, by: User, now: datetime) -> Oficio:
    """Call the oficio off before it is delivered: its paper is revoked and its cases are complete again.

    Raises OficioRefused once it is delivered or cancelled.
    """
    oficio = _lock_open(oficio)
    _take_out(oficio, {case.pk for case in cases_in(oficio)}, by=by, now=now)
    _call_off_letter(oficio)
    revoke_paper(oficio.paper, now=now)
    oficio.paper.refresh_from_db()
    return oficio


@transaction.atomic
def answer_item(item: OficioItem, answer: Answer, *, by: User, now: datetime) -> OficioItem:
    """Do what the Subdelegación answered about one row; the same answer again changes nothing.

    A number is registered and proves the request; a document that is missing makes the case complete again, and
    the student is told what to bring; a refusal closes it with what the student reads. Raises AnswerRefused, and
    what register_nss raises about the number.
    """
    if answer.is_empty or answer.fault:
        raise AnswerRefused(answer.fault or "Escribir una respuesta")
    stay = item.escalation.report.enrollment
    lock_request(stay, now=now)
    item = OficioItem.objects.select_related("oficio", "escalation__report").get(pk=item.pk)
    if item.answered_at is not None:
        return _same(item, answer)
    _check_waiting(item)
    report = item.escalation.report
    if answer.nss:
        resolve_report_with_nss(report, nss=answer.nss, by=by, now=now)
    elif answer.missing:
        _ask_document(item.escalation, answer.missing, by=by, now=now)
    else:
        handle_report(report, by=by, answer=answer.refusal, now=now)
    item.refresh_from_db()
    return item


def _ask_document(case: Escalation, missing: str, *, by: User, now: datetime) -> None:
    case = lock_escalation(case)
    stay, folio = case.report.enrollment, case.report.folio
    move_escalation(case, EscalationState.READY, now=now, missing=missing)
    end_item(case, ItemOutcome.MISSING, note=missing, by=by, now=now)
    data = {"folio": folio, "missing": missing}
    timeline.record(stay, Event.DOCUMENT_ASKED, by=by, at=now, data=data)
    if is_open(stay):
        _tell_asked(case, now=now)


def _tell_asked(case: Escalation, *, now: datetime) -> None:
    """Who left or declined brings nothing; back again, the student reads it in «Mi trámite»."""
    stay = case.report.enrollment
    queue(
        f"case:{case.pk}:{case.round}:document",
        "M-26",
        to=recipient_of(stay),
        plantel=stay.plantel,
        about=about(stay),
        context={
            "folio": case.report.folio,
            "missing": case.missing,
            "place": hand_in_place(stay.plantel),
        },
        now=now,
        not_before=now + UNDO_WINDOW,
    )


def _same(item: OficioItem, answer: Answer) -> OficioItem:
    """What is said again is what was said; a number is compared with the one that the student has."""
    number = item.escalation.report.enrollment.student.nss
    said = {
        ItemOutcome.NSS: answer.nss and parse_nss(answer.nss) == number,
        ItemOutcome.MISSING: answer.missing and answer.missing == item.note,
        ItemOutcome.REFUSED: answer.refusal and answer.refusal == item.note,
    }
    if not said[ItemOutcome(item.outcome)]:
        raise AnswerRefused(ANSWERED)
    return item


def _check_waiting(item: OficioItem) -> None:
    if item.withdrawn_at is not None:
        raise AnswerRefused(TAKEN_OUT)
    if item.oficio.delivered_at is None:
        raise AnswerRefused(NOT_DELIVERED)


def _lock(oficio: Oficio) -> Oficio:
    """The oficio as it is now, locked; its paper is read once the lock is held, so no other verb ends it any more."""
    locked = Oficio.objects.select_for_update(of=("self",)).get(pk=oficio.pk)
    if locked.is_cancelled:
        raise OficioRefused(CANCELLED)
    return locked


def _lock_open(oficio: Oficio) -> Oficio:
    locked = _lock(oficio)
    if locked.delivered_at is not None:
        raise OficioRefused(DELIVERED)
    return locked


def _locked(cases: QuerySet[Escalation]) -> list[Escalation]:
    return list(
        cases.select_for_update(of=("self",))
        .select_related("plantel", "report__enrollment__student", "report__enrollment__data")
        .order_by("pk")
    )


def _check_count(cases: Sequence[Escalation]) -> None:
    if not cases:
        raise OficioRefused(NOBODY)
    if len(cases) > MOST_STUDENTS:
        raise OficioRefused(TOO_MANY)


def _lock_ready(plantel: Plantel, cases: Sequence[Escalation]) -> list[Escalation]:
    wanted = Escalation.objects.filter(pk__in=[case.pk for case in cases], plantel=plantel)
    locked = complete(_locked(cases_to_ask(wanted)))
    if len(locked) != len(cases):
        raise OficioRefused(NOT_ALL)
    return locked


def _put_in(oficio: Oficio, cases: Sequence[Escalation], *, by: User, now: datetime) -> None:
    for case in cases:
        move_escalation(case, EscalationState.IN_OFICIO, now=now)
    OficioItem.objects.bulk_create(
        OficioItem(oficio=oficio, escalation=case, row=row_of(case.report.enrollment))
        for case in cases
    )
    _record(oficio, cases, Event.OFICIO_ISSUED, by=by, now=now)


def _write_rows_again(oficio: Oficio) -> None:
    items = list(items_of(oficio).select_related("escalation__report__enrollment__data"))
    for item in items:
        item.row = row_of(item.escalation.report.enrollment)
    OficioItem.objects.bulk_update(items, ["row"])


def _take_out(oficio: Oficio, keys: set[int], *, by: User, now: datetime) -> None:
    cases = _locked(cases_in(oficio).filter(pk__in=keys))
    for case in cases:
        move_escalation(case, EscalationState.READY, now=now)
    oficio.items.filter(escalation__in=cases, answered_at=None).update(withdrawn_at=now)
    _record(oficio, cases, Event.OFICIO_WITHDRAWN, by=by, now=now)


def _call_off_letter(oficio: Oficio) -> None:
    """A letter that nobody has drawn yet would speak of other students than the ones it was ordered for."""
    for place in oficio.paper.places.filter(job__state__in=WAITING).select_related("job"):
        cancel_print_job(place.job)


def _record(
    oficio: Oficio, cases: Sequence[Escalation], event: Event, *, by: User, now: datetime
) -> None:
    timeline.record_many(
        TimelineEntry(
            enrollment=case.report.enrollment,
            event=event,
            by=by,
            at=now,
            data={"folio": oficio.paper.folio},
        )
        for case in cases
    )


def read_answers(upload: UploadedFile) -> list[Answer]:
    """Read the answers out of a list that came back; nothing is kept of the file.

    Raises UploadRefused for a file that is no list of ours to read, NoColumn, NoSlot when the machine is busy.
    """
    table = read_table_of(upload, max_rows=MOST_ROWS)
    return answers_in(table.headers, table.rows)
