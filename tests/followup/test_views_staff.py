"""The staff's pages: scope, roles, masks, and every look written down once."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from followup.actions.reports import move_to_case
from followup.models import StudentReport
from followup.queries.progress import standing_of
from followup.queries.student_file import other_files_of
from followup.queries.students import LATE
from followup.states import ReportKind, Stage
from notices.actions import Recipient, queue
from nss.states import AcuseState, ProofRoute, RequestState
from renuncias.actions.piles import discard_page
from school.states import Role
from students import timeline
from students.models import AccessEntry, Enrollment
from students.states import Event, Look
from tests.factories.followup import StudentReportFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory, add_photo
from tests.factories.piles import a_pile, expected, kept, link_of
from tests.factories.renuncias import registered, signed
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, StoredFileFactory, nss

pytestmark = pytest.mark.django_db


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def stay(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel, student__nss=nss(1))
    NSSRequestFactory(
        enrollment=stay, state=RequestState.PROVEN, route=ProofRoute.ACUSE, proven_at=NOW
    )
    return stay


def sign_in(client, role, plantel=None):
    user = staff(role, None if role in {Role.ADMIN, Role.AUDITOR} else plantel)
    client.force_login(user)
    return user


def url(name, thing=None) -> str:
    return reverse(f"followup:{name}", args=[thing.public_id] if thing else [])


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


# Who may -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "codes"),
    [
        (Role.RESPONSABLE, [200, 200, 200, 200, 200]),
        (Role.REVISOR, [200, 200, 200, 200, 200]),
        (Role.CONSULTA, [200, 200, 200, 200, 200]),
        (Role.ADMIN, [200, 403, 403, 200, 200]),
        (Role.AUDITOR, [200, 404, 403, 404, 404]),
    ],
)
def test_staff_pages_open_to_the_roles_of_the_matrix(client, plantel, stay, role, codes):
    sign_in(client, role, plantel)
    urls = [url("today"), url("students"), url("reports"), url("search"), url("student_file", stay)]

    assert [client.get(one).status_code for one in urls] == codes


def test_page_that_does_not_exist_leads_staff_and_student_to_their_own(client, plantel):
    sign_in(client, Role.RESPONSABLE, plantel)
    of_staff = client.get("/no-hay/").content.decode()
    client.force_login(EnrollmentFactory(plantel=plantel).student.user)
    of_student = client.get("/no-hay/").content.decode()

    back = [re.findall(r'<p>(\w+) a <a href="([^"]+)"', page) for page in (of_staff, of_student)]

    assert back == [[("Volver", url("today"))], [("Vuelve", url("my_steps"))]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Todavía no hay estudiantes"),
        (f"?paso={LATE}", "Nadie en este filtro"),
    ],
)
def test_students_without_anybody_says_whether_a_filter_hides_them(client, plantel, query, said):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("students") + query).content.decode()

    assert re.findall(r'<p class="empty__title">(.*?)</p>', page) == [said]


@pytest.mark.parametrize("name", ["today", "students", "reports", "search"])
def test_staff_pages_do_not_exist_for_students(client, stay, name):
    client.force_login(stay.student.user)

    assert client.get(url(name)).status_code == 404


@pytest.mark.parametrize("role", [Role.RESPONSABLE, Role.REVISOR, Role.CONSULTA])
def test_what_lies_in_another_plantel_does_not_exist(client, stay, role):
    report = StudentReportFactory(enrollment=stay)
    acuse = AcuseFactory(request__enrollment__plantel=stay.plantel)
    sign_in(client, role, PlantelFactory())

    gets = [url("student_file", stay), url("staff_report", report)]
    posts = [url("full_nss", stay), url("answer_report", report), url("move_to_case", acuse)]
    codes = [client.get(one).status_code for one in gets]
    codes += [client.post(one, {"answer": "Hola"}).status_code for one in posts]

    assert set(codes) <= {403, 404}
    assert codes[:3] == [404, 404, 404]
    assert not AccessEntry.objects.exists()
    assert stay.student.full_name not in text(client.get(url("students")))


# Hoy and the plantel in the bar --------------------------------------------------------------------
def test_today_shows_what_waits_and_collapses_the_rest(client, plantel, stay):
    AcuseFactory(request__enrollment__plantel=plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    page = text(client.get(url("today")))

    assert "1 acuse por revisar" in page
    assert "Empezar revisión" in page
    assert "Al corriente: casos de Subdelegación" in page or "Al corriente: plazos" in page


def test_today_of_the_subsystem_counts_planteles_and_names_nobody(client, plantel, stay):
    timeline.record(stay, Event.ACUSE_SENT, by=None, at=NOW)
    sign_in(client, Role.ADMIN)

    page = text(client.get(url("today")))

    assert str(plantel) in page
    assert stay.student.full_name not in page


def test_today_of_two_roles_keeps_each_to_its_planteles(client, plantel, stay):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    read = MembershipFactory(user=user, role=Role.CONSULTA, plantel=PlantelFactory()).plantel
    AcuseFactory(request__enrollment__plantel=read)

    everywhere = client.get(url("today"))
    client.post(url("choose_plantel"), {"plantel": read.clave})
    there = client.get(url("today"))

    assert "acuse por revisar" not in text(everywhere) + text(there)
    assert "acuses" in everywhere.context["calm"]
    assert "acuses" not in there.context["calm"]
    assert [
        one["count"] for one in everywhere.context["staff_nav"] if one["label"] == "Revisar"
    ] == [0]


def test_menu_counts_the_renuncias_to_register_and_the_pages_to_file(client, plantel):
    by = sign_in(client, Role.RESPONSABLE, plantel)
    pile = a_pile(by, 4)
    kept(pile, link_of(expected(plantel)))  # signed by it, so it waits to be registered
    signed(EnrollmentFactory(plantel=plantel))
    left = signed(EnrollmentFactory(plantel=plantel))
    Enrollment.objects.filter(pk=left.enrollment_id).update(state="WITHDRAWN")
    registered(EnrollmentFactory(plantel=plantel))
    kept(pile)
    kept(pile, is_blank=True)
    discard_page(kept(pile), by=by, now=NOW)
    signed()  # elsewhere

    entries = client.get(url("today")).context["staff_nav"]

    assert [one["count"] for one in entries if one["label"] == "Renuncias"] == [3]


def test_today_of_responsable_and_admin_names_nobody_of_other_planteles(client, plantel, stay):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    MembershipFactory(user=user, role=Role.ADMIN, plantel=None)
    hidden = EnrollmentFactory(student__first_surname="Lejana")
    for one in (stay, hidden):
        timeline.record(one, Event.ACUSE_SENT, by=None, at=NOW)

    page = client.get(url("today"))

    assert [entry.enrollment for entry in page.context["movements"]] == [stay]
    assert [row["plantel"] for row in page.context["by_plantel"]] == [hidden.plantel]
    assert "Lejana" not in text(page)


def test_choose_plantel_narrows_hoy_and_the_lists(client, plantel, stay):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    other = MembershipFactory(user=user, role=Role.RESPONSABLE, plantel=PlantelFactory()).plantel
    assert stay.student.list_name in text(client.get(url("students")))

    client.post(url("choose_plantel"), {"plantel": other.clave})
    assert stay.student.list_name not in text(client.get(url("students")))

    client.post(url("choose_plantel"), {"plantel": ""})
    assert stay.student.list_name in text(client.get(url("students")))


def test_choose_plantel_of_others_is_not_there(client, plantel):
    other = PlantelFactory()
    sign_in(client, Role.RESPONSABLE, plantel)

    assert client.post(url("choose_plantel"), {"plantel": other.clave}).status_code == 404


def test_a_chosen_plantel_that_is_taken_away_is_forgotten(client, plantel, stay):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    membership = MembershipFactory(user=user, role=Role.RESPONSABLE, plantel=PlantelFactory())
    client.post(url("choose_plantel"), {"plantel": membership.plantel.clave})

    membership.delete()

    assert stay.student.list_name in text(client.get(url("students")))


def test_a_chosen_plantel_narrows_slips_and_review_only_where_it_is_allowed(client, plantel):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    other = MembershipFactory(user=user, role=Role.RESPONSABLE, plantel=PlantelFactory()).plantel
    read = MembershipFactory(user=user, role=Role.CONSULTA, plantel=PlantelFactory()).plantel
    acuses = [AcuseFactory(request__enrollment__plantel=one) for one in (plantel, other)]
    seen = []

    for one in (plantel, other, read):
        client.post(url("choose_plantel"), {"plantel": one.clave})
        slips = client.get(reverse("students:print_slips")).context["plantel"]
        address = reverse("nss:review_acuse", args=[acuses[0].public_id])
        seen.append((slips, client.get(address).context["total"]))

    assert seen == [(plantel, 1), (other, 1), (plantel, 2)]


@pytest.mark.parametrize("rows", [1, 3])
def test_today_takes_a_fixed_number_of_queries(client, plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        acuse = AcuseFactory(request__enrollment__plantel=plantel)
        timeline.record(acuse.request.enrollment, Event.ACUSE_SENT, by=None, at=NOW)
    sign_in(client, Role.RESPONSABLE, plantel)
    client.get(url("today"))

    with django_assert_num_queries(27):
        client.get(url("today"))


# List ----------------------------------------------------------------------------------------------
def test_list_shows_neither_curp_nor_nss(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = client.get(url("students")).content.decode()

    assert stay.student.list_name in page
    assert stay.student.curp not in page
    assert stay.student.nss not in page


@pytest.mark.parametrize("query", ["?paso=DROP", "?grupo=999", "?vence=2026-99-99", "?pagina=x"])
def test_list_ignores_what_is_on_no_list(client, plantel, stay, query):
    sign_in(client, Role.RESPONSABLE, plantel)

    assert "1 estudiante" in text(client.get(url("students") + query))


# File ----------------------------------------------------------------------------------------------
def test_file_masks_the_nss_and_writes_no_look(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = text(client.get(url("student_file", stay)))

    assert stay.student.curp in page
    assert f"•••••••{stay.student.nss[-4:]}" in page
    assert stay.student.nss not in page
    assert not AccessEntry.objects.exists()


def test_file_reprints_the_code_of_who_lost_a_confirmed_mailbox(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)
    fresh = EnrollmentFactory(plantel=plantel)

    pages = [text(client.get(url("student_file", one))) for one in (stay, fresh)]

    assert ["Reimprimir código" in page for page in pages] == [True, True]
    assert ["Si ya no lo abre: corregir su correo" in page for page in pages] == [True, False]


def test_file_for_consulta_has_no_address_no_curp_and_no_way_to_the_nss(client, plantel, stay):
    sign_in(client, Role.CONSULTA, plantel)

    page = client.get(url("student_file", stay)).content.decode()

    assert stay.student.curp not in page
    assert "Calle Rosales" not in page
    assert stay.data.email not in page
    assert "Ver NSS" not in page
    assert client.post(url("full_nss", stay)).status_code == 403
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize(("role", "sees"), [(Role.CONSULTA, False), (Role.REVISOR, True)])
def test_history_names_what_changed_and_says_it_to_who_sees_addresses(
    client, plantel, stay, role, sees
):
    corrected = {"field": "Correo", "before": "a@correo.example", "after": "b@correo.example"}
    listed = ["Teléfono", "6141000001", "6141000002"]
    for event, change in ((Event.DATA_CORRECTED, corrected), (Event.ROSTER_CHANGED, listed)):
        timeline.record(stay, event, by=None, at=NOW, data={"changes": [change]})
    sign_in(client, role, plantel)

    page = text(client.get(url("student_file", stay) + "?ver=historial"))

    values = ("a@correo.example", "b@correo.example", "6141000001", "6141000002")
    assert [value in page for value in values] == [sees] * 4
    assert ("Correo" in page, "Teléfono" in page) == (True, True)


def test_full_nss_is_shown_once_and_written_down_once(client, plantel, stay):
    user = sign_in(client, Role.REVISOR, plantel)

    shown = text(client.post(url("full_nss", stay)))
    again = text(client.get(url("student_file", stay)))

    grouped = f"24 26 08 0001 {stay.student.nss[-1]}"
    assert (grouped in shown, grouped in again) == (True, False)
    entry = AccessEntry.objects.get()
    assert (entry.enrollment, entry.by, entry.look) == (stay, user, Look.FULL_NSS)


def test_full_nss_of_nobody_is_refused(client, plantel):
    stay = EnrollmentFactory(plantel=plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    assert client.post(url("full_nss", stay)).status_code == 403


@pytest.mark.parametrize("tab", ["", "documentos", "historial", "mensajes", "otra"])
def test_file_opens_on_every_tab(client, plantel, stay, tab):
    sign_in(client, Role.RESPONSABLE, plantel)
    timeline.record(
        stay,
        Event.NSS_CORRECTED,
        by=None,
        at=NOW,
        data={"folio": "A26-05-000001", "before": "•••••••1111", "after": "•••••••2222"},
    )
    AcuseFactory(request=stay.nss_request, state=AcuseState.REPLACED)
    queue(
        "prueba",
        "M-09",
        to=Recipient(stay.data.email, "Ana"),
        plantel=plantel,
        about=f"enrollment:{stay.pk}",
        context={},
        now=NOW,
    )

    page = text(client.get(url("student_file", stay) + f"?ver={tab}"))

    said = {
        "documentos": "Sustituido",
        "historial": "Folio: A26-05-000001. NSS: •••••••1111 → •••••••2222",
        "mensajes": "Tu acuse está aceptado En",
    }
    assert said.get(tab, "Datos CURP").split(" En")[0] in page


@pytest.mark.parametrize("state", [AcuseState.RECEIVED, AcuseState.DRAFT])
def test_file_shows_the_other_photos_of_an_acuse_with_it(client, plantel, stay, state):
    acuse = AcuseFactory(request=stay.nss_request, state=state)
    photos = [add_photo(acuse).file for _ in range(2)]
    evidence = StoredFileFactory(enrollment=stay)
    sign_in(client, Role.CONSULTA, plantel)

    page = client.get(url("student_file", stay) + "?ver=documentos")
    links = [reverse("students:file", args=[photo.public_id, 1]) for photo in photos]
    opened = [client.get(link).status_code for link in links]

    own, reported = page.content.decode().split("Fotos y capturas de sus reportes")
    assert [link in own for link in links] == [True, True]
    assert text(page).count("Foto 3: Ver página 1") == 1
    assert (reported.count("<li>"), "Recibida" in reported) == (1, True)
    assert opened == [200, 200]
    assert list(other_files_of(stay)) == [evidence]


@pytest.mark.parametrize("photos", [1, 2])
def test_file_with_photos_takes_a_fixed_number_of_queries(
    client, plantel, stay, photos, django_assert_num_queries
):
    for _ in range(photos):
        acuse = AcuseFactory(request=stay.nss_request, state=AcuseState.REPLACED)
        for _ in range(photos):
            add_photo(acuse, is_drawn=False)
    sign_in(client, Role.CONSULTA, plantel)

    with django_assert_num_queries(15):
        client.get(url("student_file", stay) + "?ver=documentos")


def test_file_offers_to_take_a_number_only_while_one_is_missing(client, plantel, stay):
    waiting = EnrollmentFactory(plantel=plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    missing = client.get(url("student_file", waiting)).content.decode()
    known = client.get(url("student_file", stay)).content.decode()

    way = reverse("nss:register_nss", args=[waiting.public_id])
    assert (way in missing, "Registrar NSS" in known) == (True, False)


def test_file_of_nobody_does_not_exist(client, stay):
    sign_in(client, Role.RESPONSABLE, stay.plantel)
    nobodys = reverse("followup:student_file", args=["a" * len(stay.public_id)])

    assert client.get(nobodys).status_code == 404


def test_file_of_the_subsystem_opens_for_a_written_reason(client, stay):
    user = sign_in(client, Role.ADMIN)
    closed = text(client.get(url("student_file", stay)))
    assert stay.student.full_name not in closed

    short = text(client.post(url("give_reason", stay), {"reason": "porque sí"}))
    assert "15 letras o más" in short
    assert not AccessEntry.objects.exists()

    reason = {"reason": "Queja de la familia, oficio 12"}
    opened = text(client.post(url("give_reason", stay), reason, follow=True))
    shown = text(client.post(url("full_nss", stay)))

    assert stay.student.full_name in opened
    assert "24 26 08 0001" in shown
    assert list(AccessEntry.objects.order_by("pk").values_list("by", "look", "reason")) == [
        (user.pk, Look.STUDENT_FILE, reason["reason"]),
        (user.pk, Look.FULL_NSS, reason["reason"]),
    ]


def test_a_reason_lasts_half_an_hour_and_opens_one_file(client, stay):
    other = EnrollmentFactory()
    sign_in(client, Role.ADMIN)
    client.post(url("give_reason", stay), {"reason": "Queja de la familia, oficio 12"})
    assert other.student.full_name not in text(client.get(url("student_file", other)))

    session = client.session
    past = (timezone.now() - timedelta(seconds=1)).isoformat()
    session["file_reasons"] = {stay.public_id: {"until": past, "reason": "Queja"}}
    session.save()

    assert stay.student.curp not in text(client.get(url("student_file", stay)))
    assert client.post(url("full_nss", stay)).status_code == 302


# Reports -------------------------------------------------------------------------------------------
def test_reports_are_listed_by_kind(client, plantel):
    question = StudentReportFactory(enrollment__plantel=plantel)
    case = StudentReportFactory(enrollment__plantel=plantel, kind=ReportKind.SUBDELEGACION)
    attempt = StudentReportFactory(enrollment__plantel=plantel, kind=ReportKind.PAGE_FAILED)
    sign_in(client, Role.RESPONSABLE, plantel)

    def listed(kind):
        page = text(client.get(url("reports") + f"?tipo={kind}"))
        return [one.folio in page for one in (question, case, attempt)]

    assert {kind: listed(kind) for kind in ("", "preguntas", "intentos", "atendidos")} == {
        "": [True, False, False],
        "preguntas": [True, False, False],
        "intentos": [False, False, True],
        "atendidos": [False, False, False],
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_reports_take_a_fixed_number_of_queries(client, plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        StudentReportFactory(enrollment__plantel=plantel)
    sign_in(client, Role.RESPONSABLE, plantel)
    client.get(url("reports"))

    with django_assert_num_queries(10):
        client.get(url("reports"))


def test_answer_report_is_read_by_the_student(client, plantel):
    report = StudentReportFactory(enrollment__plantel=plantel)
    sign_in(client, Role.RESPONSABLE, plantel)

    empty = client.post(url("answer_report", report), {"answer": ""})
    client.post(url("answer_report", report), {"answer": "Sí, llévalo impreso."})
    again = client.post(url("answer_report", report), {"answer": "Otra"}, follow=True)

    assert "Escribir la respuesta" in text(empty)
    assert "Otra persona ya atendió este reporte" in text(again)
    client.force_login(report.enrollment.student.user)
    assert "Sí, llévalo impreso." in text(client.get(url("show_report", report)))


@pytest.mark.parametrize("role", [Role.REVISOR, Role.CONSULTA])
def test_reports_are_read_and_not_closed_by_other_roles(client, plantel, role):
    report = StudentReportFactory(enrollment__plantel=plantel, kind=ReportKind.SUBDELEGACION)
    sign_in(client, role, plantel)

    page = client.get(url("staff_report", report)).content.decode()
    codes = [
        client.post(url(name, report), {"answer": "x", "nss": nss(3)}).status_code
        for name in ("answer_report", "resolve_report")
    ]

    assert "Marcar como atendido" not in page
    assert codes == [403, 403]


def test_resolve_report_registers_the_number(client, plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    NSSRequestFactory(enrollment=stay, state=RequestState.AT_SUBDELEGACION)
    report = StudentReportFactory(enrollment=stay, kind=ReportKind.SUBDELEGACION)
    sign_in(client, Role.RESPONSABLE, plantel)

    wrong = client.post(url("resolve_report", report), {"nss": "123"})
    right = client.post(url("resolve_report", report), {"nss": nss(3)})

    assert "field--error" in wrong.content.decode()
    assert right.status_code == 302
    assert standing_of(stay, now=NOW).stage == Stage.S_03


def test_resolve_report_that_somebody_closed_first_shows_it_as_it_is(client, plantel):
    user = sign_in(client, Role.RESPONSABLE, plantel)
    stay = EnrollmentFactory(confirmed=True, plantel=plantel)
    report = StudentReportFactory(
        enrollment=stay,
        kind=ReportKind.SUBDELEGACION,
        handled_at=NOW,
        handled_by=user,
        answer="Ya quedó.",
    )

    page = client.post(url("resolve_report", report), {"nss": nss(3)}, follow=True)

    assert "Otra persona ya atendió este reporte" in text(page)
    assert "Ya quedó." in text(page)
    assert "field--error" not in page.content.decode()


@pytest.mark.parametrize("said", ["", " ", "x" * 61, "x" * 600])
def test_move_to_case_says_at_the_field_what_is_wrong(client, plantel, said):
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    sign_in(client, Role.REVISOR, plantel)

    page = client.post(url("move_to_case", acuse), {"data_wrong": said})

    assert "field--error" in page.content.decode()
    assert not StudentReport.objects.exists()


def test_move_to_case_goes_on_with_the_next_acuse(client, plantel):
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    sign_in(client, Role.REVISOR, plantel)

    first = client.post(url("move_to_case", acuse), {"data_wrong": "tu CURP"})
    second = client.post(url("move_to_case", acuse), {"data_wrong": "tu CURP"})

    assert first.url == f"{reverse('nss:review')}?hecho={acuse.public_id}"
    assert second.url == reverse("nss:review_acuse", args=[acuse.public_id])
    assert StudentReport.objects.get().kind == ReportKind.WRONG_DATA


def test_move_to_case_keeps_the_part_of_the_queue(client, plantel):
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    sign_in(client, Role.REVISOR, plantel)

    answer = client.post(url("move_to_case", acuse) + "?grupo=101", {"data_wrong": "tu CURP"})

    assert answer.url == f"{reverse('nss:review')}?grupo=101&hecho={acuse.public_id}"


def test_undo_of_a_case_closes_its_report(client, plantel):
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    sign_in(client, Role.REVISOR, plantel)
    client.post(url("move_to_case", acuse), {"data_wrong": "tu CURP"})
    toast = client.get(reverse("nss:review") + f"?hecho={acuse.public_id}", follow=True)

    answer = client.post(reverse("nss:undo_review", args=[acuse.public_id]), follow=True)

    acuse.refresh_from_db()
    assert "Pasaste a caso el acuse de" in text(toast)
    assert answer.redirect_chain == [
        (url("undo_case", acuse), 307),
        (reverse("nss:review_acuse", args=[acuse.public_id]), 302),
    ]
    assert acuse.state == AcuseState.RECEIVED
    assert StudentReport.objects.get().handled_at is not None


def test_undo_of_a_case_later_asks_why(client, plantel):
    acuse = AcuseFactory(request__enrollment__plantel=plantel)
    revisor = staff(Role.REVISOR, plantel)
    move_to_case(acuse, data_wrong="tu CURP", by=revisor, now=timezone.now())
    sign_in(client, Role.REVISOR, plantel)

    asked = client.post(url("undo_case", acuse))
    client.post(url("undo_case", acuse), {"reason": "La CURP está bien, leí mal"})

    acuse.refresh_from_db()
    assert "con 15 letras o más" in text(asked)
    assert acuse.state == AcuseState.RECEIVED
