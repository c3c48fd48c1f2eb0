"""C-05: an oficio from the choice of its cases to the last answer, as the responsable goes about it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from followup.actions.answers import NO_ANSWER
from followup.actions.oficios import ANSWERED, TAKEN_OUT
from followup.models import Escalation, Oficio
from followup.oficio import SHARED
from followup.queries.oficios import items_of
from followup.states import EscalationState, ReportKind
from nss.states import RequestState
from papers.models import PrintJob
from school.models import Subdelegacion
from school.states import Role
from students.models import Student
from tests.factories.followup import OficioFactory, OficioItemFactory, StudentReportFactory
from tests.factories.nss import NSSRequestFactory
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, leave, nss

pytestmark = pytest.mark.django_db
MAKE = reverse("followup:make_oficio")


@pytest.fixture
def office(db):
    return Subdelegacion.objects.create(name="Hermosillo")


@pytest.fixture
def plantel(office):
    return PlantelFactory(subdelegacion=office)


@pytest.fixture
def client(plantel):
    client = Client()
    client.force_login(staff(Role.RESPONSABLE, plantel))
    return client


def a_case(plantel, **fields):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
    return StudentReportFactory(enrollment=stay, kind=ReportKind.SUBDELEGACION, **fields)


def delivered(plantel, count=1):
    oficio = OficioFactory(plantel=plantel)
    oficio.delivered_at, oficio.delivered_by = oficio.created_at, oficio.created_by
    oficio.save()
    for _ in range(count):
        report = a_case(plantel, case__state=EscalationState.DELIVERED)
        OficioItemFactory(oficio=oficio, escalation=report.escalation)
    return oficio


def url(name, oficio):
    return reverse(f"followup:{name}", args=[oficio.public_id])


def folio(oficio, at=0):
    return items_of(oficio)[at].escalation.report.folio


def said(page):
    return [str(message) for message in page.context["messages"]]


# Made --------------------------------------------------------------------------------------------
def test_make_oficio_first_shows_what_the_letter_will_say(client, plantel, office):
    report = a_case(plantel)

    page = client.post(MAKE, {"subdelegacion": office.pk, "cases": [report.folio]})

    assert [row["name"] for row in page.context["rows"]] == [report.enrollment.student.full_name]
    assert not Oficio.objects.exists()


def test_make_oficio_then_makes_it(client, plantel, office):
    report = a_case(plantel)
    typed = {"subdelegacion": office.pk, "cases": [report.folio], "hacer": "1"}

    page = client.post(MAKE, typed, follow=True)

    oficio = Oficio.objects.get()
    assert page.redirect_chain == [(url("oficio", oficio), 302)]
    assert [row.item.escalation.report for row in page.context["rows"]] == [report]


def test_make_oficio_proposes_the_complete_ones_and_the_office_of_the_plantel(
    client, plantel, office
):
    complete = a_case(plantel)
    lacking = a_case(plantel, case__missing="acta certificada")
    a_case(plantel, case__state=EscalationState.DELIVERED)
    a_case(PlantelFactory())

    form = client.get(MAKE).context["form"]

    assert list(form.known) == [complete.folio, lacking.folio]
    assert form.fields["cases"].initial == [complete.folio]
    assert form.fields["subdelegacion"].initial == office.pk


def test_make_oficio_leaves_out_whose_data_are_complete_no_more(client, plantel):
    report, other = a_case(plantel), a_case(plantel)
    Student.objects.filter(pk=other.enrollment.student_id).update(curp="A" * 18)

    form = client.get(MAKE).context["form"]

    assert list(form.known) == [report.folio]


@pytest.mark.parametrize("count", [1, 3])
def test_change_oficio_asks_the_same_however_many(
    client, plantel, count, django_assert_num_queries
):
    oficio = OficioFactory(plantel=plantel)
    reports = [a_case(plantel, case__state=EscalationState.IN_OFICIO) for _ in range(count)]
    for report in reports:
        OficioItemFactory(oficio=oficio, escalation=report.escalation)
    typed = {"subdelegacion": oficio.subdelegacion_id, "cases": [one.folio for one in reports]}

    client.get(url("change_oficio", oficio))

    with django_assert_num_queries(13):
        page = client.post(url("change_oficio", oficio), typed)

    assert len(page.context["rows"]) == count


def test_make_oficio_of_a_case_that_somebody_took_meanwhile_is_refused(client, plantel, office):
    report = a_case(plantel)
    typed = {"subdelegacion": office.pk, "cases": [report.folio], "hacer": "1"}
    NSSRequestFactory._meta.model.objects.update(state=RequestState.OPEN)

    page = client.post(MAKE, typed)

    assert page.context["form"].errors == {"cases": ["Elegir estudiantes de la lista"]}


def test_make_oficio_in_another_plantel_does_not_exist(client):
    foreign = PlantelFactory()

    assert client.get(MAKE, {"plantel": foreign.number}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_oficios_asks_the_same_however_many(client, plantel, count, django_assert_num_queries):
    for _ in range(count):
        delivered(plantel)
    client.get(reverse("followup:oficios"))

    with django_assert_num_queries(10):
        page = client.get(reverse("followup:oficios"))

    assert [(one.answered, one.rows) for one in page.context["page_obj"]] == [(0, 1)] * count


@pytest.mark.parametrize("count", [1, 3])
def test_show_oficio_asks_the_same_however_many(client, plantel, count, django_assert_num_queries):
    oficio = delivered(plantel, count)
    client.get(url("oficio", oficio))

    with django_assert_num_queries(10):
        client.get(url("oficio", oficio))


# Changed, printed, delivered, cancelled ----------------------------------------------------------
def test_change_oficio_shows_its_cases_and_the_ready_ones(client, plantel, office):
    first, second = a_case(plantel), a_case(plantel)
    client.post(MAKE, {"subdelegacion": office.pk, "cases": [first.folio], "hacer": "1"})
    oficio = Oficio.objects.get()

    form = client.get(url("change_oficio", oficio)).context["form"]
    typed = {"subdelegacion": office.pk, "cases": [second.folio]}
    preview = client.post(url("change_oficio", oficio), typed)
    client.post(url("change_oficio", oficio), typed | {"hacer": "1"})

    assert set(form.known) == {first.folio, second.folio}
    assert form.initial["cases"] == [first.folio]
    assert len(preview.context["rows"]) == 1
    oficio.refresh_from_db()
    assert (oficio.version, folio(oficio)) == (2, second.folio)


def test_change_oficio_offers_nobody_who_left_meanwhile(client, plantel, office):
    first, second = a_case(plantel), a_case(plantel)
    folios = [first.folio, second.folio]
    client.post(MAKE, {"subdelegacion": office.pk, "cases": folios, "hacer": "1"})
    leave(second.enrollment, by=staff(Role.RESPONSABLE, plantel), now=NOW)

    form = client.get(url("change_oficio", Oficio.objects.get())).context["form"]

    assert (set(form.known), form.initial["cases"]) == ({first.folio}, [first.folio])


def test_change_oficio_that_was_delivered_says_so(client, plantel, office):
    oficio = delivered(plantel)
    typed = {"subdelegacion": office.pk, "cases": [folio(oficio)], "hacer": "1"}

    page = client.post(url("change_oficio", oficio), typed)

    assert page.context["form"].errors == {
        "cases": ["El oficio ya se entregó: ya no se puede cambiar ni cancelar"]
    }


def test_print_oficio_leads_to_the_order(client, plantel):
    oficio = OficioFactory(plantel=plantel)

    page = client.post(url("print_oficio", oficio))

    assert page.url == reverse("papers:show_print_job", args=[PrintJob.objects.get().public_id])


def test_deliver_oficio_then_cancel_it_says_that_it_is_too_late(client, plantel):
    oficio = OficioFactory(plantel=plantel)

    done = client.post(url("deliver_oficio", oficio), follow=True)
    late = client.post(url("cancel_oficio", oficio), follow=True)

    assert said(done) == [f"Oficio {oficio.paper.folio} entregado."]
    assert said(late) == ["El oficio ya se entregó: ya no se puede cambiar ni cancelar"]


def test_cancelled_oficio_is_not_printed(client, plantel):
    oficio = OficioFactory(plantel=plantel)
    client.post(url("cancel_oficio", oficio))

    page = client.post(url("print_oficio", oficio), follow=True)

    assert said(page)[-1] == "El oficio está cancelado"
    assert not PrintJob.objects.exists()


# Answers -----------------------------------------------------------------------------------------
def test_register_answers_does_each_row_by_itself(client, plantel):
    oficio = delivered(plantel, 3)
    good, bad, empty = (folio(oficio, at) for at in range(3))

    page = client.post(
        url("register_answers", oficio), {f"nss-{good}": nss(7), f"nss-{bad}": "123"}
    )

    assert said(page) == ["1 respuesta registrada. Se avisa a cada estudiante."]
    states = {row.item.escalation.report.folio: row for row in page.context["rows"]}
    assert states[bad].answer.nss == "123"
    assert states[bad].error
    assert Escalation.objects.get(report__folio=good).state == EscalationState.RESOLVED
    assert Escalation.objects.get(report__folio=empty).state == EscalationState.DELIVERED


def test_register_answers_gives_a_number_typed_for_two_to_nobody(client, plantel):
    oficio = delivered(plantel, 3)
    one, two, three = (folio(oficio, at) for at in range(3))
    typed = {f"nss-{one}": nss(7), f"nss-{two}": nss(7), f"nss-{three}": nss(8)}

    page = client.post(url("register_answers", oficio), typed)

    errors = {row.item.escalation.report.folio: row.error for row in page.context["rows"]}
    assert errors == {one: SHARED, two: SHARED, three: ""}
    assert list(Student.objects.exclude(nss=None).values_list("nss", flat=True)) == [nss(8)]


def test_register_answers_that_somebody_gave_otherwise_says_both(client, plantel):
    oficio = delivered(plantel, 2)
    given = folio(oficio)
    client.post(url("register_answers", oficio), {f"falta-{given}": "acta"})

    page = client.post(url("register_answers", oficio), {f"nss-{given}": nss(7)})

    text = " ".join(page.content.decode().split())
    assert f"Pide un documento: acta<br><strong>{ANSWERED}</strong>" in text


def test_register_answers_of_all_kinds(client, plantel):
    oficio = delivered(plantel, 3)
    one, two, three = (folio(oficio, at) for at in range(3))
    typed = {f"nss-{one}": nss(7), f"falta-{two}": "acta", f"motivo-{three}": "No procede."}

    page = client.post(url("register_answers", oficio), typed, follow=True)

    assert said(page) == ["3 respuestas registradas. Se avisa a cada estudiante."]
    assert [row.item.outcome for row in page.context["rows"]] == ["NSS", "MISSING", "REFUSED"]
    assert not page.context["may_answer"]


def test_register_answers_empty_changes_nothing(client, plantel):
    oficio = delivered(plantel)

    page = client.post(url("register_answers", oficio), {}, follow=True)

    assert said(page) == []
    assert not Student.objects.filter(nss=nss(7)).exists()


def test_the_list_goes_out_and_comes_back_with_the_answers(client, plantel):
    oficio = delivered(plantel, 2)
    sent = client.get(url("oficio_list", oficio))
    book = load_workbook(io.BytesIO(sent.content))
    sheet = book.active
    sheet["H2"] = nss(7)
    item = items_of(oficio)[0]
    item.row["curp"] = "BASE090215MNERLLA6"
    item.save()
    sheet.append(["SUB99-99-9999", *[""] * 6, nss(8)])
    back = io.BytesIO()
    book.save(back)
    upload = SimpleUploadedFile("lista.xlsx", back.getvalue())

    page = client.post(url("import_answers", oficio), {"file": upload})

    rows = page.context["rows"]
    assert [row.answer.nss for row in rows] == [nss(7), ""]
    assert [row.answer.outcome for row in rows] == ["Se registra el NSS y se le avisa", ""]
    doubt = (
        "El NSS trae el año de nacimiento 08 y la CURP dice 2009: "
        "comprobar que sea de este estudiante"
    )
    assert [row.doubt for row in rows] == [doubt, ""]
    assert f"se le avisa. <strong>{doubt}</strong>" in page.content.decode()
    assert page.context["strangers"] == ["SUB99-99-9999"]
    told = "Referencias que no son de este oficio, y no se toman en cuenta: SUB99-99-9999"
    assert f'<div class="inset"><p>{told}</p></div>' in page.content.decode()
    assert not Student.objects.filter(nss=nss(7)).exists()


def test_undo_answer_is_a_button_of_the_answered_row(client, plantel):
    oficio = delivered(plantel, count=2)
    undo = reverse("followup:undo_answer", args=[oficio.public_id, folio(oficio)])
    client.post(url("register_answers", oficio), {f"falta-{folio(oficio)}": "acta certificada"})

    page = client.get(url("oficio", oficio)).content.decode()
    after = client.post(undo, follow=True)
    again = client.post(undo, follow=True)

    assert page.count("la respuesta de") == page.count(f'action="{undo}"') == 1
    assert f'form="deshacer-{folio(oficio)}"' in page
    assert said(after) == [f"Respuesta deshecha. El reporte {folio(oficio)} espera otra vez."]
    assert "la respuesta de" not in after.content.decode()
    assert said(again) == [NO_ANSWER]


def test_undo_answer_of_a_row_that_is_not_there(client, plantel):
    oficio = delivered(plantel)

    page = client.post(
        reverse("followup:undo_answer", args=[oficio.public_id, "SUB26-05-9999"]), follow=True
    )

    assert said(page) == [TAKEN_OUT]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lista.csv", b"Nombre,NSS\nAna,1\n"),
        ("lista.xlsx", b"no soy una hoja"),
        ("lista.xlsx", b"PK\x03\x04 roto"),
        ("lista.csv", b""),
    ],
)
def test_import_answers_refuses_what_is_no_list_of_ours(client, plantel, name, content):
    oficio = delivered(plantel)

    page = client.post(url("import_answers", oficio), {"file": SimpleUploadedFile(name, content)})

    assert page.context["form"].errors["file"]
    assert [row.answer.is_empty for row in page.context["rows"]] == [True]


def test_whoever_only_looks_sees_no_way_to_change(client, plantel):
    oficio = delivered(plantel)
    looker = Client()
    looker.force_login(staff(Role.CONSULTA, plantel))

    page = looker.get(url("oficio", oficio))

    assert not page.context["may_answer"]
    assert items_of(oficio)[0].row["curp"] not in page.content.decode()
