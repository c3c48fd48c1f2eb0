"""`/verifica/`: what whoever holds a sheet is told, and that guessing leads nowhere (security T34)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from papers.actions import issue_papers, replace_paper, revoke_paper
from papers.actions.verification import GUESSES
from papers.models import Paper
from papers.states import PaperKind
from school.states import Role
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import NOW

pytestmark = pytest.mark.django_db

FORM = reverse("papers:find_paper")
X, Y = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def plantel():
    return PlantelFactory(number="05", name="Hermosillo")


@pytest.fixture
def paper(plantel, time_machine) -> Paper:
    time_machine.move_to(NOW)
    return issue(plantel, PaperKind.RENUNCIA)


def issue(plantel, kind) -> Paper:
    by = staff(Role.RESPONSABLE, plantel, name="Laura Ríos")
    (paper,) = issue_papers(
        kind, plantel, SchoolCycleFactory(), ["enrollment:7654321"], text=None, by=by, now=NOW
    )
    return paper


def address(token: str) -> str:
    return reverse("papers:show_paper", args=[token])


def look(paper: Paper, client: Client) -> str:
    return client.get(address(paper.token)).content.decode()


def type_in(client: Client, folio: str, code: str, **more):
    return client.post(FORM, {"folio": folio, "code": code}, **more)


def test_show_paper_says_what_it_is_and_nothing_about_whom(client, paper):
    page = look(paper, client)

    assert "<h1>Este papel es auténtico</h1>" in page
    shown = ["Renuncia", paper.folio, "21 de agosto de 2026", "Plantel 05 Hermosillo"]
    assert [word for word in shown if f"<dd>{word}</dd>" not in page] == []
    hidden = ["Laura", "7654321", paper.code, "Marcar como recibida"]
    assert [word for word in hidden if word in page] == []


@pytest.mark.parametrize(
    ("end", "heading", "advice"),
    [
        (replace_paper, "Este papel fue reemplazado", "Pide la nueva en el plantel"),
        (revoke_paper, "Este papel está cancelado", "No lo recibas"),
    ],
)
def test_show_paper_that_is_over(client, paper, end, heading, advice):
    end(paper, now=NOW + timedelta(days=1))

    page = look(paper, client)

    assert f"<h1>{heading}</h1>" in page
    assert "desde el 22 de agosto de 2026" in page
    assert advice in page


@pytest.mark.parametrize(
    "typed",
    [
        lambda paper: (paper.folio, paper.code),
        lambda paper: (paper.folio.lower(), f" {paper.code[:4]}-{paper.code[4:].lower()} "),
        lambda paper: (paper.folio.replace("-", " – "), paper.code),
    ],
    ids=["as printed", "small letters and spaces", "another dash"],
)
def test_find_paper_leads_to_it(client, paper, typed):
    answer = type_in(client, *typed(paper))

    assert (answer.status_code, answer["Location"]) == (302, address(paper.token))


def test_find_paper_asks_for_both(client):
    page = type_in(client, "", "A" * 41).content.decode()

    assert "Escribe el folio de la hoja" in page
    assert "El código tiene 8 letras y números" in page


def test_what_does_not_exist_gets_one_answer(client, paper, plantel):
    other = issue(plantel, PaperKind.CITATORIO)
    wrong = [
        client.get(address("a" * 22)),
        client.get(address(paper.folio)),
        client.get(address(paper.token.swapcase())),
        type_in(client, paper.folio, other.code),
        type_in(client, paper.folio, "A"),
        type_in(client, "R26B-05-99999", paper.code),
    ]

    assert {answer.status_code for answer in wrong} == {404}
    assert len({_without_token(answer) for answer in wrong}) == 1


def _without_token(answer) -> str:
    return answer.content.decode().replace(str(answer.context["csrf_token"]), "")


def test_a_thousand_guesses_get_one_answer_and_then_wait(client, paper):
    guesses = [
        client.get(address(f"{number:022d}"), REMOTE_ADDR=X)
        if number % 2
        else type_in(client, f"R26B-05-{number:05d}", paper.code, REMOTE_ADDR=X)
        for number in range(1_000)
    ]

    codes = [answer.status_code for answer in guesses]
    assert codes == [404] * GUESSES + [429] * (1_000 - GUESSES)
    assert len({_without_token(answer) for answer in guesses[:GUESSES]}) == 1
    assert "espera unos minutos" in guesses[-1].content.decode()
    assert client.get(address(paper.token), REMOTE_ADDR=X).status_code == 429
    assert client.get(address(paper.token), REMOTE_ADDR=Y).status_code == 200


def test_what_is_found_is_no_guess(client, paper):
    answers = [client.get(address(paper.token)).status_code for _ in range(GUESSES + 1)]

    assert answers == [200] * (GUESSES + 1)


@pytest.mark.parametrize(
    ("role", "is_here", "is_offered"),
    [
        (Role.RESPONSABLE, True, True),
        (Role.RESPONSABLE, False, False),
        (Role.REVISOR, True, False),
        (Role.CONSULTA, True, False),
        (Role.ADMIN, True, False),
        (Role.AUDITOR, True, False),
    ],
)
def test_who_registers_renuncias_here_may_receive_it(
    client, plantel, paper, role, is_here, is_offered
):
    """QR of plantel B by staff of A: the public view."""
    where = None if role in {Role.ADMIN, Role.AUDITOR} else plantel if is_here else PlantelFactory()
    client.force_login(staff(role, where))

    page = look(paper, client)

    assert ("Marcar como recibida" in page) == is_offered
    assert (f'name="folio" value="{paper.folio}"' in page) == is_offered


@pytest.mark.parametrize("kind", [PaperKind.RENUNCIA, PaperKind.CITATORIO])
def test_only_a_valid_renuncia_is_received(client, plantel, kind, time_machine):
    time_machine.move_to(NOW)
    paper = issue(plantel, kind)
    if kind == PaperKind.RENUNCIA:
        revoke_paper(paper, now=NOW)
    client.force_login(staff(Role.RESPONSABLE, plantel))

    assert "Marcar como recibida" not in look(paper, client)
