"""C-08 on the screen: where somebody may look, what is answered, and what a search by NSS leaves behind."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from nss.states import ProofRoute, RequestState
from school.states import Role
from students.models import AccessEntry
from students.states import Look
from tests.factories.nss import AcuseFactory, NSSRequestFactory
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory, nss

pytestmark = pytest.mark.django_db

SEARCH = "followup:search"


@pytest.fixture
def plantel():
    return PlantelFactory(number="05")


@pytest.fixture
def stay(plantel):
    stay = EnrollmentFactory(confirmed=True, plantel=plantel, student__nss=nss(1))
    NSSRequestFactory(
        enrollment=stay, state=RequestState.PROVEN, route=ProofRoute.ACUSE, proven_at=timezone.now()
    )
    return stay


def sign_in(client, role, plantel=None):
    user = staff(role, None if role in {Role.ADMIN, Role.AUDITOR} else plantel)
    client.force_login(user)
    return user


def search(client, text, **more):
    return client.post(reverse(SEARCH), {"q": text, **more})


def file_of(stay) -> str:
    return reverse("followup:student_file", args=[stay.public_id])


def text(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize("role", [Role.RESPONSABLE, Role.REVISOR, Role.CONSULTA])
def test_an_identifier_opens_the_file(client, plantel, stay, role):
    sign_in(client, role, plantel)

    assert search(client, stay.matricula).url == file_of(stay)


def test_the_answer_is_in_words_without_curp_or_nss(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = search(client, "martínez ana")

    words = f"{stay.student} · 101 · {stay.matricula} — Aceptado desde hoy; le toca al plantel."
    assert words in text(page)
    assert stay.student.curp not in page.content.decode()
    assert stay.student.nss not in page.content.decode()


@pytest.mark.parametrize(
    ("role", "leads"), [(Role.RESPONSABLE, True), (Role.REVISOR, True), (Role.CONSULTA, False)]
)
def test_an_acuse_that_waits_is_one_tap_away_for_who_reviews(client, plantel, role, leads):
    acuse = AcuseFactory(request__enrollment__plantel=plantel, sent_at=NOW)
    sign_in(client, role, plantel)

    page = search(client, "ana").content.decode()

    assert (reverse("nss:review_acuse", args=[acuse.public_id]) in page) is leads


def test_another_plantel_is_never_looked_into(client, stay):
    sign_in(client, Role.RESPONSABLE, PlantelFactory())

    answers = [
        text(search(client, q, todos="1")) for q in (stay.matricula, stay.student.nss, "ana")
    ]

    assert all("No está en tus planteles" in answer for answer in answers)
    assert not AccessEntry.objects.exists()


def test_the_chosen_plantel_is_searched_first_and_all_of_them_on_demand(client, plantel, stay):
    here = PlantelFactory()
    user = sign_in(client, Role.RESPONSABLE, plantel)
    MembershipFactory(user=user, plantel=here, role=Role.RESPONSABLE)
    client.post(reverse("followup:choose_plantel"), {"plantel": here.clave})

    asked = text(search(client, "ana"))
    widened = text(search(client, "ana", todos="1"))

    assert "No está en este plantel" in asked
    assert "¿Buscar en todos?" in asked
    assert stay.student.full_name not in asked
    assert stay.student.full_name in widened


def test_rows_of_several_planteles_say_which(client, plantel, stay):
    other = EnrollmentFactory()
    user = sign_in(client, Role.RESPONSABLE, plantel)

    in_one = text(search(client, "ana"))
    MembershipFactory(user=user, plantel=other.plantel, role=Role.RESPONSABLE)
    in_two = text(search(client, "ana"))

    assert str(plantel) not in in_one.partition("Resultados")[2]
    assert f"{stay.matricula} · {plantel} —" in in_two
    assert f"{other.matricula} · {other.plantel} —" in in_two


@pytest.mark.parametrize(("role", "offered"), [(Role.RESPONSABLE, True), (Role.REVISOR, False)])
def test_who_is_not_there_can_be_added_by_who_imports(client, plantel, role, offered):
    sign_in(client, role, plantel)

    assert ("Agregar estudiante con una lista" in text(search(client, "nadie"))) is offered


def test_the_subsystem_wants_the_whole_identifier_and_then_the_reason(client, stay):
    sign_in(client, Role.ADMIN)

    by_name = search(client, "ana")
    exact = search(client, stay.student.curp)

    assert stay.student.full_name not in text(by_name)
    assert "Nadie con ese dato" in text(by_name)
    assert exact.url == file_of(stay)
    assert stay.student.full_name not in text(client.get(exact.url))


@pytest.mark.parametrize("role", [Role.RESPONSABLE, Role.CONSULTA, Role.ADMIN])
def test_a_search_by_the_whole_nss_is_written_down(client, plantel, stay, role):
    user = sign_in(client, role, plantel)

    search(client, stay.student.nss)
    search(client, stay.matricula)
    search(client, stay.student.nss[-4:])

    looks = AccessEntry.objects.values_list("enrollment", "by", "look")
    assert list(looks) == [(stay.pk, user.pk, Look.NSS_SEARCH)]


def test_get_finds_nothing(client, plantel, stay):
    sign_in(client, Role.RESPONSABLE, plantel)

    page = text(client.get(reverse(SEARCH) + "?q=ana"))

    assert stay.student.full_name not in page
    assert "¿A quién buscas?" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_a_fixed_number_of_queries(client, plantel, rows, django_assert_num_queries):
    for _ in range(rows):
        EnrollmentFactory(plantel=plantel)
    sign_in(client, Role.REVISOR, plantel)
    search(client, "ana")

    with django_assert_num_queries(11):
        search(client, "ana")
