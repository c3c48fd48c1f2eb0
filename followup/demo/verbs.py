"""What students and Control Escolar do in the demo; each function leaves the rows its action would leave."""

from datetime import date, timedelta

from common.dates import weekday_date
from followup.actions.reports import FOLIO_SERIES
from followup.causes import TO_DECIDE
from followup.demo.lives import Face, Life
from followup.demo.rows import random_id
from followup.models import Escalation, StudentReport
from followup.states import CASE_KINDS, EscalationCause, EscalationState, ReportKind
from notices.states import NoticeState
from nss.models import Acuse, NSSRequest
from nss.states import AcuseState, NSSAnswer, ProofRoute, RequestState, ReturnReason
from students.actions.bajas import LEADS_TO
from students.identity import mask_nss
from students.models import Baja, Declaration, StudentData
from students.queries.bajas import baja_words
from students.states import BajaKind, DeclarationKind, Event, Look, OtherCover, PauseReason

COVERS = {
    OtherCover.NONE: 88,
    OtherCover.IMSS_FAMILY: 5,
    OtherCover.UNKNOWN: 4,
    OtherCover.OTHER: 2,
    OtherCover.IMSS_WORK: 1,
}
SHARE_CONFIRMED_MAIL = 0.6
BETWEEN_LOOK_AND_DECISION = timedelta(seconds=70)


def enter(life: Life) -> None:
    """The student signs in for the first time."""
    at = life.clock.wait(0.5, 20)
    life.stay.first_signed_in_at = at
    life.record(Event.SIGNED_IN_FIRST, at, by=life.user)


def start_data(life: Life, *, steps: int) -> StudentData:
    """The student answers the first questions (E-02 to E-05) and stops."""
    at = life.clock.wait(0.05, 0.3)
    person, chance = life.person, life.chance
    data = StudentData(enrollment=life.stay, is_person_confirmed=True, updated_at=at)
    if steps > 1:
        data.email, data.phone = person.email, person.phone if chance.random() < 0.8 else ""
        data.accepts_whatsapp = bool(data.phone) and chance.random() < 0.6
        data.guardian_contact = f"tutor.{person.email}" if chance.random() < 0.4 else ""
    if steps > 2:
        for name in ("postal_code", "colonia", "municipio", "estado", "street"):
            setattr(data, name, getattr(person.address, name))
        data.exterior_number = person.address.exterior_number
        data.interior_number = person.address.interior_number
    if steps > 3:
        data.other_cover = chance.choices(list(COVERS), list(COVERS.values()))[0]
    life.rows.data.append(data)
    return data


def confirm_data(life: Life, *, state: NoticeState = NoticeState.SENT) -> None:
    """The student enters, gives the data and confirms them; most then confirm the e-mail too."""
    enter(life)
    data = start_data(life, steps=4)
    at = life.clock.wait(0.02, 0.2)
    data.confirmed_at = data.updated_at = at
    life.stay.told_due_on = due_on = life.settle_deadline()
    for kind in (DeclarationKind.AVISO, DeclarationKind.MANIFESTACION):
        is_statement = kind == DeclarationKind.MANIFESTACION
        statement = life.world.statements[data.other_cover] if is_statement else ""
        life.rows.declarations.append(
            Declaration(enrollment=life.stay, kind=kind, statement=statement, at=at)
        )
    life.record(Event.DATA_CONFIRMED, at, by=life.user)
    life.mail("M-02", "data-confirmed", at, {"due_on": _iso(due_on)}, state)
    if not life.case.is_first and life.chance.random() < SHARE_CONFIRMED_MAIL:
        _confirm_mail(life, data)


def upload(life: Life, face: Face) -> Acuse:
    """The student's file arrives as a draft."""
    at = life.clock.wait(1, 30)
    request = _request(life)
    life.versions += 1
    acuse = Acuse(
        public_id=random_id(life.chance),
        request=request,
        plantel=life.stay.plantel,
        version=life.versions,
        created_at=at,
        created_by=life.user,
    )
    acuse.file = life.store(acuse, face, at, by=life.user)
    life.rows.acuses.append(acuse)
    life.record(Event.ACUSE_UPLOADED, at, by=life.user, data={"version": acuse.version})
    return acuse


def send(
    life: Life, acuse: Acuse, *, is_own: bool = False, state: NoticeState = NoticeState.SENT
) -> None:
    """The student puts the draft into the plantel's queue; `is_own` is «es mío»."""
    at = life.clock.wait(0.01, 0.1)
    acuse.state, acuse.sent_at, acuse.is_claimed_own = AcuseState.RECEIVED, at, is_own
    acuse.review_due_on = promised = life.review_promise(at)
    life.pause(PauseReason.REVIEW, at)
    life.take_folio("A", at, acuse)
    data = life.name_folio(acuse, {"version": acuse.version, "claimed_own": is_own})
    promise = promised.isoformat() if promised else ""
    context = life.name_folio(acuse, {"review_due_on": promise, "acuse": acuse.public_id})
    life.record(Event.ACUSE_SENT, at, by=life.user, data=data)
    life.mail("M-06", f"acuse-{acuse.version}-received", at, context, state)


def answer(life: Life, acuse: Acuse, said: NSSAnswer | None, *, typed: str | None = None) -> None:
    """The student says whether the number that was read is right, or types it."""
    at = life.clock.wait(0.01, 0.1)
    acuse.nss_answer, acuse.typed_nss = said or "", typed
    data = life.name_folio(acuse, {"answer": said or "TYPED", "again": False})
    life.record(Event.NSS_TYPED, at, by=life.user, data=data)


def replace(acuse: Acuse) -> None:
    """A newer file takes the place of one that waits."""
    acuse.state = AcuseState.REPLACED


def refuse(life: Life, acuse: Acuse) -> None:
    """The file cannot be opened; the code comes from the reader that refused it."""
    at = life.clock.wait(0.001, 0.002)
    acuse.state = AcuseState.REFUSED
    data = {"version": acuse.version, "code": "PDF_DAMAGED"}
    life.record(Event.ACUSE_REFUSED, at, by=None, data=data)


def accept(life: Life, acuse: Acuse, *, state: NoticeState = NoticeState.SENT) -> None:
    """A reviewer accepts the acuse and the student has an NSS."""
    _decide(life, acuse, AcuseState.ACCEPTED)
    life.resume(PauseReason.REVIEW, life.clock.at)
    acuse.nss = life.person.nss
    _prove(life, ProofRoute.ACUSE)
    data = life.name_folio(acuse, {"override_reason": ""})
    life.record(Event.ACUSE_ACCEPTED, life.clock.at, by=life.reviewer, data=data)
    life.mail("M-09", f"acuse-{acuse.version}-accepted", life.clock.at, {}, state)


def give_back(
    life: Life,
    acuse: Acuse,
    reason: ReturnReason,
    *,
    note: str = "",
    state: NoticeState = NoticeState.SENT,
) -> None:
    """A reviewer returns the acuse with a reason; wrong data at IMSS become the plantel's errand instead."""
    _decide(life, acuse, AcuseState.RETURNED)
    acuse.return_reason, acuse.return_note = reason, note
    data = life.name_folio(acuse, {"reason": reason.label, "note": note})
    life.record(Event.ACUSE_RETURNED, life.clock.at, by=life.reviewer, data=data)
    is_return = reason != ReturnReason.IMSS_DATA_WRONG
    due_on = life.resume(PauseReason.REVIEW, life.clock.at, is_return=is_return)
    if not is_return:
        return
    words = life.world.reason_words(reason, note)
    context = {"reason": words.reason, "remedy": words.remedy, "due_on": _iso(due_on)}
    life.mail("M-08", f"acuse-{acuse.version}-returned", life.clock.at, context, state)


def report(
    life: Life, kind: ReportKind, *, subject: str = "", text: str = "", is_of_reviewer: bool = False
) -> StudentReport:
    """The student reports something, or the reviewer with the decision."""
    at = life.clock.at if is_of_reviewer else life.clock.wait(0.5, 16)
    by = life.reviewer if is_of_reviewer else life.user
    found = StudentReport(
        public_id=random_id(life.chance),
        enrollment=life.stay,
        kind=kind,
        subject=subject,
        text=text,
        happened_on=at.date(),
        created_at=at,
    )
    life.rows.reports.append(found)
    life.take_folio(FOLIO_SERIES[kind], at, found)
    data = life.name_folio(found, {"report": kind.label, "subject": subject})
    life.record(Event.REPORT_SENT, at, by=by, data=data)
    return found


def report_case(
    life: Life, cause: EscalationCause, *, subject: str, text: str, is_of_reviewer: bool = False
) -> StudentReport:
    """A report with which the plantel asks for the number at the Subdelegación, and tells the student so."""
    kind = (
        ReportKind.WRONG_DATA if cause == EscalationCause.DATA_DIFFER else ReportKind.SUBDELEGACION
    )
    found = report(life, kind, subject=subject, text=text, is_of_reviewer=is_of_reviewer)
    life.rows.cases.append(
        Escalation(
            report=found,
            plantel=life.school.plantel,
            cause=cause,
            state=EscalationState.REPORTED if cause in TO_DECIDE else EscalationState.READY,
            moved_at=found.created_at,
        )
    )
    _request(life).state = RequestState.AT_SUBDELEGACION
    life.pause(PauseReason.SUBDELEGACION, life.clock.at)
    context = life.name_folio(found, {"responsable": life.school.responsable.name})
    life.mail("M-10", "case-taken", life.clock.at, context)
    return found


def handle(life: Life, found: StudentReport, words: str) -> None:
    """The plantel closes a report with an answer."""
    at = life.clock.wait_for_office(2, 50, life.school.calendar)
    found.handled_at, found.handled_by, found.answer = at, life.school.responsable, words
    data = life.name_folio(found, {"report": found.get_kind_display()})
    life.record(Event.REPORT_HANDLED, at, by=life.school.responsable, data=data)
    if found.kind in CASE_KINDS:
        found.escalation.state, found.escalation.moved_at = EscalationState.RESOLVED, at


def register(life: Life, route: ProofRoute) -> None:
    """Control Escolar registers a number proven on paper at the window or by the Subdelegación."""
    at = life.clock.wait_for_office(3, 60, life.school.calendar)
    _prove(life, route)
    life.resume(PauseReason.SUBDELEGACION, at)
    data = {"route": route.label, "nss": mask_nss(life.person.nss), "override_reason": ""}
    life.record(Event.NSS_REGISTERED, at, by=life.school.responsable, data=data)
    life.look(Look.FULL_NSS, at, by=life.school.responsable)
    if route == ProofRoute.SUBDELEGACION:
        life.mail("M-11", "nss-obtained", at, {})


def withdraw(life: Life, kind: BajaKind) -> None:
    """The plantel ends the stay, and tells the student."""
    at = life.clock.wait_for_office(20, 90, life.school.calendar)
    day = at.astimezone(life.school.plantel.zone).date()
    baja = Baja(
        enrollment=life.stay,
        kind=kind,
        left_from=life.stay.state,
        on_date=day,
        at=at,
        by=life.school.responsable,
    )
    life.rows.bajas.append(baja)
    life.stay.state = LEADS_TO[kind]
    life.pause(PauseReason.WITHDRAWN, at)
    event = Event.FINISHED if kind == BajaKind.FINISHED else Event.WITHDRAWN
    data = {"baja": kind.label, "since": weekday_date(day)}
    life.record(event, at, by=life.school.responsable, data=data)
    life.mail("M-19", "baja", at, {"baja": baja_words(baja), "left_on": day.isoformat()})


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _request(life: Life) -> NSSRequest:
    if life.request is None:
        life.request = NSSRequest(enrollment=life.stay, created_at=life.clock.at)
        life.rows.requests.append(life.request)
    return life.request


def _prove(life: Life, route: ProofRoute) -> None:
    request = _request(life)
    by = life.reviewer if route == ProofRoute.ACUSE else life.school.responsable
    request.state, request.route = RequestState.PROVEN, route
    request.proven_at, request.proven_by = life.clock.at, by
    life.student.nss = life.person.nss


def _decide(life: Life, acuse: Acuse, state: AcuseState) -> None:
    at = life.clock.wait_for_office(1, 40, life.school.calendar)
    seen = max(at - BETWEEN_LOOK_AND_DECISION, acuse.sent_at or at)
    life.look(Look.DOCUMENT, seen, by=life.reviewer, file=acuse.file)
    acuse.state, acuse.reviewed_at, acuse.reviewed_by = state, at, life.reviewer


def _confirm_mail(life: Life, data: StudentData) -> None:
    """The address is confirmed and the activation codes are over."""
    at = life.clock.wait(0.02, 1)
    data.email_confirmed_at = at
    life.record(Event.EMAIL_CONFIRMED, at, by=life.user)
    for code in life.codes:
        code.voided_at = at
