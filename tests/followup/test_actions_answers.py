"""An answer of the Subdelegación is taken back: at each of its exits, and by two at once."""

from datetime import timedelta

import pytest

from followup.actions.answers import NO_ANSWER, WENT_ON, undo_answer
from followup.actions.errors import AnswerRefused
from followup.actions.oficios import answer_item, deliver_oficio, make_oficio
from followup.actions.reports import ReportDetails, handle_report, report_case
from followup.models import Escalation, OficioItem
from followup.oficio import Answer
from followup.states import EscalationState, ReportKind
from notices.models import Notice
from notices.states import NoticeState
from nss.models import NSSRequest
from nss.states import AcuseState, RequestState
from school.models import Subdelegacion
from school.states import Role
from students.models import ClockPause, Enrollment, TimelineEntry
from students.queries.deadlines import acuse_deadline
from students.states import EnrollmentState, Event
from tests.factories.nss import AcuseFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss
from tests.meanwhile import making_wait

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
UNDONE = LATER + timedelta(minutes=5)
WRONG = Answer("x", nss=nss(7))
MISSING = Answer("x", missing="acta certificada")
REFUSED = Answer("x", refusal="No procede.")
EACH = [WRONG, MISSING, REFUSED]


@pytest.fixture
def by():
    return staff(Role.RESPONSABLE, PlantelFactory(number="05"))


def make(case, by):
    office, _ = Subdelegacion.objects.get_or_create(name="Hermosillo")
    return make_oficio(case.plantel, [case], subdelegacion=office, by=by, now=NOW)


@pytest.fixture
def item(by):
    stay = EnrollmentFactory(confirmed=True, plantel=by.memberships.get().plantel)
    kind, details = ReportKind.SUBDELEGACION, ReportDetails(key="una")
    report = report_case(stay, kind, by=stay.student.user, details=details, now=NOW)
    oficio = make(report.escalation, by)
    deliver_oficio(oficio, by=by, now=NOW)
    return oficio.items.get()


def undo(item, by):
    return undo_answer(OficioItem.objects.get(pk=item.pk), by=by, now=UNDONE)


def stands(item):
    """Where everything stands that an answer moves."""
    stay = item.escalation.report.enrollment
    case = Escalation.objects.select_related("report").get(pk=item.escalation_id)
    found = OficioItem.objects.get(pk=item.pk)
    request = NSSRequest.objects.get(enrollment=stay)
    stay = Enrollment.objects.get(pk=stay.pk)
    return {
        "item": (found.outcome, found.note, found.answered_at, found.answered_by),
        "case": (case.state, case.missing),
        "report": (case.report.handled_at, case.report.handled_by, case.report.answer),
        "request": (request.state, request.route, request.undo_to, request.proven_at),
        "nss": stay.student.nss,
        "pauses": list(ClockPause.objects.values_list("reason", "started_at", "ended_at")),
        "due": (stay.acuse_due_on, acuse_deadline(stay).date),
    }


@pytest.mark.parametrize("said", EACH)
def test_undo_answer_leaves_everything_as_before_it(item, by, said):
    before = stands(item)
    answer_item(item, said, by=by, now=LATER)

    undo(item, by)

    line = TimelineEntry.objects.latest("pk")
    assert stands(item) == before
    assert (line.event, line.by) == (Event.ANSWER_UNDONE, by)
    assert str(line.data).count(nss(7)) == 0


def test_undo_answer_of_a_number_that_stands_in_a_batch(item, by):
    answer_item(item, WRONG, by=by, now=LATER)
    Enrollment.objects.update(sent_to_imss_at=LATER)
    before = stands(item)

    with pytest.raises(AnswerRefused, match="descartar el lote"):
        undo(item, by)

    assert stands(item) == before


@pytest.mark.parametrize("said", EACH)
@pytest.mark.parametrize("then", EACH)
def test_undo_answer_lets_another_be_given(item, by, said, then):
    answer_item(item, said, by=by, now=LATER)
    undo(item, by)

    found = answer_item(item, then, by=by, now=UNDONE)

    assert found.answered_at == UNDONE


@pytest.mark.parametrize(("said", "message"), [(WRONG, "M-11"), (MISSING, "M-26")])
def test_undo_answer_stops_the_mail_that_has_not_left(item, by, said, message):
    answer_item(item, said, by=by, now=LATER)
    notice = Notice.objects.get(message=message)

    undo(item, by)

    assert notice.not_before == LATER + timedelta(seconds=10)
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.CANCELLED
    assert not Notice.objects.filter(message="M-27").exists()


@pytest.mark.parametrize(
    ("said", "message", "words"),
    [(WRONG, "M-11", "no lo uses"), (MISSING, "M-26", "No tienes que llevar el documento")],
)
def test_undo_answer_puts_right_the_mail_that_left(item, by, said, message, words):
    answer_item(item, said, by=by, now=LATER)
    Notice.objects.filter(message=message).update(state=NoticeState.SENT, sent_at=LATER)

    undo(item, by)

    correction = Notice.objects.get(message="M-27")
    assert correction.context["folio"] == item.escalation.report.folio
    assert words in correction.context["correccion"]


def test_a_number_given_again_is_told_again(item, by):
    answer_item(item, WRONG, by=by, now=LATER)
    undo(item, by)

    answer_item(item, Answer("x", nss=nss(8)), by=by, now=UNDONE)

    told = Notice.objects.filter(message="M-11", state=NoticeState.QUEUED)
    assert told.count() == 1


def test_undo_answer_of_a_row_without_one_is_refused(item, by):
    with pytest.raises(AnswerRefused, match=NO_ANSWER):
        undo(item, by)


def another_oficio(item, by):
    make(Escalation.objects.get(pk=item.escalation_id), by)


def another_case(item, by):
    stay = item.escalation.report.enrollment
    kind, details = ReportKind.SUBDELEGACION, ReportDetails(key="otra")
    report_case(stay, kind, by=stay.student.user, details=details, now=UNDONE)


def an_acuse(item, by):
    request = NSSRequest.objects.get()
    AcuseFactory(request=request, draft=True, created_at=UNDONE)


def an_acuse_in_review(item, by):
    AcuseFactory(request=NSSRequest.objects.get(), state=AcuseState.RECEIVED)


def another_proof(item, by):
    NSSRequest.objects.update(
        state=RequestState.PROVEN, route="WINDOW", proven_at=UNDONE, proven_by=by
    )


def the_end(item, by):
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)


def closed(item, by):
    handle_report(item.escalation.report, by=by, answer="Ya está.", now=UNDONE)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (WRONG, the_end),
        (WRONG, another_proof),
        (MISSING, another_oficio),
        (MISSING, closed),
        (REFUSED, another_case),
        (REFUSED, an_acuse),
        (REFUSED, an_acuse_in_review),
        (REFUSED, another_proof),
    ],
)
def test_undo_answer_is_refused_once_something_stands_on_it(item, by, said, then):
    answer_item(item, said, by=by, now=LATER)
    then(item, by)
    before = stands(item)

    with pytest.raises(AnswerRefused, match=WENT_ON):
        undo(item, by)

    assert stands(item) == before


def test_undo_answer_of_a_case_closed_before_its_oficio_left_is_refused(by):
    stay = EnrollmentFactory(confirmed=True, plantel=by.memberships.get().plantel)
    kind, details = ReportKind.SUBDELEGACION, ReportDetails(key="una")
    report = report_case(stay, kind, by=stay.student.user, details=details, now=NOW)
    item = make(report.escalation, by).items.get()
    handle_report(report, by=by, answer="Ya está.", now=LATER)

    with pytest.raises(AnswerRefused, match=WENT_ON):
        undo(item, by)


@pytest.mark.parametrize(
    ("said", "state", "may"),
    [
        (WRONG, EscalationState.RESOLVED, True),
        (MISSING, EscalationState.READY, True),
        (MISSING, EscalationState.IN_OFICIO, False),
        (REFUSED, EscalationState.DISMISSED, True),
    ],
)
def test_a_row_knows_whether_its_answer_can_be_undone(item, by, said, state, may):
    before = item.has_answer_to_undo
    answer_item(item, said, by=by, now=LATER)
    Escalation.objects.update(state=state)

    assert (before, OficioItem.objects.get().has_answer_to_undo) == (False, may)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", EACH)
def test_undo_answer_by_two_at_once_is_once(item, by, said):
    answer_item(item, said, by=by, now=LATER)

    with (
        pytest.raises(AnswerRefused, match=NO_ANSWER),
        making_wait(lambda: undo(item, by)),
    ):
        undo(item, by)

    assert TimelineEntry.objects.filter(event=Event.ANSWER_UNDONE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_undo_answer_while_the_case_goes_into_another_oficio_is_refused(item, by):
    answer_item(item, MISSING, by=by, now=LATER)

    with pytest.raises(AnswerRefused, match=WENT_ON), making_wait(lambda: undo(item, by)):
        another_oficio(item, by)

    assert Escalation.objects.get().state == EscalationState.IN_OFICIO
