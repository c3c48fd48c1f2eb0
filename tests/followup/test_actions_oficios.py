"""An oficio: made, changed, delivered, cancelled; and what each answer does."""

from datetime import timedelta

import pytest

from common.transitions import TransitionNotAllowed
from followup.actions.errors import AnswerRefused, OficioRefused
from followup.actions.oficios import (
    ANSWERED,
    CANCELLED,
    DELIVERED,
    MOST_ROWS,
    NOBODY,
    NOT_ALL,
    NOT_DELIVERED,
    TAKEN_OUT,
    TOO_MANY,
    answer_item,
    cancel_oficio,
    change_oficio,
    deliver_oficio,
    make_oficio,
    print_oficio,
    take_list,
)
from followup.actions.reports import (
    ReportDetails,
    handle_report,
    report_case,
    resolve_report_with_nss,
)
from followup.models import Escalation, Oficio, OficioItem
from followup.oficio import ANSWERS, MOST_STUDENTS, Answer
from followup.queries.oficios import items_of
from followup.states import EscalationState, ItemOutcome, ReportKind
from notices.models import Notice
from notices.states import NoticeState
from nss.actions.errors import NSSAlreadyTaken
from nss.models import NSSRequest
from nss.states import ProofRoute, RequestState
from papers.models import LotPaper, PrintJob
from papers.states import PaperState, PrintState
from school.models import Subdelegacion
from school.states import Role
from students.models import AccessEntry, Student, StudentData, TimelineEntry
from students.states import Event, Look
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, leave, nss

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def plantel(db):
    return PlantelFactory(number="05")


@pytest.fixture
def office(db):
    return Subdelegacion.objects.create(name="Hermosillo")


@pytest.fixture
def responsable(plantel):
    return staff(Role.RESPONSABLE, plantel)


def a_case(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    details = ReportDetails(key="una")
    found = report_case(
        stay, ReportKind.SUBDELEGACION, by=stay.student.user, details=details, now=NOW
    )
    return Escalation.objects.get(report=found)


def make(plantel, office, by, *cases):
    return make_oficio(plantel, cases, subdelegacion=office, by=by, now=NOW)


def state(case):
    return Escalation.objects.get(pk=case.pk).state


def events(case):
    lines = TimelineEntry.objects.filter(enrollment=case.report.enrollment).order_by("pk")
    return [line.event for line in lines]


# make_oficio -------------------------------------------------------------------------------------
def test_make_oficio_puts_the_cases_in_and_orders_the_letter(plantel, office, responsable):
    first, second = a_case(plantel), a_case(plantel)

    oficio = make(plantel, office, responsable, first, second)

    period = oficio.paper.cycle.name.replace("-", "")[2:]
    assert oficio.paper.folio == f"OF{period}-05-0001"
    assert [state(first), state(second)] == [EscalationState.IN_OFICIO] * 2
    assert [item.escalation for item in oficio.items.all()] == [first, second]
    assert oficio.items.first().row["curp"] == first.report.enrollment.student.curp
    assert LotPaper.objects.get().paper == oficio.paper
    assert events(first)[-1] == Event.OFICIO_ISSUED


def test_make_oficio_counts_on_without_gaps(plantel, office, responsable):
    make(plantel, office, responsable, a_case(plantel))

    oficio = make(plantel, office, responsable, a_case(plantel))

    assert oficio.paper.folio.endswith("-05-0002")


def test_make_oficio_for_nobody_is_refused(plantel, office, responsable):
    with pytest.raises(OficioRefused, match=NOBODY):
        make(plantel, office, responsable)


def test_make_oficio_for_too_many_is_refused(plantel, office, responsable):
    with pytest.raises(OficioRefused, match=TOO_MANY):
        make(plantel, office, responsable, *[a_case(plantel)] * (MOST_STUDENTS + 1))


def test_the_answers_of_the_longest_oficio_fit_into_one_form(settings):
    token = 1

    assert len(ANSWERS) * MOST_STUDENTS + token <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert MOST_STUDENTS <= MOST_ROWS


def in_another(case, responsable, office):
    make(case.plantel, office, responsable, case)


def left(case, responsable, office):
    type(case.report.enrollment).objects.filter(pk=case.report.enrollment_id).update(
        state="WITHDRAWN"
    )


def proven(case, responsable, office):
    NSSRequest.objects.filter(enrollment=case.report.enrollment).update(
        state=RequestState.PROVEN, proven_at=NOW
    )


def closed(case, responsable, office):
    handle_report(case.report, by=responsable, answer="Ya está.", now=NOW)


def unreadable(case, responsable, office):
    Student.objects.filter(pk=case.report.enrollment.student_id).update(curp="A" * 18)


@pytest.mark.parametrize("why", [in_another, left, proven, closed, unreadable])
def test_make_oficio_with_a_case_that_may_not_be_asked_is_refused(
    plantel, office, responsable, why
):
    case, other = a_case(plantel), a_case(plantel)
    why(case, responsable, office)
    before = Oficio.objects.count()

    with pytest.raises(OficioRefused, match=NOT_ALL):
        make(plantel, office, responsable, case, other)

    assert Oficio.objects.count() == before
    assert state(other) == EscalationState.READY


def test_make_oficio_with_a_case_of_another_plantel_is_refused(plantel, office, responsable):
    with pytest.raises(OficioRefused, match=NOT_ALL):
        make(plantel, office, responsable, a_case(PlantelFactory()))


# change_oficio -----------------------------------------------------------------------------------
def test_change_oficio_makes_another_version_of_the_letter(plantel, office, responsable):
    kept, dropped, added = a_case(plantel), a_case(plantel), a_case(plantel)
    oficio = make(plantel, office, responsable, kept, dropped)
    before, other = oficio.paper, Subdelegacion.objects.create(name="Navojoa")

    oficio = change_oficio(oficio, [kept, added], subdelegacion=other, by=responsable, now=LATER)

    before.refresh_from_db()
    assert (before.state, oficio.paper.state) == (PaperState.REPLACED, PaperState.VALID)
    assert oficio.paper.folio == f"{before.folio}-V2"
    assert (oficio.version, oficio.subdelegacion) == (2, other)
    assert [state(one) for one in (kept, dropped, added)] == ["IN_OFICIO", "READY", "IN_OFICIO"]
    assert OficioItem.objects.get(escalation=dropped).withdrawn_at == LATER
    assert events(dropped)[-1] == Event.OFICIO_WITHDRAWN
    assert PrintJob.objects.count() == 2


def test_change_oficio_a_third_time_keeps_the_folio(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)
    first = oficio.paper.folio

    for _ in range(2):
        oficio = change_oficio(oficio, [case], subdelegacion=office, by=responsable, now=LATER)

    assert oficio.paper.folio == f"{first}-V3"


def test_change_oficio_to_nobody_is_refused(plantel, office, responsable):
    oficio = make(plantel, office, responsable, a_case(plantel))

    with pytest.raises(OficioRefused, match=NOBODY):
        change_oficio(oficio, [], subdelegacion=office, by=responsable, now=LATER)


def test_change_oficio_asks_no_more_for_whom_was_closed_meanwhile(plantel, office, responsable):
    case, closed_one = a_case(plantel), a_case(plantel)
    oficio = make(plantel, office, responsable, case, closed_one)
    handle_report(closed_one.report, by=responsable, answer="Ya está.", now=NOW)

    oficio = change_oficio(oficio, [case], subdelegacion=office, by=responsable, now=LATER)

    assert [item.escalation for item in items_of(oficio)] == [case]


@pytest.mark.parametrize("end", [left, proven])
def test_change_oficio_asks_no_more_for_whom_nobody_waits_for(plantel, office, responsable, end):
    case, gone = a_case(plantel), a_case(plantel)
    oficio = make(plantel, office, responsable, case, gone)
    end(gone, responsable, office)

    with pytest.raises(OficioRefused, match=NOT_ALL):
        change_oficio(oficio, [case, gone], subdelegacion=office, by=responsable, now=LATER)
    oficio = change_oficio(oficio, [case], subdelegacion=office, by=responsable, now=LATER)

    assert [item.escalation for item in items_of(oficio)] == [case]


def test_change_oficio_says_what_is_known_of_its_students_now(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)
    StudentData.objects.filter(enrollment=case.report.enrollment).update(
        email="otro@correo.example"
    )

    oficio = change_oficio(oficio, [case], subdelegacion=office, by=responsable, now=LATER)

    assert items_of(oficio).get().row["email"] == "otro@correo.example"


def test_change_oficio_calls_off_the_letter_that_nobody_drew(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)

    change_oficio(oficio, [case], subdelegacion=office, by=responsable, now=LATER)

    states = PrintJob.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PrintState.CANCELLED, PrintState.QUEUED]


# print_oficio ------------------------------------------------------------------------------------
def test_print_oficio_while_it_waits_is_the_same_order(plantel, office, responsable):
    oficio = make(plantel, office, responsable, a_case(plantel))

    print_oficio(oficio, by=responsable, now=LATER)

    assert PrintJob.objects.count() == 1


def test_print_oficio_that_was_changed_meanwhile_orders_the_new_version(
    plantel, office, responsable
):
    case = a_case(plantel)
    seen = make(plantel, office, responsable, case)
    changed = change_oficio(seen, [case], subdelegacion=office, by=responsable, now=LATER)

    job = print_oficio(seen, by=responsable, now=LATER)

    assert [place.paper for place in job.lot.all()] == [changed.paper]


def test_print_oficio_that_was_cancelled_meanwhile_is_refused(plantel, office, responsable):
    seen = make(plantel, office, responsable, a_case(plantel))
    cancel_oficio(seen, by=responsable, now=LATER)

    with pytest.raises(OficioRefused, match=CANCELLED):
        print_oficio(seen, by=responsable, now=LATER)

    assert PrintJob.objects.get().state == PrintState.CANCELLED


def test_print_oficio_that_was_cancelled_is_refused(plantel, office, responsable):
    oficio = cancel_oficio(
        make(plantel, office, responsable, a_case(plantel)), by=responsable, now=LATER
    )

    with pytest.raises(OficioRefused, match=CANCELLED):
        print_oficio(oficio, by=responsable, now=LATER)


# take_list ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_take_list_writes_down_whose_curp_was_taken(
    plantel, office, responsable, count, django_assert_num_queries
):
    cases = [a_case(plantel) for _ in range(count + 1)]
    oficio = make(plantel, office, responsable, *cases)
    handle_report(cases[-1].report, by=responsable, answer="Ya está.", now=NOW)

    with django_assert_num_queries(4):
        take_list(oficio, by=responsable, now=LATER)

    looks = AccessEntry.objects.filter(look=Look.OFICIO_LIST, by=responsable, at=LATER)
    stays = {case.report.enrollment_id for case in cases[:-1]}
    assert set(looks.values_list("enrollment", flat=True)) == stays


# deliver_oficio, cancel_oficio -------------------------------------------------------------------
def test_deliver_oficio_moves_its_cases(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)

    oficio = deliver_oficio(oficio, by=responsable, now=LATER)

    assert (oficio.delivered_at, oficio.delivered_by) == (LATER, responsable)
    assert (state(case), events(case)[-1]) == (EscalationState.DELIVERED, Event.OFICIO_DELIVERED)


def test_deliver_oficio_leaves_a_case_that_was_closed_meanwhile(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)
    handle_report(case.report, by=responsable, answer="Ya está.", now=NOW)

    deliver_oficio(oficio, by=responsable, now=LATER)

    item = OficioItem.objects.get()
    assert (state(case), item.outcome, item.note) == ("DISMISSED", "REFUSED", "Ya está.")


def test_cancel_oficio_makes_its_cases_complete_again(plantel, office, responsable):
    case = a_case(plantel)
    oficio = make(plantel, office, responsable, case)

    oficio = cancel_oficio(oficio, by=responsable, now=LATER)

    assert oficio.is_cancelled
    assert state(case) == EscalationState.READY
    assert make(plantel, office, responsable, case).paper.folio.endswith("0002")


@pytest.mark.parametrize(
    ("first", "why"), [(deliver_oficio, DELIVERED), (cancel_oficio, CANCELLED)]
)
@pytest.mark.parametrize("second", [deliver_oficio, cancel_oficio])
def test_an_oficio_that_is_over_cannot_change(plantel, office, responsable, first, why, second):
    oficio = make(plantel, office, responsable, a_case(plantel))
    first(oficio, by=responsable, now=LATER)

    with pytest.raises(OficioRefused, match=why):
        second(oficio, by=responsable, now=LATER)


# answer_item -------------------------------------------------------------------------------------
@pytest.fixture
def case(plantel):
    return a_case(plantel)


@pytest.fixture
def item(plantel, office, responsable, case):
    oficio = make(plantel, office, responsable, case)
    deliver_oficio(oficio, by=responsable, now=NOW)
    return oficio.items.get()


def answer(item, by, **said):
    return answer_item(item, Answer("x", **said), by=by, now=LATER)


def test_answer_item_with_a_number_proves_the_request(item, case, responsable):
    item = answer(item, responsable, nss=nss(7))

    request = NSSRequest.objects.get()
    assert (request.state, request.route) == (RequestState.PROVEN, ProofRoute.SUBDELEGACION)
    assert Student.objects.get(pk=case.report.enrollment.student_id).nss == nss(7)
    assert (state(case), item.outcome) == (EscalationState.RESOLVED, ItemOutcome.NSS)
    assert (item.answered_at, item.answered_by) == (LATER, responsable)
    assert Notice.objects.filter(message="M-11").count() == 1


def test_answer_item_with_a_missing_document_tells_the_student(item, case, responsable):
    item = answer(item, responsable, missing="acta certificada")

    found = Escalation.objects.get()
    assert (found.state, found.missing) == (EscalationState.READY, "acta certificada")
    assert (item.outcome, item.note) == (ItemOutcome.MISSING, "acta certificada")
    assert events(case)[-1] == Event.DOCUMENT_ASKED
    notice = Notice.objects.get(message="M-26")
    assert notice.context["missing"] == "acta certificada"
    assert NSSRequest.objects.get().state == RequestState.AT_SUBDELEGACION


@pytest.mark.parametrize("end", [resolve_report_with_nss, handle_report])
def test_a_document_is_not_asked_for_by_mail_once_the_case_is_over(item, case, responsable, end):
    answer(item, responsable, missing="acta certificada")

    said = {"nss": nss(7)} if end is resolve_report_with_nss else {"answer": "Ya está."}
    end(case.report, **said, by=responsable, now=LATER)

    assert Notice.objects.get(message="M-26").state == NoticeState.CANCELLED


def test_a_document_is_not_asked_for_by_mail_of_who_left(item, case, responsable):
    leave(case.report.enrollment, by=responsable, now=NOW)

    item = answer(item, responsable, missing="acta certificada")

    assert (item.outcome, state(case)) == (ItemOutcome.MISSING, EscalationState.READY)
    assert not Notice.objects.filter(message="M-26").exists()


def test_answer_item_with_a_missing_document_may_be_asked_again(
    item, case, plantel, office, responsable
):
    answer(item, responsable, missing="acta certificada")

    make(plantel, office, responsable, case)

    found = Escalation.objects.get()
    assert (found.state, found.missing) == (EscalationState.IN_OFICIO, "")


def test_answer_item_with_a_refusal_gives_it_back_to_the_student(item, case, responsable):
    item = answer(item, responsable, refusal="Ya tienes un NSS por tu trabajo.")

    case.report.refresh_from_db()
    assert (state(case), item.outcome) == (EscalationState.DISMISSED, ItemOutcome.REFUSED)
    assert item.note == case.report.answer == "Ya tienes un NSS por tu trabajo."
    assert NSSRequest.objects.get().state == RequestState.OPEN


@pytest.mark.parametrize("said", [{"nss": nss(7)}, {"missing": "acta"}, {"refusal": "No procede."}])
def test_answer_item_twice_is_once(item, responsable, said):
    first = answer(item, responsable, **said)
    before = TimelineEntry.objects.count()

    second = answer(item, responsable, **said)

    assert second.answered_at == first.answered_at
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"nss": nss(7)}, {"nss": nss(8)}),
        ({"nss": nss(7)}, {"missing": "acta"}),
        ({"missing": "acta"}, {"refusal": "No procede."}),
        ({"refusal": "No procede."}, {"nss": nss(7)}),
    ],
)
def test_answer_item_otherwise_than_before_is_refused(item, responsable, first, second):
    answer(item, responsable, **first)

    with pytest.raises(AnswerRefused, match=ANSWERED):
        answer(item, responsable, **second)


def test_answer_item_that_somebody_resolved_by_hand_is_the_same_answer(item, case, responsable):
    resolve_report_with_nss(case.report, nss=nss(7), by=responsable, now=NOW)

    assert answer(item, responsable, nss=nss(7)).outcome == ItemOutcome.NSS


@pytest.mark.parametrize("said", [{}, {"nss": "123"}, {"nss": nss(7), "missing": "acta"}])
def test_answer_item_that_cannot_be_is_refused(item, case, responsable, said):
    with pytest.raises(AnswerRefused):
        answer(item, responsable, **said)

    assert state(case) == EscalationState.DELIVERED


def test_answer_item_with_the_number_of_another_student_changes_nothing(item, case, responsable):
    EnrollmentFactory(student__nss=nss(7))

    with pytest.raises(NSSAlreadyTaken):
        answer(item, responsable, nss=nss(7))

    assert state(case) == EscalationState.DELIVERED
    assert OficioItem.objects.get().answered_at is None


def test_answer_item_before_it_is_delivered_is_refused(plantel, office, responsable, case):
    oficio = make(plantel, office, responsable, case)

    with pytest.raises(AnswerRefused, match=NOT_DELIVERED):
        answer(oficio.items.get(), responsable, nss=nss(7))


def test_answer_item_that_was_taken_out_is_refused(plantel, office, responsable, case):
    oficio = make(plantel, office, responsable, case)
    cancel_oficio(oficio, by=responsable, now=NOW)

    with pytest.raises(AnswerRefused, match=TAKEN_OUT):
        answer(oficio.items.get(), responsable, nss=nss(7))


def test_answer_item_of_a_number_proven_by_an_acuse_is_refused(item, case, responsable):
    NSSRequest.objects.update(state=RequestState.PROVEN, proven_at=NOW)

    with pytest.raises(TransitionNotAllowed):
        answer(item, responsable, nss=nss(7))
