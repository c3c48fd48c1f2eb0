"""E-15: the student asks for a renuncia, prints it, and may change his mind."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from papers.models import PrintJob
from papers.states import PaperKind, PrintState
from renuncias.models import Renuncia
from renuncias.queries.answers import NOT_ENOUGH
from renuncias.states import Institution, Kinship, Motive, RenunciaState
from renuncias.tasks import print_renuncias
from students.states import EnrollmentState, OtherCover
from tests.factories.renuncias import issued, registered, signed
from tests.factories.school import SchoolCycleFactory
from tests.factories.students import EnrollmentFactory, StudentDataFactory

pytestmark = pytest.mark.django_db
START, CHECK, OWN = (reverse(f"renuncias:{name}") for name in ("start", "check", "own"))
HOME = reverse("followup:my_steps")


def question(word):
    return reverse("renuncias:answer", args=[word])


@pytest.fixture
def stay(client):
    stay = EnrollmentFactory(cycle=SchoolCycleFactory(), confirmed=True)
    client.force_login(stay.student.user)
    return stay


def shown(response) -> str:
    assert response.status_code == 200
    return " ".join(strip_tags(response.content.decode()).split())


def go(client, path, **answer):
    response = client.post(path, answer)
    assert response.status_code == 302, shown(response)
    return response.url


def test_the_first_page_says_what_is_given_up(client, stay):
    page = shown(client.get(START))

    assert "Si renuncias, tu plantel no te afilia" in page
    assert "Mejor sí me afilio" in page


@pytest.mark.parametrize(
    ("motive", "way"),
    [
        (Motive.IMSS_FAMILY, ["titular", "poliza"]),
        (Motive.IMSS_WORK, ["poliza"]),
        (Motive.OTHER_INSTITUTION, ["institucion", "titular", "poliza"]),
        (Motive.OTHER, ["explicacion"]),
    ],
)
def test_each_motive_asks_its_own_questions(client, stay, motive, way):
    answers = {
        "explicacion": {"motive_note": "Me cambio de ciudad"},
        "institucion": {"institution": Institution.ISSSTE},
        "titular": {"kinship": Kinship.FATHER, "holder": "Juan Gómez"},
        "poliza": {"policy_number": "77-B", "covered_until": ""},
    }

    seen, path = [], go(client, START, motive=motive)
    while path != CHECK:
        word = path.rstrip("/").rpartition("/")[2]
        seen.append(word)
        assert client.get(path).status_code == 200
        path = go(client, path, **answers[word])

    assert seen == way
    assert not Renuncia.objects.exists()


def test_the_last_page_shows_the_sheet_and_asks_for_it(client, stay):
    go(client, START, motive=Motive.IMSS_FAMILY)
    go(client, question("titular"), kinship=Kinship.MOTHER, holder="Rosa Martínez")
    go(client, question("poliza"), policy_number="77-B", covered_until="2099-12-31")

    page = shown(client.get(CHECK))
    path = go(client, CHECK)

    assert "☒ cuento con IMSS por mi familia" in page
    assert "Vale hasta 31 de diciembre de 2099" in page
    assert "ANA GÓMEZ MARTÍNEZ" in page
    assert path == OWN
    renuncia = Renuncia.objects.get()
    assert (renuncia.holder, renuncia.covered_until) == ("Rosa Martínez", date(2099, 12, 31))
    assert renuncia.issued_by == stay.student.user
    assert "renuncia" not in client.session


def test_what_was_answered_is_still_there_when_one_goes_back(client, stay):
    go(client, START, motive=Motive.IMSS_FAMILY)
    go(client, question("titular"), kinship=Kinship.MOTHER, holder="Rosa Martínez")

    response = client.get(question("titular"))

    assert response.context["form"]["holder"].value() == "Rosa Martínez"
    assert response.context["back_url"] == START
    assert client.get(question("poliza")).context["back_url"] == question("titular")


def test_the_motive_that_the_data_tell_is_chosen_already(client):
    stay = StudentDataFactory(other_cover=OtherCover.IMSS_WORK).enrollment
    client.force_login(stay.student.user)

    response = client.get(START)

    assert response.context["form"]["motive"].value() == Motive.IMSS_WORK


@pytest.mark.parametrize(
    ("word", "motive", "answer", "sentence"),
    [
        ("", "", {}, "Elige por qué no necesitas el seguro"),
        ("explicacion", Motive.OTHER, {}, "Escribe por qué no necesitas el seguro"),
        ("explicacion", Motive.OTHER, {"motive_note": "tengo imss bienestar"}, NOT_ENOUGH),
        (
            "institucion",
            Motive.OTHER_INSTITUTION,
            {},
            "Elige qué institución te da servicio médico",
        ),
        (
            "institucion",
            Motive.OTHER_INSTITUTION,
            {"institution": Institution.OTHER},
            "Escribe el nombre de la institución",
        ),
        (
            "institucion",
            Motive.OTHER_INSTITUTION,
            {"institution": Institution.OTHER, "institution_name": "IMSS-Bienestar"},
            NOT_ENOUGH,
        ),
        (
            "poliza",
            Motive.IMSS_WORK,
            {"covered_until": "2020-01-01"},
            "Ese día ya pasó: si ya no tienes ese servicio, elige «Mejor sí me afilio»",
        ),
        (
            "poliza",
            Motive.IMSS_WORK,
            {"covered_until": "mañana"},
            "Escribe el día como 31/12/2026, o déjalo vacío",
        ),
    ],
)
def test_an_answer_that_will_not_do_says_what_to_do(client, stay, word, motive, answer, sentence):
    if motive:
        go(client, START, motive=motive)

    response = client.post(question(word) if word else START, answer)

    errors = [error for errors in response.context["form"].errors.values() for error in errors]
    assert errors == [sentence]


def test_a_question_that_the_motive_does_not_ask_leads_to_the_first_page(client, stay):
    go(client, START, motive=Motive.IMSS_WORK)

    assert client.get(question("institucion")).url == START
    assert client.get(question("nada")).status_code == 404


def test_the_sheet_is_not_shown_before_the_answers(client, stay):
    assert client.get(CHECK).url == START


@pytest.mark.parametrize("make", [signed, registered])
def test_who_handed_it_in_is_asked_nothing_more(client, stay, make):
    make(stay)

    assert [client.get(path).url for path in (START, CHECK)] == [HOME, START]


def test_who_left_is_asked_nothing(client):
    stay = EnrollmentFactory(state=EnrollmentState.FINISHED)
    client.force_login(stay.student.user)

    assert client.get(START).url == HOME


def test_what_is_answered_now_wins_over_the_sheet_before(client, stay):
    issued(stay)
    go(client, START, motive=Motive.IMSS_WORK)
    go(client, question("poliza"))

    go(client, CHECK)

    assert Renuncia.objects.get(state=RenunciaState.ISSUED).motive == Motive.IMSS_WORK


def test_who_handed_it_in_meanwhile_is_told(client, stay):
    go(client, START, motive=Motive.IMSS_WORK)
    go(client, question("poliza"))
    signed(stay)

    response = client.post(CHECK, follow=True)

    assert "Control Escolar ya tiene la renuncia firmada" in shown(response)


@pytest.mark.parametrize("needs_guardian", [True, False])
def test_the_own_page_says_who_signs_and_where_it_goes(client, stay, needs_guardian):
    renuncia = issued(stay)
    Renuncia.objects.filter(pk=renuncia.pk).update(needs_guardian=needs_guardian)

    page = shown(client.get(OWN))

    assert "Imprime y firma tu renuncia" in page
    assert ("y por tu mamá, papá o tutor, porque eres menor de edad" in page) == needs_guardian
    assert "Entrégala en Control Escolar, edificio A." in page
    assert renuncia.paper.folio in page


def test_the_own_page_of_a_signed_one_says_that_it_is_reviewed(client, stay):
    signed(stay)

    page = shown(client.get(OWN))

    assert "La estamos revisando" in page
    assert "Descargar formato" not in page


def test_the_own_page_of_a_registered_one_lets_come_back(client, stay):
    registered(stay)

    assert "Quiero afiliarme" in shown(client.get(OWN))


@pytest.mark.parametrize("name", ["own", "change_mind"])
def test_who_has_no_renuncia_is_led_home(client, stay, name):
    assert client.get(reverse(f"renuncias:{name}")).url == HOME


def test_the_sheet_is_ordered_drawn_and_handed_out(client, stay):
    renuncia = issued(stay)

    go(client, reverse("renuncias:print_own"))
    job = PrintJob.objects.get()
    page = client.get(OWN)
    part = client.get(OWN, headers={"HX-Request": "true"})

    assert (job.kind, job.sheets_total) == (PaperKind.RENUNCIA, 1)
    assert [place.paper for place in job.lot.all()] == [renuncia.paper]
    assert "Estamos preparando tu PDF" in shown(page)
    assert "Imprime y firma" not in shown(part)

    assert sum(iter(print_renuncias, 0)) == 3  # no cover, the sheet, and what joins them
    pdf = client.post(reverse("renuncias:download_own"))
    assert pdf.content[:5] == b"%PDF-"
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="mi-renuncia.pdf"'
    assert "Descargar formato" in shown(client.get(OWN))


def test_the_page_asks_again_until_the_sheet_is_ready(client, stay):
    issued(stay)
    go(client, reverse("renuncias:print_own"))
    PrintJob.objects.update(state=PrintState.READY, path="aa/bb")

    part = client.get(OWN, headers={"HX-Request": "true"})

    assert (part.status_code, part.headers["HX-Refresh"]) == (204, "true")
    assert "Descargar el PDF" in shown(client.get(OWN))


def test_a_sheet_that_is_not_ready_is_not_handed_out(client, stay):
    issued(stay)
    download = reverse("renuncias:download_own")

    before = client.post(download)
    go(client, reverse("renuncias:print_own"))
    after = client.post(download, follow=True)

    assert before.url == OWN
    assert "Tu PDF ya se borró o aún no está listo. Pídelo otra vez." in shown(after)


def test_a_sheet_that_is_signed_is_not_printed_again(client, stay):
    signed(stay)

    response = client.post(reverse("renuncias:print_own"), follow=True)

    assert "no hay renuncias por firmar" in shown(response)
    assert not PrintJob.objects.exists()


@pytest.mark.parametrize(
    ("make", "heading", "state"),
    [
        (issued, "¿Cambiaste de opinión?", RenunciaState.VOIDED),
        (registered, "¿Quieres afiliarte?", RenunciaState.REVOKED),
    ],
)
def test_changing_ones_mind_is_asked_and_done(client, stay, make, heading, state):
    renuncia = make(stay)
    path = reverse("renuncias:change_mind")

    page = shown(client.get(path))
    back = client.post(path, follow=True)

    renuncia.refresh_from_db()
    assert heading in page
    assert renuncia.state == state
    assert "Cancelamos tu renuncia. Sigue tu trámite donde lo dejaste." in shown(back)


def test_changing_ones_mind_after_signing_is_said_at_the_window(client, stay):
    renuncia = signed(stay)
    path = reverse("renuncias:change_mind")

    page = shown(client.get(path))
    back = client.post(path, follow=True)

    renuncia.refresh_from_db()
    assert "Si cambiaste de opinión, díselo" in page
    assert renuncia.state == RenunciaState.SIGNED
    assert "Control Escolar ya tiene la renuncia firmada" in shown(back)


def test_the_pages_of_a_student_are_nobody_elses(client, stay):
    issued(EnrollmentFactory())

    assert client.get(OWN).url == HOME
