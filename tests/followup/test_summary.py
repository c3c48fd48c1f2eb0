"""E-07 «Descargar resumen»: ordered, drawn by the worker, handed out once, under one folio while it says the same."""

from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse

from followup.actions.errors import NoSummaryYet
from followup.actions.summary import order_summary
from followup.queries.progress import standing_of
from followup.queries.summary import summary_of
from followup.tasks import NO_SUMMARY, print_summaries
from nss.actions.review import correct_nss, undo_review
from nss.states import AcuseState, ProofRoute, RequestState
from papers.models import Paper, PrintJob
from papers.states import PaperState, PrintState
from school.states import Role
from students.actions.cover import opt_out
from students.models import AccessEntry, Enrollment
from tests.factories.clinics import UMFRegistrationFactory, VigenciaCheckFactory
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import staff
from tests.factories.students import NOW, EnrollmentFactory, leave, nss

pytestmark = pytest.mark.django_db

ORDER, FETCH = "followup:order_summary", "followup:download_summary"
AHEAD = [
    ("Tu plantel te afilia", "En espera"),
    ("Regístrate en tu clínica", "Más adelante"),
    ("Revisa tu vigencia", "Más adelante"),
]


@pytest.fixture(autouse=True)
def clock(settings, time_machine):
    settings.BASE_URL = "https://afiliacion.example"
    time_machine.move_to(NOW, tick=False)


def proven(route: ProofRoute, **fields):
    fields = {"confirmed": True, "student__nss": nss(1), "plantel__number": "05"} | fields
    stay = EnrollmentFactory(**fields)
    NSSRequestFactory(enrollment=stay, state=RequestState.PROVEN, route=route, proven_at=NOW)
    return stay


def accepted(**fields):
    stay = proven(ProofRoute.ACUSE, **fields)
    AcuseFactory(
        request=stay.nss_request,
        state=AcuseState.ACCEPTED,
        folio="A26-05-000148",
        sent_at=NOW - timedelta(days=2),
        nss=nss(1),
        reviewed_at=NOW - timedelta(days=1),
        reviewed_by=staff(Role.REVISOR, stay.plantel),
    )
    return stay


def drawn(client, stay) -> str:
    """What the sheet of one page says, once it is ordered, drawn and handed out."""
    client.force_login(stay.student.user)
    client.post(reverse(ORDER))
    return handed_out(client)


def handed_out(client) -> str:
    print_summaries()
    (page,) = pypdfium2.PdfDocument(client.post(reverse(FETCH)).content)
    return " ".join(page.get_textpage().get_text_range().split())


def test_a_summary_is_ordered_drawn_and_handed_out_once(client):
    stay = accepted(student__given_names="María Ñandú")
    client.force_login(stay.student.user)

    client.post(reverse(ORDER))
    client.post(reverse(ORDER))
    waiting = client.get(reverse(ORDER)).content.decode()
    tasks = [print_summaries(), print_summaries()]
    ready = client.get(reverse(ORDER)).content.decode()
    first, second = client.post(reverse(FETCH)), client.post(reverse(FETCH))

    assert "Estamos preparando tu PDF" in waiting
    assert tasks == [True, False]
    assert "Tu PDF está listo" in ready
    assert first["Content-Disposition"] == 'attachment; filename="mi-tramite.pdf"'
    assert (second.status_code, second["Location"]) == (302, reverse(ORDER))
    assert not AccessEntry.objects.exists()
    assert_reads_well(first.content, stay)


def assert_reads_well(pdf: bytes, stay) -> None:
    (page,) = pypdfium2.PdfDocument(pdf)
    words = " ".join(page.get_textpage().get_text_range().split())
    paper = Paper.objects.get()
    shown = [
        "María Ñandú Gómez Martínez",
        f"Matrícula {stay.matricula}",
        str(stay.plantel),
        f"Ciclo {stay.cycle.name}",
        "Grupo 101",
        "Tu NSS: 24 26 08 0001",
        "es tuyo para toda la vida",
        "Datos confirmados viernes 21 de agosto de 2026",
        "Acuse enviado miércoles 19 de agosto de 2026, folio A26-05-000148",
        "Acuse aceptado jueves 20 de agosto de 2026",
        "Lo que sigue: le toca a tu plantel",
        "Tu plantel te afilia En espera",
        paper.folio,
        f"{paper.code[:4]} {paper.code[4:]}",
        "Hoja 1 de 1",
    ]
    assert page.get_size() == (612.0, 792.0)
    assert [word for word in shown if word not in words] == []
    assert stay.student.curp not in words.replace(" ", "")
    codes = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
    assert [code.text for code in codes] == [f"https://afiliacion.example/verifica/{paper.token}/"]


def test_summary_of_an_nss_that_the_plantel_got():
    stay = proven(ProofRoute.SUBDELEGACION)

    summary = summary_of(standing_of(stay, now=NOW))

    assert summary.heading == "Ya tenemos tu NSS"
    assert summary.turn == "Le toca a tu plantel"
    assert summary.done == [
        ("Datos confirmados", "viernes 21 de agosto de 2026"),
        ("NSS registrado", "viernes 21 de agosto de 2026"),
    ]
    assert summary.ahead == AHEAD


def vigente() -> Enrollment:
    proved = proven(ProofRoute.SUBDELEGACION)
    registered = UMFRegistrationFactory(enrollment=proved, registered=True)
    return VigenciaCheckFactory(enrollment=registered.enrollment).enrollment


def test_the_sheet_of_who_is_vigente_announces_nothing_more(client):
    words = drawn(client, vigente())

    assert "¡Listo! Tu seguro está activo" in words
    assert "Lo que sigue" not in words


def test_summary_of_who_is_vigente_tells_the_whole_way():
    summary = summary_of(standing_of(vigente(), now=NOW))

    day = "viernes 21 de agosto de 2026"
    assert summary.heading == "¡Listo! Tu seguro está activo"
    assert summary.done[2:] == [
        ("Afiliado al IMSS", day),
        ("Clínica registrada", f"{day}, UMF 37"),
        ("Seguro activo", day),
    ]
    assert summary.ahead == []


def test_summary_of_an_nss_known_before_asks_for_the_data_first():
    stay = EnrollmentFactory(student__nss=nss(1))

    summary = summary_of(standing_of(stay, now=NOW))

    assert summary.done == []
    assert summary.ahead == [("Confirma tus datos", "Te toca"), *AHEAD]


def test_a_summary_of_the_longest_names_is_one_page(client):
    stay = accepted(
        student__given_names="María de los Ángeles Guadalupe " * 2,
        student__first_surname="Hernández-Santamaría y Montemayor",
        student__second_surname="Villavicencio de la Garza Treviño",
        plantel__name="W" * 100,
        plantel__address="Boulevard Luis Encinas Johnson y calle Rosales sin número, colonia Centro "
        * 3,
        group="G" * 12,
        matricula="9" * 20,
    )

    words = drawn(client, stay)

    assert "Villavicencio de la Garza Treviño" in words
    assert "Revisa tu vigencia Más adelante" in words


def test_a_plantel_of_one_long_word_stays_between_the_margins(client):
    stay = accepted(plantel__name="W" * 100)
    order_summary(stay, now=NOW)
    print_summaries()
    client.force_login(stay.student.user)

    (page,) = pypdfium2.PdfDocument(client.post(reverse(FETCH)).content)

    width, _ = page.get_size()
    margin = 18 / 25.4 * 72
    words = page.get_textpage()
    inside = words.get_text_bounded(left=margin - 1, right=width - margin + 1, bottom=11)
    # A code may have the letter too.
    assert inside.count("W") == words.get_text_range().count("W") >= 2 * 100


def test_order_summary_again_is_a_reprint_under_its_folio(client):
    stay = accepted()

    sheets = [drawn(client, stay) for _ in range(3)]

    (paper,) = Paper.objects.all()
    assert (paper.folio, paper.reprints) == ("S26B-05-0001", 2)
    assert ["Reimpresión" in words for words in sheets] == [False, True, True]
    assert "Reimpresión 2" in sheets[2]


def test_order_summary_of_something_else_replaces_the_paper(client):
    stay = accepted()
    drawn(client, stay)
    stay.group = "305"
    stay.save()

    words = drawn(client, stay)

    assert list(Paper.objects.order_by("pk").values_list("folio", "state")) == [
        ("S26B-05-0001", PaperState.REPLACED),
        ("S26B-05-0002", PaperState.VALID),
    ]
    assert "Grupo 305" in words
    assert "Reimpresión" not in words


def test_a_summary_that_changed_since_its_order_is_drawn_under_another_folio(client):
    stay = accepted()
    order_summary(stay, now=NOW)
    stay.group = "305"
    stay.save()
    client.force_login(stay.student.user)

    words = handed_out(client)

    before, now = Paper.objects.order_by("pk")
    assert (before.state, now.state) == (PaperState.REPLACED, PaperState.VALID)
    assert "Grupo 305" in words
    assert now.folio in words


def test_a_summary_whose_stay_ended_since_its_order_is_not_drawn(client):
    stay = accepted()
    job = order_summary(stay, now=NOW)
    withdraw(stay)
    client.force_login(stay.student.user)
    waiting = client.get(reverse(ORDER), headers={"HX-Request": "true"})

    print_summaries()

    job.refresh_from_db()
    asked = client.get(reverse(ORDER), headers={"HX-Request": "true"})
    page = client.get(reverse(ORDER), follow=True)
    assert "Estamos preparando tu PDF" in waiting.content.decode()
    assert (job.state, job.error) == (PrintState.FAILED, NoSummaryYet.sentence)
    assert (asked.status_code, asked["HX-Refresh"]) == (204, "true")
    assert page.redirect_chain == [(reverse("followup:my_steps"), 302)]
    assert NoSummaryYet.sentence in page.content.decode()


def withdraw(stay) -> None:
    leave(stay, by=staff(Role.RESPONSABLE, stay.plantel), now=NOW)


def renounce(stay) -> None:
    opt_out(stay, by=staff(Role.RESPONSABLE, stay.plantel), now=NOW)


def undo(stay) -> None:
    acuse = stay.nss_request.acuses.get()
    undo_review(acuse, by=staff(Role.REVISOR, stay.plantel), now=NOW, reason="No es la hoja buena")


def correct(stay, number: str = nss(2)) -> None:
    acuse = stay.nss_request.acuses.get()
    correct_nss(acuse, nss=number, by=staff(Role.REVISOR, stay.plantel), now=NOW)


@pytest.mark.parametrize("end", [withdraw, renounce, undo, correct])
def test_a_summary_is_revoked_when_it_stops_being_true(client, end):
    stay = accepted()
    mate = classmate_with_nss(stay, pk=int(f"{stay.pk}0"))
    for one in (stay, mate):
        order_summary(one, now=NOW)
        print_summaries()
    paper, other = Paper.objects.order_by("pk")

    end(stay)

    paper.refresh_from_db()
    other.refresh_from_db()
    assert (paper.state, paper.ended_at) == (PaperState.REVOKED, NOW)
    assert other.state == PaperState.VALID
    verified = client.get(reverse("papers:show_paper", args=[paper.token])).content.decode()
    assert "Este papel está cancelado" in verified
    client.force_login(stay.student.user)
    assert client.post(reverse(FETCH))["Location"] == reverse(ORDER)


def test_a_summary_stays_when_its_number_is_corrected_to_the_same():
    stay = accepted()
    order_summary(stay, now=NOW)

    correct(stay, nss(1))

    assert Paper.objects.get().state == PaperState.VALID


def test_a_summary_that_was_replaced_stays_replaced(client):
    stay = accepted()
    drawn(client, stay)
    stay.group = "305"
    stay.save()
    drawn(client, stay)

    withdraw(stay)

    states = Paper.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PaperState.REPLACED, PaperState.REVOKED]


def test_a_summary_after_a_correction_has_another_folio(client):
    stay = accepted()
    drawn(client, stay)
    correct(stay, nss(2))

    words = drawn(client, stay)

    assert "S26B-05-0002" in words
    assert "Reimpresión" not in words


def test_order_summary_names_nobody():
    stay = accepted()

    job = order_summary(stay, now=NOW)

    paper = Paper.objects.get()
    assert job.parameters == {"enrollment": stay.pk, "paper": paper.pk, "reprint": 0}
    assert paper.about.startswith(f"enrollment:{stay.pk}:")
    assert len(paper.about.rpartition(":")[2]) == 16


def test_order_summary_before_the_nss_is_proven(client):
    stay = EnrollmentFactory(confirmed=True)
    client.force_login(stay.student.user)

    with pytest.raises(NoSummaryYet):
        order_summary(stay, now=NOW)

    for answer in (client.get(reverse(ORDER)), client.post(reverse(ORDER))):
        assert (answer.status_code, answer["Location"]) == (302, reverse("followup:my_steps"))
    assert NoSummaryYet.sentence in client.post(reverse(FETCH), follow=True).content.decode()
    assert not Paper.objects.exists()


def test_the_page_asks_again_until_the_summary_is_ready(client):
    stay = accepted()
    order_summary(stay, now=NOW)
    client.force_login(stay.student.user)

    waiting = client.get(reverse(ORDER), headers={"HX-Request": "true"})
    print_summaries()
    ready = client.get(reverse(ORDER), headers={"HX-Request": "true"})

    assert f'hx-get="{reverse(ORDER)}"' in waiting.content.decode()
    assert (ready.status_code, ready["HX-Refresh"]) == (204, "true")


def test_a_summary_that_kills_its_worker_is_given_up(client):
    stay = accepted()
    order_summary(stay, now=NOW)
    PrintJob.objects.update(attempts=3)

    print_summaries()
    client.force_login(stay.student.user)

    assert NO_SUMMARY in client.get(reverse(ORDER)).content.decode()


def test_the_summary_of_another_student_does_not_exist(client):
    stay = accepted()
    order_summary(stay, now=NOW)
    print_summaries()
    client.force_login(classmate_with_nss(stay).student.user)

    asked = client.post(reverse(FETCH))

    assert (asked.status_code, asked["Location"]) == (302, reverse(ORDER))
    assert "Preparar el PDF" in client.get(reverse(ORDER)).content.decode()


def classmate_with_nss(stay, **fields):
    return EnrollmentFactory(plantel=stay.plantel, cycle=stay.cycle, student__nss=nss(3), **fields)


@pytest.mark.parametrize("route", [ProofRoute.ACUSE, ProofRoute.SUBDELEGACION])
def test_my_steps_leads_to_the_summary(client, route):
    stay = proven(route)
    client.force_login(stay.student.user)

    page = client.get(reverse("followup:my_steps")).content.decode()

    assert f'href="{reverse(ORDER)}">Descargar resumen (PDF)</a>' in page
