"""The plantel's renuncias: the list, one of them, issuing and printing many."""

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from notices.models import Notice
from papers.models import PrintJob
from renuncias.models import Renuncia
from renuncias.states import Kinship, Motive, RenunciaState
from school.states import Role
from students.states import EnrollmentState, OtherCover
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import (
    NOW,
    EnrollmentFactory,
    StoredFileFactory,
    StudentDataFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("renuncias:list")
WHY = "Se capturó a otra persona por error"


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def responsable(client, plantel):
    person = staff(Role.RESPONSABLE, plantel, name="Luz Ríos")
    client.force_login(person)
    return person


def enrolled(plantel, **fields):
    return EnrollmentFactory(plantel=plantel, **fields)


def shown(response) -> str:
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def page(renuncia, verb="show"):
    return reverse(f"renuncias:{verb}", args=[renuncia.public_id])


def listed(response):
    return [row.enrollment.student.first_surname for row in response.context["page_obj"]]


def test_list_shows_the_renuncias_of_the_plantel_by_group_and_surname(client, plantel, responsable):
    for group, surname in (("102", "Alba"), ("101", "Zapata"), ("101", "Ávila")):
        issued(enrolled(plantel, group=group, student__first_surname=surname))
    issued()

    response = client.get(LIST)

    assert listed(response) == ["Ávila", "Zapata", "Alba"]


@pytest.mark.parametrize(
    ("query", "may_tick"),
    [("", True), ("?estado=por-firmar", True), ("?estado=firmadas", False)],
)
def test_list_offers_to_print_and_receive_where_a_sheet_may_wait_for_signatures(
    client, plantel, responsable, query, may_tick
):
    issued(enrolled(plantel))
    signed(enrolled(plantel))

    page = shown(client.get(LIST + query))

    verbs = ("Imprimir las marcadas", "Imprimir todas las del filtro", "Marcar como recibidas")
    assert [verb in page for verb in (*verbs, "Marcar las de esta página")] == [may_tick] * 4


@pytest.mark.parametrize(
    ("query", "surnames"),
    [
        ("estado=por-firmar", ["Bernal"]),
        ("estado=firmadas", ["Casas"]),
        ("estado=registradas", ["Duarte"]),
        ("estado=canceladas", []),
        ("grupo=102", ["Casas"]),
        ("estado=nada&grupo=999", ["Bernal", "Duarte", "Casas"]),
    ],
)
def test_list_is_narrowed(client, plantel, responsable, query, surnames):
    issued(enrolled(plantel, student__first_surname="Bernal"))
    signed(enrolled(plantel, group="102", student__first_surname="Casas"))
    registered(enrolled(plantel, student__first_surname="Duarte"))

    assert listed(client.get(f"{LIST}?{query}")) == surnames


CYCLES = pytest.mark.parametrize("cycle", ["2026-B", "2026-1", "2026-2027"])
"""Ciclos are called as each school system calls them, and folios name them."""


@CYCLES
def test_list_finds_by_folio_matricula_and_name(client, plantel, responsable, cycle):
    ours = SchoolCycleFactory(name=cycle)
    wanted = issued(enrolled(plantel, cycle=ours, student__first_surname="Bernal"))
    issued(enrolled(plantel, cycle=ours, student__first_surname="Casas"))
    typed = [wanted.paper.folio, wanted.enrollment.matricula, "bernál", "nadie"]

    found = [listed(client.post(LIST, {"q": text})) for text in typed]

    assert found == [["Bernal"], ["Bernal"], ["Bernal"], []]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    client, plantel, responsable, count, django_assert_num_queries
):
    for _ in range(count):
        issued(enrolled(plantel))

    with django_assert_num_queries(14):
        client.get(LIST)


def test_list_ticks_the_page_when_asked(client, plantel, responsable):
    issued(enrolled(plantel))
    signed(enrolled(plantel))

    assert b" checked" not in client.get(LIST).content
    assert client.get(f"{LIST}?marcar=1").content.count(b" checked") == 1


def receive_many(client, *renuncias, **more):
    chosen = {"elegida": [one.public_id for one in renuncias]}
    return client.post(reverse("renuncias:receive_many"), chosen | more)


def states(*renuncias):
    return [Renuncia.objects.get(pk=one.pk).state for one in renuncias]


def test_receive_many_counts_them_before_anything_happens(client, plantel, responsable):
    first, second, third = (issued(enrolled(plantel)) for _ in range(3))

    page = shown(receive_many(client, first, second, grupo="101"))

    assert "Marcar 2 como recibidas" in page
    assert [one.paper.folio in page for one in (first, second, third)] == [True, True, False]
    assert states(first, second, third) == ["ISSUED"] * 3


def test_receive_many_receives_the_confirmed_and_names_the_others(client, plantel, responsable):
    chosen = [issued(enrolled(plantel)), issued(enrolled(plantel)), signed(enrolled(plantel))]
    left, foreign = issued(enrolled(plantel)), issued()

    response = receive_many(client, *chosen, foreign, confirmado="1", estado="por-firmar")

    said = shown(client.get(response.url))
    assert response.url == f"{LIST}?estado=por-firmar&grupo="
    assert "2 recibidas. Falta revisar y registrar." in said
    assert f"siguen como estaban: {chosen[2].paper.folio}" in said
    assert states(*chosen, left, foreign) == ["SIGNED"] * 3 + ["ISSUED"] * 2
    assert Renuncia.objects.get(pk=chosen[0].pk).signed_by == responsable


def test_receive_many_says_only_what_happened(client, plantel, responsable):
    one = issued(enrolled(plantel))

    first, again, nothing = (
        shown(client.get(receive_many(client, *chosen, confirmado="1").url))
        for chosen in ([one], [one], [])
    )

    assert "1 recibida. Falta revisar y registrar." in first
    assert "siguen como estaban" not in first
    assert f"siguen como estaban: {one.paper.folio}" in again
    assert "Falta revisar" not in again
    assert "Marcar primero las renuncias cuya hoja firmada ya se tiene" in nothing


def test_list_of_nothing_says_where_they_come_from(client, responsable):
    assert "Todavía no hay renuncias" in shown(client.get(LIST))
    assert "Ninguna renuncia en este filtro" in shown(client.get(f"{LIST}?estado=firmadas"))


def test_administration_sees_how_many_and_nobody_by_name(client, plantel):
    client.force_login(staff(Role.ADMIN))
    issued(enrolled(plantel))
    signed(enrolled(plantel))
    registered(enrolled(plantel))

    text = shown(client.get(LIST))

    assert f"{plantel} 1 1 1" in text
    assert "Gómez" not in text


def test_print_takes_the_ticked_ones_into_a_lot(client, plantel, responsable):
    wanted, _ = issued(enrolled(plantel)), issued(enrolled(plantel))

    response = client.post(reverse("renuncias:print"), {"elegida": [wanted.public_id]})

    job = PrintJob.objects.get()
    assert response.url == reverse("papers:show_print_job", args=[job.public_id])
    assert [place.paper for place in job.lot.all()] == [wanted.paper]


def test_print_takes_all_of_the_filter(client, plantel, responsable):
    wanted = [issued(enrolled(plantel, group="102")) for _ in range(2)]
    issued(enrolled(plantel, group="101"))
    signed(enrolled(plantel, group="102"))

    client.post(reverse("renuncias:print"), {"grupo": "102", "todas": "1"})

    job = PrintJob.objects.get()
    assert job.title == "Renuncias, grupo 102"
    assert {place.paper for place in job.lot.all()} == {one.paper for one in wanted}


def test_print_of_nothing_says_so(client, plantel, responsable):
    issued(enrolled(plantel))

    response = client.post(reverse("renuncias:print"), follow=True)

    assert "no hay renuncias por firmar" in shown(response)
    assert not PrintJob.objects.exists()


def test_issue_lists_a_group_only_when_it_is_chosen(client, plantel, responsable):
    enrolled(plantel, group="101", student__first_surname="Bernal")
    enrolled(plantel, group="102", student__first_surname="Casas")
    issue = reverse("renuncias:issue")

    assert "Bernal" not in shown(client.get(issue))
    page = shown(client.get(f"{issue}?plantel={plantel.clave}&grupo=101"))
    assert ("Bernal" in page, "Casas" in page) == (True, False)


def test_issue_finds_who_said_to_have_another_cover(client, plantel, responsable):
    StudentDataFactory(
        enrollment=enrolled(plantel, student__first_surname="Bernal"),
        other_cover=OtherCover.IMSS_FAMILY,
    )
    StudentDataFactory(
        enrollment=enrolled(plantel, student__first_surname="Casas"), other_cover=OtherCover.NONE
    )

    page = shown(client.get(f"{reverse('renuncias:issue')}?otro=1"))

    assert ("Bernal" in page, "Casas" in page) == (True, False)


def test_issue_for_the_ticked_ones_prints_them(client, plantel, responsable):
    wanted = enrolled(plantel)
    enrolled(plantel)
    data = {"plantel": plantel.clave, "grupo": "101", "elegida": [wanted.public_id]}

    response = client.post(reverse("renuncias:issue"), data)

    renuncia, job = Renuncia.objects.get(), PrintJob.objects.get()
    assert renuncia.enrollment == wanted
    assert response.url == reverse("papers:show_print_job", args=[job.public_id])


def test_issue_for_the_whole_group_leaves_out_the_others(client, plantel, responsable):
    for group in ("101", "101", "102"):
        enrolled(plantel, group=group)

    client.post(
        reverse("renuncias:issue"), {"plantel": plantel.clave, "grupo": "101", "todas": "1"}
    )

    assert set(Renuncia.objects.values_list("enrollment__group", flat=True)) == {"101"}
    assert Renuncia.objects.count() == 2


def test_issue_for_a_whole_plantel_at_once_is_not_possible(client, plantel, responsable):
    enrolled(plantel)

    response = client.post(
        reverse("renuncias:issue"), {"plantel": plantel.clave, "todas": "1"}, follow=True
    )

    assert "Elegir un grupo" in shown(response)
    assert not Renuncia.objects.exists()


def test_issue_for_nobody_says_so(client, plantel, responsable):
    enrolled(plantel, group="101")

    response = client.post(reverse("renuncias:issue"), {"grupo": "101"}, follow=True)

    assert "nadie necesita renuncia" in shown(response)


def test_issue_of_more_than_a_lot_holds_issues_nothing_and_says_so(
    client, plantel, responsable, monkeypatch
):
    for _ in range(3):
        enrolled(plantel, group="101")
    monkeypatch.setattr("papers.actions.lots.MOST_SHEETS", 2)

    response = client.post(reverse("renuncias:issue"), {"grupo": "101", "todas": "1"}, follow=True)

    page = shown(response)
    assert "Imprimirlas por partes" in page
    assert "3 estudiantes sin renuncia" in page  # the group is still chosen
    assert [model.objects.count() for model in (Renuncia, Notice, PrintJob)] == [0, 0, 0]


def test_issue_of_a_group_where_all_have_one_says_so(client, plantel, responsable):
    enrolled(plantel, group="102")
    issued(enrolled(plantel, group="101"))
    StudentDataFactory(enrollment=enrolled(plantel), other_cover=OtherCover.NONE)

    assert "Nadie por expedir" in shown(client.get(f"{reverse('renuncias:issue')}?otro=1"))


def test_the_students_file_leads_to_the_open_renuncia(client, plantel, responsable):
    renuncia = issued(enrolled(plantel))
    path = reverse("renuncias:of_student", args=[renuncia.enrollment.public_id])

    assert client.get(path).url == page(renuncia)


def test_a_renuncia_is_issued_at_the_window(client, plantel, responsable):
    stay = enrolled(plantel)
    path = reverse("renuncias:of_student", args=[stay.public_id])
    assert "Preguntarle antes" in shown(client.get(path))

    response = client.post(path, {"motive": Motive.IMSS_WORK, "policy_number": "77-B"})

    renuncia = Renuncia.objects.get()
    assert response.url == page(renuncia)
    assert (renuncia.motive, renuncia.policy_number) == (Motive.IMSS_WORK, "77-B")
    assert renuncia.issued_by == responsable


def test_a_renuncia_is_issued_for_the_pen(client, plantel, responsable):
    stay = enrolled(plantel)

    client.post(reverse("renuncias:of_student", args=[stay.public_id]), {"motive": ""})

    assert Renuncia.objects.get().motive == ""


@pytest.mark.parametrize("cover", [OtherCover.IMSS_FAMILY, OtherCover.IMSS_WORK, OtherCover.OTHER])
def test_a_renuncia_for_the_pen_prints_no_motive_that_the_data_would_say(
    client, plantel, responsable, cover
):
    stay = StudentDataFactory(enrollment=enrolled(plantel), other_cover=cover).enrollment
    path = reverse("renuncias:of_student", args=[stay.public_id])
    offered = client.get(path).context["form"]
    chosen = {name: offered[name].value() or "" for name in offered.fields} | {"motive": ""}

    client.post(path, chosen)

    renuncia = Renuncia.objects.get()
    assert offered["motive"].value() != ""
    assert (renuncia.motive, renuncia.printed["motive"]) == ("", "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"policy_number": "77-B"}, 'value="77-B"'),
        ({"covered_until": "pronto"}, 'value="pronto"'),
        ({"kinship": Kinship.MOTHER}, '<option value="MOTHER" selected'),
    ],
)
def test_a_renuncia_for_the_pen_drops_nothing_that_was_typed(
    client, plantel, responsable, typed, kept
):
    stay = enrolled(plantel)

    response = client.post(
        reverse("renuncias:of_student", args=[stay.public_id]), {"motive": ""} | typed
    )

    assert "Elegir el motivo, o borrar lo demás" in shown(response)
    assert kept in response.content.decode()
    assert not Renuncia.objects.exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"motive": Motive.OTHER}, "Escribe por qué no necesitas el seguro"),
        (
            {"motive": Motive.OTHER_INSTITUTION},
            "Elige qué institución te da servicio médico",
        ),
        ({"motive": ""}, "En esa selección nadie necesita renuncia"),
    ],
)
def test_a_renuncia_that_cannot_be_issued_says_why(client, plantel, responsable, answers, sentence):
    state = EnrollmentState.ACTIVE if answers["motive"] else EnrollmentState.WITHDRAWN
    stay = enrolled(plantel, state=state)

    response = client.post(reverse("renuncias:of_student", args=[stay.public_id]), answers)

    assert sentence in shown(response)
    assert not Renuncia.objects.exists()


def test_show_says_what_it_says_and_who_did_what(client, plantel, responsable):
    renuncia = registered(enrolled(plantel))

    text = shown(client.get(page(renuncia)))

    assert f"Renuncia {renuncia.paper.folio}" in text
    assert "Registradaviernes 21 de agosto de 2026, 10:00 · Luz Ríos" in text
    assert "☒ cuento con IMSS por mi familia" in text


@pytest.mark.parametrize("make", [signed, registered])
def test_show_has_the_signed_sheet(client, plantel, responsable, make):
    renuncia = make(enrolled(plantel))
    scan = StoredFileFactory(enrollment=renuncia.enrollment, derivative_pages=["aa/bb"])
    Renuncia.objects.filter(pk=renuncia.pk).update(scan=scan)

    assert (
        reverse("students:file", args=[scan.public_id, "1"])
        in client.get(page(renuncia)).content.decode()
    )


def test_receive_marks_it_as_signed(client, plantel, responsable):
    renuncia = issued(enrolled(plantel))

    response = client.post(page(renuncia, "receive"), follow=True)

    renuncia.refresh_from_db()
    assert renuncia.state == RenunciaState.SIGNED
    assert "Recibida. Falta revisarla y registrarla." in shown(response)


@CYCLES
def test_receive_by_folio_takes_the_folio_from_the_body(client, plantel, responsable, cycle):
    renuncia = issued(enrolled(plantel, cycle=SchoolCycleFactory(name=cycle)))
    by_folio = reverse("renuncias:receive_by_folio")

    response = client.post(by_folio, {"folio": renuncia.paper.folio.lower()})

    renuncia.refresh_from_db()
    assert (response.url, renuncia.state) == (page(renuncia), RenunciaState.SIGNED)
    assert client.post(by_folio, {"folio": renuncia.paper.folio}, follow=True).status_code == 200


@pytest.mark.parametrize("folio", ["", "R26B-99-00001", "cualquier cosa"])
def test_receive_by_a_folio_that_nobody_has_is_not_found(client, responsable, folio):
    assert client.post(reverse("renuncias:receive_by_folio"), {"folio": folio}).status_code == 404


def test_receive_by_the_folio_of_another_plantel_is_not_found(client, responsable):
    folio = issued().paper.folio

    assert client.post(reverse("renuncias:receive_by_folio"), {"folio": folio}).status_code == 404


def test_accept_goes_on_to_the_next_one_and_may_be_undone(client, plantel, responsable):
    first, second = (signed(enrolled(plantel)) for _ in range(2))

    response = client.post(page(first, "accept"))
    text = shown(client.get(response.url))
    undone = client.post(page(first, "undo"), follow=True)

    first.refresh_from_db()
    assert response.url == f"{page(second)}?antes={first.public_id}"
    assert f"Registrada: {first.enrollment.student}. Deshacer" in text
    assert first.state == RenunciaState.SIGNED
    assert "Se deshizo el último paso." in shown(undone)


def test_undo_of_what_nobody_received_says_so(client, plantel, responsable):
    renuncia = issued(enrolled(plantel))

    response = client.post(page(renuncia, "undo"), follow=True)

    assert "Otra persona ya lo atendió" in shown(response)


def test_accept_of_the_last_one_stays_there(client, plantel, responsable):
    renuncia = signed(enrolled(plantel))

    response = client.post(page(renuncia, "accept"))

    assert response.url == f"{page(renuncia)}?antes={renuncia.public_id}"


def test_accept_of_a_sheet_filled_in_by_hand_asks_for_its_motive(client, plantel, responsable):
    renuncia = signed(enrolled(plantel))
    Renuncia.objects.filter(pk=renuncia.pk).update(motive="")

    refused = client.post(page(renuncia, "accept"))
    client.post(page(renuncia, "accept"), {"motive": Motive.OTHER})

    renuncia.refresh_from_db()
    assert "Elegir el motivo que dice la hoja: se llenó a mano" in shown(refused)
    assert (renuncia.state, renuncia.motive) == (RenunciaState.ACCEPTED, Motive.OTHER)


def test_accept_of_what_nobody_signed_says_so(client, plantel, responsable):
    renuncia = issued(enrolled(plantel))

    response = client.post(page(renuncia, "accept"), follow=True)

    assert "Otra persona ya lo atendió" in shown(response)


@pytest.mark.parametrize(
    ("make", "verb", "state"),
    [
        (issued, "void", RenunciaState.VOIDED),
        (signed, "void", RenunciaState.VOIDED),
        (registered, "revoke", RenunciaState.REVOKED),
    ],
)
def test_an_end_asks_for_its_reason(client, plantel, responsable, make, verb, state):
    renuncia = make(enrolled(plantel))

    refused = client.post(page(renuncia, verb), {"reason": "porque sí"})
    done = client.post(page(renuncia, verb), {"reason": WHY}, follow=True)

    renuncia.refresh_from_db()
    assert "Escribir el motivo con 15 letras o más" in shown(refused)
    assert renuncia.state == state
    assert "Hecho. El estudiante lo lee en su correo" in shown(done)


def test_an_end_of_what_ended_already_says_so(client, plantel, responsable):
    renuncia = issued(enrolled(plantel))
    client.post(page(renuncia, "void"), {"reason": WHY})

    response = client.post(page(renuncia, "void"), {"reason": WHY}, follow=True)

    assert "Otra persona ya lo atendió" in shown(response)
