"""C-05: the list of cases, and the cause of one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from followup.models import Escalation
from followup.states import EscalationCause, EscalationState, ReportKind
from nss.states import RequestState
from school.states import Role
from students.models import Enrollment
from students.states import EnrollmentState
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import NonWorkingDayFactory, PlantelFactory, staff
from tests.factories.students import EnrollmentFactory, StoredFileFactory

pytestmark = pytest.mark.django_db
LIST = reverse("followup:escalations")


@pytest.fixture
def plantel(db):
    return PlantelFactory()


@pytest.fixture
def client(plantel):
    client = Client()
    client.force_login(staff(Role.RESPONSABLE, plantel))
    return client


def a_case(plantel, **fields):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
    values = {"kind": ReportKind.SUBDELEGACION, "created_at": timezone.now()}
    return StudentReportFactory(enrollment=stay, **values | fields)


def folios(page):
    return [row.case.report.folio for row in page.context["cases"]]


def test_list_escalations_shows_the_open_ones_oldest_first(client, plantel):
    now = timezone.now()
    newer = a_case(plantel)
    older = a_case(
        plantel, created_at=now - timedelta(days=9), case__state=EscalationState.DELIVERED
    )
    a_case(plantel, case__state=EscalationState.RESOLVED)
    a_case(PlantelFactory())

    page = client.get(LIST)

    assert folios(page) == [older.folio, newer.folio]


@pytest.mark.parametrize(
    ("wanted", "states"),
    [
        ("por-revisar", {EscalationState.REPORTED}),
        ("completos", {EscalationState.READY}),
        ("en-oficio", {EscalationState.IN_OFICIO}),
        ("entregados", {EscalationState.DELIVERED}),
        ("cerrados", {EscalationState.RESOLVED, EscalationState.DISMISSED}),
        ("otra cosa", set(EscalationState) - {EscalationState.RESOLVED, EscalationState.DISMISSED}),
    ],
)
def test_list_escalations_filters_by_state(client, plantel, wanted, states):
    for state in EscalationState:
        a_case(plantel, case__state=state)

    page = client.get(LIST, {"estado": wanted})

    assert {row.case.state for row in page.context["cases"]} == states


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.OPTED_OUT])
def test_list_escalations_keeps_apart_those_of_who_is_out_of_the_cover(client, plantel, state):
    """Nothing is closed: back in the cover the case goes on."""
    gone, closed, waiting = (
        a_case(plantel, **case) for case in ({}, {"case__state": EscalationState.DISMISSED}, {})
    )
    Enrollment.objects.filter(reports__in=[gone, closed]).update(state=state)

    page = client.get(reverse("followup:staff_report", args=[gone.public_id]))

    assert folios(client.get(LIST)) == [waiting.folio]
    assert folios(client.get(LIST, {"estado": "completos"})) == [waiting.folio]
    assert folios(client.get(LIST, {"estado": "ya-no-esta"})) == [gone.folio]
    assert folios(client.get(LIST, {"estado": "cerrados"})) == [closed.folio]
    assert "El estudiante ya no está en el seguro" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_escalations_asks_the_same_however_many(
    client, plantel, count, django_assert_num_queries
):
    for _ in range(count):
        a_case(plantel, evidence=StoredFileFactory(derivative_pages=["ab/1"]))
    client.get(LIST)

    with django_assert_num_queries(12):
        client.get(LIST)


def test_list_escalations_counts_the_working_days_of_the_plantel(client, plantel, time_machine):
    time_machine.move_to("2026-08-24T18:00:00Z", tick=False)
    moved = timezone.now() - timedelta(days=7)
    NonWorkingDayFactory(plantel=plantel, date=(timezone.now() - timedelta(days=4)).date())
    a_case(plantel, created_at=moved)

    page = client.get(LIST)

    assert [row.days for row in page.context["cases"]] == [4]


def test_list_escalations_is_where_hoy_and_the_menu_lead(client, plantel):
    a_case(plantel)

    page = client.get(reverse("followup:today"))

    (row,) = [row for row in page.context["rows"] if row.url == LIST]
    (section,) = [one for one in page.context["staff_nav"] if one["url"] == LIST]
    assert (row.count, row.sentence) == (1, "caso para la Subdelegación; 1 sin oficio")
    assert section["count"] == 1


def test_reports_do_not_repeat_the_cases(client, plantel):
    a_case(plantel)
    question = StudentReportFactory(enrollment__plantel=plantel)

    page = client.get(reverse("followup:reports"))

    assert [one.folio for one in page.context["page_obj"]] == [question.folio]


# classify_case -----------------------------------------------------------------------------------
def classify(client, report, **typed):
    path = reverse("followup:classify_case", args=[report.public_id])
    return client.post(path, typed, follow=True)


def said(page):
    return [str(message) for message in page.context["messages"]]


@pytest.mark.parametrize(
    ("cause", "state", "words"),
    [
        (
            EscalationCause.SEVERAL_NSS,
            EscalationState.READY,
            "Causa guardada. Los datos están completos: ya puede ir en un oficio.",
        ),
        (
            EscalationCause.CURP_UNKNOWN,
            EscalationState.REPORTED,
            "Causa guardada. El caso todavía no puede ir en un oficio.",
        ),
    ],
)
def test_classify_case_says_what_comes_next(client, plantel, cause, state, words):
    report = a_case(plantel)

    page = classify(client, report, cause=cause)

    assert said(page) == [words]
    assert (page.context["case"].cause, page.context["case"].state) == (cause, state)


def test_classify_case_without_a_cause_changes_nothing(client, plantel):
    report = a_case(plantel)

    page = classify(client, report, cause="NADA")

    assert said(page) == ["Elegir la causa"]
    assert Escalation.objects.get().round == 1


def test_classify_case_in_an_oficio_is_refused(client, plantel):
    report = a_case(plantel, case__state=EscalationState.DELIVERED)

    page = classify(client, report, cause=EscalationCause.SEVERAL_NSS)

    assert said(page) == ["Otra persona ya lo atendió. Vuelve a abrirlo para ver cómo quedó"]


def test_a_cause_that_is_no_case_brings_its_answer(client, plantel):
    report = a_case(plantel, case__cause=EscalationCause.CURP_UNKNOWN)

    page = client.get(reverse("followup:staff_report", args=[report.public_id]))

    answer = page.context["answer_form"].fields["answer"].initial
    assert page.context["is_no_case"]
    assert answer.startswith("Tu CURP no aparece en RENAPO.")
