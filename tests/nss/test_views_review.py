"""The review page as plain forms and links: what each button does, who may press it, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nss.actions.errors import StayOver
from nss.actions.review import accept_acuse
from nss.models import Acuse
from nss.states import AcuseState, ReturnReason
from nss.views.case import last_decision, who_decided
from school.states import Role
from students.models import AccessEntry, Enrollment, Student, TimelineEntry
from students.states import EnrollmentState, Event, FileState, Look
from tests.factories.nss import (
    AcuseFactory,
    ReadingFactory,
    add_photo,
    draw_page,
    read,
    read_well,
)
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import NOW, StudentFactory, nss

pytestmark = pytest.mark.django_db
QUEUE = reverse("nss:review")
END = reverse("nss:review_end")
WHY = "En la hoja del IMSS está así"


@pytest.fixture
def plantel():
    return PlantelFactory()


@pytest.fixture
def acuse(plantel):
    return AcuseFactory(request__enrollment__plantel=plantel)


@pytest.fixture
def laura(client, plantel):
    user = staff(Role.REVISOR, plantel, name="Laura Ríos")
    client.force_login(user)
    return user


def at(name: str, acuse: Acuse) -> str:
    return reverse(f"nss:{name}", args=[acuse.public_id])


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_queue_opens_the_first_acuse(client, laura, acuse):
    assert client.get(QUEUE).url == f"{at('review_acuse', acuse)}?"


def test_queue_passes_over_what_a_colleague_looks_at(client, laura, plantel, acuse):
    acuse.seen_by, acuse.seen_at = staff(Role.REVISOR, plantel), timezone.now()
    acuse.save()
    free = AcuseFactory(request__enrollment__plantel=plantel)

    assert at("review_acuse", free) in client.get(QUEUE).url


def test_queue_goes_forward_and_back(client, laura, plantel):
    first, second, third = AcuseFactory.create_batch(3, request__enrollment__plantel=plantel)

    assert at("review_acuse", second) in client.get(QUEUE, {"tras": first.public_id}).url
    assert at("review_acuse", first) in client.get(QUEUE, {"tras": third.public_id}).url
    assert at("review_acuse", first) in client.get(QUEUE, {"antes": second.public_id}).url
    assert at("review_acuse", first) in client.get(QUEUE, {"antes": first.public_id}).url


def test_queue_keeps_to_its_part(client, laura, plantel, acuse):
    match = AcuseFactory(request__enrollment__plantel=plantel)
    read_well(match, nss(1))

    answer = client.get(QUEUE, {"cola": "coincide"})

    assert answer.url == f"{at('review_acuse', match)}?cola=coincide"


def test_queue_that_is_done_says_so(client, laura, acuse):
    client.get(QUEUE)
    client.post(at("accept_acuse", acuse), {"nss": nss(1)})

    page = client.get(QUEUE, {"hecho": acuse.public_id}, follow=True)

    assert "Terminaste" in words(page)
    assert "1 revisado en 1 min; 0 rechazados." in words(page)
    assert "Aceptaste a Ana Gómez Martínez." in words(page)


def test_end_with_nothing_done(client, laura):
    assert "Nada por revisar" in words(client.get(QUEUE, follow=True))


def test_end_while_others_look(client, laura, plantel, acuse):
    acuse.seen_by, acuse.seen_at = staff(Role.REVISOR, plantel), timezone.now()
    acuse.save()

    assert "1 acuse está en la pantalla de otra persona" in words(client.get(QUEUE, follow=True))


def test_show_acuse_compares_and_is_written_down(client, laura, acuse):
    draw_page(acuse)
    read_well(acuse, "24260812342")

    page = client.get(at("review_acuse", acuse))

    entry = AccessEntry.objects.get()
    assert "Coincide todo" in words(page)
    assert "24 26 08 1234 2" in words(page)
    assert '<rect class="review-mark"' in words(page)
    assert "1 de 1" in words(page)
    assert "Lo está viendo: solo tú" in words(page)
    assert (entry.look, entry.by, entry.enrollment) == (
        Look.FULL_NSS,
        laura,
        acuse.request.enrollment,
    )


def test_show_acuse_has_no_inline_style_or_script(client, laura, acuse):
    draw_page(acuse)
    read_well(acuse, nss(1))

    page = words(client.get(at("review_acuse", acuse)))

    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page


def test_show_acuse_says_who_else_looks(client, laura, plantel, acuse):
    acuse.seen_by, acuse.seen_at = staff(Role.REVISOR, plantel, name="Pedro Soto"), timezone.now()
    acuse.save()

    assert "Lo está viendo Pedro" in words(client.get(at("review_acuse", acuse)))


def test_show_acuse_to_consulta_is_masked_and_has_no_buttons(client, plantel, acuse):
    client.force_login(staff(Role.CONSULTA, plantel))
    read_well(acuse, "24260812342")

    page = words(client.get(at("review_acuse", acuse)))

    assert "24 26 08 1234 2" not in page
    assert "24260812342" not in page
    assert acuse.request.enrollment.student.curp not in page
    assert "Aceptar" not in page
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["accept_acuse", "return_acuse", "correct_nss", "undo_review", "original"]
)
def test_consulta_may_press_nothing(client, plantel, acuse, name):
    client.force_login(staff(Role.CONSULTA, plantel))
    method = client.get if name == "original" else client.post

    assert method(at(name, acuse)).status_code == 403


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("review_acuse", "get"),
        ("accept_acuse", "post"),
        ("return_acuse", "post"),
        ("correct_nss", "post"),
        ("undo_review", "post"),
        ("original", "get"),
    ],
)
def test_acuse_of_another_plantel_does_not_exist(client, laura, name, method):
    other = AcuseFactory()

    assert getattr(client, method)(at(name, other)).status_code == 404


@pytest.mark.parametrize("name", ["accept_acuse", "return_acuse", "correct_nss"])
def test_reading_an_address_decides_nothing(client, laura, acuse, name):
    assert client.get(at(name, acuse)).status_code == 405


def test_review_costs_the_same_queries_whatever_waits(client, laura, plantel):
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queue:
            client.get(QUEUE)
        with CaptureQueriesContext(connection) as page:
            client.get(at("review_acuse", first))
        return len(queue), len(page)

    first = AcuseFactory(request__enrollment__plantel=plantel)
    read_well(first, nss(0))
    client.get(QUEUE, follow=True)
    with_one = cost()
    for number in (1, 2):
        read_well(AcuseFactory(request__enrollment__plantel=plantel), nss(number))

    assert cost() == with_one
    assert max(with_one) <= 30


def test_accept_goes_on_with_the_next(client, laura, plantel, acuse):
    following = AcuseFactory(request__enrollment__plantel=plantel)

    answer = client.post(at("accept_acuse", acuse), {"nss": nss(1)})
    page = client.get(answer.url, follow=True)

    acuse.refresh_from_db()
    assert acuse.state == AcuseState.ACCEPTED
    assert page.redirect_chain[-1][0].startswith(at("review_acuse", following))
    assert "Aceptaste a Ana Gómez Martínez." in words(page)
    assert at("undo_review", acuse) in words(page)


def test_accept_number_of_another_says_so_and_keeps_what_was_typed(client, laura, acuse):
    StudentFactory(nss=nss(1))

    page = client.post(at("accept_acuse", acuse), {"nss": nss(1)})

    assert "Este NSS ya lo tiene otra persona" in words(page)
    assert page.status_code == 200


def test_accept_wrong_digit_asks_why(client, laura, acuse):
    asked = client.post(at("accept_acuse", acuse), {"nss": "24260812343"})
    client.post(at("accept_acuse", acuse), {"nss": "24260812343", "override_reason": WHY})

    acuse.refresh_from_db()
    assert "por qué se acepta" in words(asked)
    assert (acuse.state, acuse.nss) == (AcuseState.ACCEPTED, "24260812343")


def test_accept_without_a_number(client, laura, acuse):
    page = client.post(at("accept_acuse", acuse), {"nss": ""})

    assert "Escribir el NSS que se ve en el acuse" in words(page)


def test_accept_what_a_colleague_accepted_names_the_colleague(client, laura, plantel, acuse):
    pedro = staff(Role.REVISOR, plantel, name="Pedro Soto")
    accept_acuse(acuse, nss=nss(1), by=pedro, now=timezone.now() - timedelta(minutes=3))

    page = client.post(at("accept_acuse", acuse), {"nss": nss(1)}, follow=True)

    assert "Pedro ya lo aceptó hace 3 min" in words(page)


@pytest.mark.parametrize(
    ("ago", "spoken"),
    [
        (timedelta(seconds=8), "hace 8 s"),
        (timedelta(seconds=190), "hace 3 min"),
        (timedelta(hours=2), "hace 2 h"),
    ],
)
def test_who_decided_says_how_long_ago(laura, acuse, ago, spoken):
    accept_acuse(acuse, nss=nss(1), by=laura, now=NOW)

    assert who_decided(acuse, now=NOW + ago) == f"Laura ya lo aceptó {spoken}"


def test_decide_what_the_student_replaced(client, laura, acuse):
    acuse.state = AcuseState.REPLACED
    acuse.save()

    page = client.post(at("return_acuse", acuse), {"reason": "UNREADABLE"}, follow=True)

    assert "El estudiante ya mandó otro archivo" in words(page)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("accept_acuse", {"nss": nss(1)}),
        ("return_acuse", {"reason": "UNREADABLE"}),
        ("return_acuse", {"reason": "OTHER", "note": "x" * 20, "is_previewed": "1"}),
    ],
)
def test_decide_about_who_left_says_so(client, laura, acuse, name, data):
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)

    page = client.post(at(name, acuse), data, follow=True)

    acuse.refresh_from_db()
    assert acuse.state == AcuseState.RECEIVED
    assert StayOver.sentence in words(page)
    assert "ya mandó otro archivo" not in words(page)


def test_accept_sets_nothing_but_the_number(client, laura, acuse):
    """T15: fields of the models that the form does not have stay as they are."""
    other = PlantelFactory()
    names = {field.name for model in (Acuse, Enrollment, Student) for field in model._meta.fields}
    extra = dict.fromkeys(names, "1") | {"plantel": other.pk, "curp": "X", "state": "REPLACED"}
    before = Student.objects.values("curp", "given_names", "user").get()

    client.post(at("accept_acuse", acuse), extra | {"nss": nss(1)})

    acuse.refresh_from_db()
    assert (acuse.state, acuse.reviewed_by, acuse.folio != "1") == (
        AcuseState.ACCEPTED,
        laura,
        True,
    )
    assert Student.objects.values("curp", "given_names", "user").get() == before
    assert acuse.request.enrollment.plantel_id != other.pk


def test_return_with_a_reason(client, laura, acuse):
    client.post(at("return_acuse", acuse), {"reason": "INCOMPLETE"})

    acuse.refresh_from_db()
    assert (acuse.state, acuse.return_reason) == (AcuseState.RETURNED, ReturnReason.INCOMPLETE)


def test_return_without_a_reason(client, laura, acuse):
    page = client.post(at("return_acuse", acuse), {})

    assert "Elegir un motivo" in words(page)


def test_return_with_a_free_text_is_previewed_first(client, laura, acuse):
    data = {"reason": "OTHER", "note": "Descarga la hoja de este año."}

    preview = client.post(at("return_acuse", acuse), data)
    acuse.refresh_from_db()
    state_before = acuse.state
    client.post(at("return_acuse", acuse), data | {"is_previewed": "1"})

    acuse.refresh_from_db()
    assert "<strong>Motivo:</strong> Descarga la hoja de este año." in words(preview)
    assert (state_before, acuse.state) == (AcuseState.RECEIVED, AcuseState.RETURNED)
    assert acuse.return_note == "Descarga la hoja de este año."


def test_return_with_too_short_a_text(client, laura, acuse):
    page = client.post(at("return_acuse", acuse), {"reason": "OTHER", "note": "no"})

    assert "Escribir la explicación con 15 letras o más" in words(page)


def test_return_for_wrong_imss_data_leads_to_the_case(client, laura, acuse):
    answer = client.post(at("return_acuse", acuse), {"reason": "IMSS_DATA_WRONG"})

    acuse.refresh_from_db()
    assert answer.url == reverse("followup:move_to_case", args=[acuse.public_id])
    assert acuse.state == AcuseState.RECEIVED


def test_undo_right_after(client, laura, acuse):
    client.post(at("accept_acuse", acuse), {"nss": nss(1)})

    answer = client.post(at("undo_review", acuse))

    acuse.refresh_from_db()
    assert answer.url == at("review_acuse", acuse)
    assert acuse.state == AcuseState.RECEIVED


def test_last_decision_is_offered_to_undo_for_ten_seconds(laura, acuse):
    accept_acuse(acuse, nss=nss(1), by=laura, now=NOW)

    offered = last_decision(laura, acuse.public_id, now=NOW + timedelta(seconds=9))

    text = "Aceptaste a Ana Gómez Martínez."
    assert offered == {"text": text, "seconds": 1, "public_id": acuse.public_id}
    assert last_decision(laura, acuse.public_id, now=NOW + timedelta(seconds=10)) is None


def test_undo_later_asks_why(client, laura, acuse):
    accept_acuse(acuse, nss=nss(1), by=laura, now=NOW)

    asked = client.post(at("undo_review", acuse))
    client.post(at("undo_review", acuse), {"reason": "Era el acuse de su hermano"})

    acuse.refresh_from_db()
    assert "con 15 letras o más" in words(asked)
    assert acuse.state == AcuseState.RECEIVED


def test_correct_keeps_the_decision_open(client, laura, acuse):
    read(acuse, nss=nss(1))

    client.post(at("correct_nss", acuse), {"nss": nss(2)})

    acuse.refresh_from_db()
    assert (acuse.state, acuse.nss) == (AcuseState.RECEIVED, nss(2))
    assert TimelineEntry.objects.get().event == Event.NSS_CORRECTED


def test_correct_number_that_cannot_be_one(client, laura, acuse):
    page = client.post(at("correct_nss", acuse), {"nss": "123"})

    assert "El NSS tiene 11 números; escribiste 3" in words(page)


def test_original_warns_first(client, laura, acuse):
    page = client.get(at("original", acuse))

    assert reverse("students:file", args=[acuse.file.public_id, "original"]) in words(page)


def test_review_shows_all_photos_and_where_each_datum_was_read(client, laura, acuse):
    draw_page(acuse)
    file = add_photo(acuse).file
    place = {"value": nss(1), "source": "ocr", "page": 2, "box": [0.1, 0.2, 0.5, 0.25]}
    ReadingFactory(acuse=acuse, photos=2, fields={"nss": place})

    page = words(client.get(at("review_acuse", acuse)))

    assert [f'aria-label="Foto {number} de 2"' in page for number in (1, 2)] == [True, True]
    first, second = page.split('aria-label="Foto 2 de 2"')
    assert ("review-mark" in first, "review-mark" in second) == (False, True)
    assert reverse("students:file", args=[file.public_id, 1]) in second


def test_original_hands_out_each_photo_that_opens(client, laura, acuse):
    second, third = (add_photo(acuse).file for _ in range(2))
    third.state = FileState.REFUSED
    third.save()

    page = words(client.get(at("original", acuse)))

    addresses = [
        reverse("students:file", args=[file.public_id, "original"]) in page
        for file in (acuse.file, second, third)
    ]
    assert addresses == [True, True, False]


def test_review_end_counts_all_planteles_in_one_query(client, django_assert_num_queries):
    reviewer = staff(Role.REVISOR, PlantelFactory())
    client.force_login(reviewer)
    client.get(END)
    with CaptureQueriesContext(connection) as of_one:
        client.get(END)
    MembershipFactory.create_batch(2, user=reviewer, role=Role.REVISOR)

    with django_assert_num_queries(len(of_one)):
        client.get(END)
