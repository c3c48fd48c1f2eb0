"""The moves of a case: opened with its report, looked at, ended with it."""

from datetime import timedelta

import pytest

from common.transitions import TransitionNotAllowed
from followup.actions.errors import CaseClosed
from followup.actions.escalations import classify_escalation
from followup.actions.reports import (
    ReportDetails,
    handle_report,
    move_to_case,
    report_case,
    resolve_report_with_nss,
    undo_case,
)
from followup.models import Escalation
from followup.states import EscalationCause, EscalationState, ReportKind
from school.states import Role
from students.models import Enrollment, Student, StudentData, TimelineEntry
from students.states import Event
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay(db):
    return EnrollmentFactory(confirmed=True)


def report(stay, kind=ReportKind.SUBDELEGACION, **details):
    details = ReportDetails(key="una", **details)
    return report_case(stay, kind, by=stay.student.user, details=details, now=NOW)


def standing(case_of):
    case = Escalation.objects.get(report=case_of)
    return case.state, case.cause, case.round


# Opened ------------------------------------------------------------------------------------------
def test_report_case_opens_a_case_that_is_complete(stay):
    found = report(stay)

    case = Escalation.objects.get()
    assert (case.report, case.plantel, case.moved_at) == (found, stay.plantel, NOW)
    assert standing(found) == (EscalationState.READY, EscalationCause.UNSTATED, 1)


def test_report_case_twice_opens_one_case(stay):
    report(stay)
    report(stay)

    assert Escalation.objects.count() == 1


def test_report_case_of_wrong_data_knows_its_cause(stay):
    found = report(stay, ReportKind.WRONG_DATA, subject="CURP")

    assert standing(found) == (EscalationState.READY, EscalationCause.DATA_DIFFER, 1)


@pytest.mark.parametrize("cause", [EscalationCause.OTHER, EscalationCause.CURP_UNKNOWN])
def test_report_case_that_somebody_must_decide_waits(stay, cause):
    found = report(stay, cause=cause)

    assert standing(found) == (EscalationState.REPORTED, cause, 1)


_NO_ADDRESS = dict.fromkeys(
    [
        "street",
        "exterior_number",
        "interior_number",
        "colonia",
        "postal_code",
        "municipio",
        "estado",
    ],
    "",
)


@pytest.mark.parametrize("lost", [{"email": ""}, _NO_ADDRESS])
def test_report_case_without_what_an_oficio_needs_waits(stay, lost):
    StudentData.objects.filter(enrollment=stay).update(**lost)

    found = report(Enrollment.objects.get(pk=stay.pk))

    assert standing(found)[0] == EscalationState.REPORTED


def test_report_case_without_a_curp_waits(stay):
    Student.objects.filter(pk=stay.student_id).update(curp=None)

    found = report(Enrollment.objects.get(pk=stay.pk))

    assert standing(found)[0] == EscalationState.REPORTED


def test_move_to_case_opens_a_case_and_undoing_it_ends_it():
    acuse = AcuseFactory()
    revisor = staff(Role.REVISOR, acuse.request.enrollment.plantel)
    found = move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=NOW)
    opened = standing(found)

    undo_case(acuse, by=revisor, now=NOW)

    assert opened[1:] == (EscalationCause.DATA_DIFFER, 1)
    assert standing(found)[0] == EscalationState.DISMISSED


# Ended -------------------------------------------------------------------------------------------
def test_handle_report_dismisses_its_case(stay):
    found = report(stay)
    responsable = staff(Role.RESPONSABLE, stay.plantel)

    handle_report(found, by=responsable, answer="Tu CURP ya está bien.", now=NOW)

    assert standing(found) == (EscalationState.DISMISSED, EscalationCause.UNSTATED, 2)


def test_resolve_report_with_nss_resolves_its_case(stay):
    found = report(stay)
    responsable = staff(Role.RESPONSABLE, stay.plantel)

    resolve_report_with_nss(found, nss=nss(7), by=responsable, now=NOW)

    assert standing(found) == (EscalationState.RESOLVED, EscalationCause.UNSTATED, 2)


# classify_escalation -----------------------------------------------------------------------------
def classify(found, cause, later=timedelta(hours=1)):
    case = Escalation.objects.get(report=found)
    responsable = staff(Role.RESPONSABLE, case.plantel)
    return classify_escalation(case, cause=cause, by=responsable, now=NOW + later)


def test_classify_escalation_makes_a_decided_case_ready(stay):
    found = report(stay, cause=EscalationCause.OTHER)

    case = classify(found, EscalationCause.SEVERAL_NSS)

    case.refresh_from_db()
    assert standing(found) == (EscalationState.READY, EscalationCause.SEVERAL_NSS, 2)
    assert case.moved_at == NOW + timedelta(hours=1)
    line = TimelineEntry.objects.get(event=Event.CASE_CLASSIFIED)
    assert line.data == {"folio": found.folio, "cause": "Tiene más de un NSS"}


def test_classify_escalation_that_is_no_case_waits_for_its_answer(stay):
    found = report(stay)

    classify(found, EscalationCause.CURP_UNKNOWN)

    assert standing(found)[:2] == (EscalationState.REPORTED, EscalationCause.CURP_UNKNOWN)


def test_classify_escalation_again_finds_the_data_that_were_missing(stay):
    StudentData.objects.filter(enrollment=stay).update(email="")
    found = report(Enrollment.objects.get(pk=stay.pk))
    before = classify(found, EscalationCause.UNSTATED).state
    StudentData.objects.filter(enrollment=stay).update(email="ana@correo.example")

    after = classify(found, EscalationCause.UNSTATED).state

    assert (before, after) == (EscalationState.REPORTED, EscalationState.READY)


def test_classify_escalation_keeps_the_document_that_was_asked_for(stay):
    found = report(stay)
    Escalation.objects.update(missing="acta certificada")

    classify(found, EscalationCause.SEVERAL_NSS)

    assert Escalation.objects.get().missing == "acta certificada"


@pytest.mark.parametrize("state", [EscalationState.IN_OFICIO, EscalationState.DELIVERED])
def test_classify_escalation_in_an_oficio_is_refused(state):
    found = StudentReportFactory(kind=ReportKind.SUBDELEGACION, case__state=state)

    with pytest.raises(TransitionNotAllowed):
        classify(found, EscalationCause.SEVERAL_NSS)

    assert standing(found) == (state, EscalationCause.UNSTATED, 1)


def test_classify_escalation_that_was_closed_is_refused(stay):
    found = report(stay)
    responsable = staff(Role.RESPONSABLE, stay.plantel)
    handle_report(found, by=responsable, answer="Tu CURP ya está bien.", now=NOW)

    with pytest.raises(CaseClosed):
        classify(found, EscalationCause.SEVERAL_NSS)
