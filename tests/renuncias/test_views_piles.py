"""The screens of the signed pile: who may see them, what they say, and what they never show."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from papers.actions import queue_lot
from papers.states import PaperKind
from renuncias.actions import undo_renuncia
from renuncias.actions.piles import discard_page, fail_pile, file_page, finish_pile
from renuncias.models import PilePage, Renuncia, SignedPile
from school.models import User
from school.states import Role
from students.models import AccessEntry
from students.states import Look
from tests.factories.piles import (
    a_picture,
    a_pile,
    expected,
    kept,
    link_of,
    read_to_the_end,
    responsable,
    scanned,
    sheet_of,
    uploaded,
)
from tests.factories.school import MembershipFactory, PlantelFactory, staff
from tests.factories.students import NOW
from tests.samples import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(client) -> User:
    """Sign in somebody who handles the renuncias of a plantel."""
    user = responsable(PlantelFactory(number="05"))
    client.force_login(user)
    client.get(
        reverse("renuncias:upload_pile")
    )  # the first page of a session asks for more than the later ones
    return user


@pytest.fixture
def plantel(by):
    """Give that person's plantel."""
    return by.memberships.get().plantel


def address(name: str, *args: object) -> str:
    """Give the address of a page about piles."""
    return reverse(f"renuncias:{name}", args=args)


def text_of(response) -> str:
    """Give the page's words with single spaces."""
    return " ".join(response.content.decode().split())


def picture_of(page: PilePage) -> str:
    """Give the address of a sheet's picture."""
    return reverse("students:file", args=[page.file.public_id, "1"])


def a_lot(*renuncias: Renuncia, by: User):
    """Return a lot in which these were printed."""
    papers = [one.paper for one in renuncias]
    plantel = renuncias[0].plantel
    return queue_lot(plantel, PaperKind.RENUNCIA, papers, title="Grupo 101", by=by, now=NOW)


# The list and the upload -------------------------------------------------------------------------
def test_piles_without_any_leads_to_the_upload(client, by):
    response = client.get(address("piles"))

    assert "Aún no hay hojas firmadas escaneadas" in text_of(response)
    assert address("upload_pile") in text_of(response)


def test_piles_asks_the_same_for_one_and_three(client, by):
    counts = []
    for rows in (1, 3):
        for number in range(rows):
            a_pile(by, rows + number)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("piles"))
        counts.append(len(queries))

    assert SignedPile.objects.count() == 4
    assert counts[0] == counts[1]


def test_upload_pile_asks_no_plantel_of_who_has_one(client, by):
    response = client.get(address("upload_pile"))

    assert response.context["form"].fields["plantel"].disabled
    assert 'type="file" name="sheets"' in text_of(response)
    assert "multiple" in text_of(response)


def test_upload_pile_stores_the_files_and_leads_to_the_pile(client, by, plantel):
    files = [SimpleUploadedFile(f"{n}.pdf", hostile.plain_pdf(n)) for n in (1, 2)]

    response = client.post(address("upload_pile"), {"sheets": files})

    pile = SignedPile.objects.get()
    assert response.url == address("show_pile", pile.public_id)
    assert (pile.plantel, pile.created_by, pile.files.count()) == (plantel, by, 2)


def test_upload_pile_twice_shows_the_first(client, by):
    for _ in range(2):
        response = client.post(
            address("upload_pile"), {"sheets": SimpleUploadedFile("a.pdf", hostile.plain_pdf())}
        )

    page = client.get(response.url)
    assert SignedPile.objects.count() == 1
    assert "Esta misma pila ya se había subido: aquí está" in text_of(page)


def test_upload_pile_keeps_the_chosen_lot(client, by, plantel):
    lot = a_lot(expected(plantel), by=by)
    file = SimpleUploadedFile("a.pdf", hostile.plain_pdf())

    client.post(address("upload_pile"), {"sheets": file, "lot": lot.pk})

    assert SignedPile.objects.get().lot == lot


def test_upload_pile_refuses_a_lot_of_another_plantel(client, by, plantel):
    other = PlantelFactory()
    MembershipFactory(user=by, plantel=other, role=Role.RESPONSABLE)
    lot = a_lot(expected(other), by=by)
    file = SimpleUploadedFile("a.pdf", hostile.plain_pdf())

    response = client.post(
        address("upload_pile"), {"plantel": plantel.pk, "sheets": file, "lot": lot.pk}
    )

    errors = response.context["form"].errors
    assert errors == {"lot": ["Ese lote es de otro plantel. Elegir uno de este plantel"]}
    assert SignedPile.objects.count() == 0


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Elegir el archivo de las hojas escaneadas"),
        ([("a.txt", b"hola")], "Los archivos deben ser PDF, JPG o PNG"),
        ([("a.pdf", b"")], "El archivo está vacío. Escanear las hojas otra vez y subirlas"),
    ],
)
def test_upload_pile_says_what_is_wrong(client, by, files, sentence):
    sent = {"sheets": [SimpleUploadedFile(name, content) for name, content in files]}

    response = client.post(address("upload_pile"), sent if files else {})

    assert response.context["form"].errors["sheets"] == [sentence]


# One pile ----------------------------------------------------------------------------------------
def test_show_pile_tells_how_far_it_is(client, by):
    pile = a_pile(by, 84)
    for _ in range(2):
        kept(pile)

    page, part = (
        client.get(address("show_pile", pile.public_id), headers=headers)
        for headers in ({}, {"HX-Request": "true"})
    )

    assert "Van 2 de 84 hojas." in text_of(page)
    assert '<meta http-equiv="refresh" content="3">' in text_of(page)
    assert "Van 2 de 84 hojas." in text_of(part)
    assert "<html" not in text_of(part)


def test_show_pile_that_is_counted_says_so(client, by):
    pile = uploaded(by, SimpleUploadedFile("a.pdf", hostile.plain_pdf()))

    page = client.get(address("show_pile", pile.public_id))

    assert "Contando las hojas: son unos segundos." in text_of(page)


def test_show_pile_reloads_the_waiting_page_at_its_end(client, by):
    pile = a_pile(by)
    finish_pile(pile, now=NOW)

    response = client.get(address("show_pile", pile.public_id), headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


def test_show_pile_sums_up_and_names_what_is_missing(client, by, plantel):
    filed, missing = expected(plantel), expected(plantel, group="203")
    pile = a_pile(by, 3, lot=a_lot(filed, missing, by=by))
    kept(pile, link_of(filed))
    unread = kept(pile)
    kept(pile, is_blank=True)
    finish_pile(pile, now=NOW)

    page = client.get(address("show_pile", pile.public_id))

    words = text_of(page)
    assert "<strong>1</strong> archivada · <strong>1</strong> por archivar a mano" in words
    assert "falta <strong>1</strong> folio" in words
    assert [place.paper for place in page.context["missing"]] == [missing.paper]
    assert missing.paper.folio in words
    assert [page.file.renuncia for page in page.context["filed"]] == [filed]
    assert picture_of(unread) in words
    assert "Sin QR que se pueda leer." in words


def test_show_pile_lists_what_was_filed_and_how(client, by, plantel):
    pile = a_pile(by, 3)
    first, second = expected(plantel), expected(plantel)
    sheet = kept(pile, link_of(first))
    other = kept(pile)
    file_page(other, second, by=by, now=NOW)
    kept(pile)
    finish_pile(pile, now=NOW)

    response = client.get(address("show_pile", pile.public_id))

    text = text_of(response)
    assert [page.number for page in response.context["filed"]] == [1, 2]
    for page, renuncia in ((sheet, first), (other, second)):
        assert picture_of(page) in text
        assert renuncia.paper.folio in text
        assert renuncia.enrollment.student.list_name in text
    assert text.count("Por su QR") == 1
    assert text.count(f"A mano, por {by}") == 1
    assert address("undo", first.public_id) not in text
    assert address("undo", second.public_id) in text
    assert '<details class="disclosure"' not in text


def test_show_pile_folds_many_filed_sheets_and_undoes_no_registered_one(client, by, plantel):
    pile = a_pile(by, 11)
    for _ in range(11):
        file_page(kept(pile), expected(plantel), by=by, now=NOW)
    Renuncia.objects.update(state="ACCEPTED")
    finish_pile(pile, now=NOW)

    text = text_of(client.get(address("show_pile", pile.public_id)))

    assert "Ver las 11 hojas archivadas" in text
    assert "Deshacer" not in text


def test_sheet_filed_by_hand_is_taken_back_to_the_pile(client, by, plantel):
    pile, renuncia = a_pile(by), expected(plantel)
    file_page(kept(pile), renuncia, by=by, now=NOW)
    finish_pile(pile, now=NOW)

    client.post(address("undo", renuncia.public_id))

    response = client.get(address("show_pile", pile.public_id))
    assert [page.number for page in response.context["page_obj"]] == [1]
    assert response.context["filed"] == []


def test_show_pile_with_everything_filed_says_so(client, by, plantel):
    renuncia = expected(plantel)
    a_lot(renuncia, by=by)
    pile = uploaded(by, scanned(sheet_of(renuncia)))
    read_to_the_end(pile)

    page = client.get(address("show_pile", pile.public_id))

    words = text_of(page)
    assert "<strong>1</strong> archivada · <strong>0</strong> por archivar a mano" in words
    assert "no falta ningún folio del lote" in words


def test_show_pile_that_failed_says_why(client, by):
    pile, other = a_pile(by), a_pile(by, 2)
    fail_pile(pile, "PDF_ENCRYPTED", now=NOW)
    fail_pile(other, "NOT_ALLOWED", now=NOW)

    words, others = (
        text_of(client.get(address("show_pile", one.public_id))) for one in (pile, other)
    )

    assert "El PDF tiene contraseña. Guardarlo sin contraseña y subirlo" in words
    assert "No se archivó ninguna hoja de esta pila." in words
    assert "Quien la subió ya no puede archivar renuncias en este plantel" in others


def test_show_pile_asks_the_same_for_one_and_three(client, by, plantel):
    counts = []
    for rows in (1, 3):
        lot = a_lot(*(expected(plantel) for _ in range(rows)), by=by)
        pile = a_pile(by, 4 * rows, lot=lot)
        for _ in range(rows):
            file_page(kept(pile), expected(plantel), by=by, now=NOW)
            kept(pile)
            kept(pile, is_blank=True)
            discard_page(kept(pile), by=by, now=NOW)
        finish_pile(pile, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address("show_pile", pile.public_id))
        counts.append(len(queries))

    assert len(response.context["missing"]) == 3
    assert counts[0] == counts[1]


# One sheet ---------------------------------------------------------------------------------------
def test_show_pile_page_offers_what_is_missing_in_the_lot(client, by, plantel):
    renuncia, _ = expected(plantel), expected(plantel)
    page = kept(a_pile(by, lot=a_lot(renuncia, by=by)))

    response = client.get(address("show_pile_page", page.pile.public_id, 1))

    assert response.context["found"] == [renuncia]
    assert picture_of(page) in text_of(response)


def test_show_pile_page_searches_without_an_address_that_tells(client, by, plantel):
    renuncia = expected(plantel, student__first_surname="Jiménez", student__search_name="jimenez")
    page = kept(a_pile(by))

    response = client.post(address("show_pile_page", page.pile.public_id, 1), {"typed": "Jiménez"})

    assert response.context["found"] == [renuncia]
    assert f'name="renuncia" value="{renuncia.public_id}"' in text_of(response)


def test_show_pile_page_says_when_nobody_is_found_or_nothing_was_typed(client, by):
    page = kept(a_pile(by))
    where = address("show_pile_page", page.pile.public_id, 1)

    nobody, nothing = client.post(where, {"typed": "nadie"}), client.post(where)

    assert "Ninguna renuncia de" in text_of(nobody)
    errors = nothing.context["form"].errors
    assert errors == {"typed": ["Escribir el folio, la matrícula o el nombre"]}


def test_show_pile_page_asks_the_same_for_one_and_three(client, by, plantel):
    where = address("show_pile_page", kept(a_pile(by)).pile.public_id, 1)
    counts = []
    for rows in (1, 2):
        for _ in range(rows):
            expected(plantel)
        with CaptureQueriesContext(connection) as queries:
            response = client.post(where, {"typed": "Gómez"})
        counts.append(len(queries))

    assert len(response.context["found"]) == 3
    assert counts[0] == counts[1]


def test_file_page_files_it_and_says_with_whom(client, by, plantel):
    renuncia = expected(plantel)
    page = kept(a_pile(by))
    where = page.pile.public_id

    response = client.post(address("file_page", where, 1), {"renuncia": renuncia.public_id})

    renuncia.refresh_from_db()
    words = text_of(client.get(response.url))
    assert (renuncia.state, renuncia.scan) == ("SIGNED", page.file)
    assert f"Se archivó con el folio {renuncia.paper.folio}" in words


def test_file_page_of_somebody_faster_says_so(client, by, plantel):
    first, second = expected(plantel), expected(plantel)
    page = kept(a_pile(by))
    file_page(page, first, by=by, now=NOW)
    where = page.pile.public_id

    response = client.post(address("file_page", where, 1), {"renuncia": second.public_id})

    assert "Otra persona ya lo atendió" in text_of(client.get(response.url))


@pytest.mark.parametrize("chosen", ["", "nadie", "foreign"])
def test_file_page_takes_only_who_is_expected_here(client, by, chosen):
    foreign = expected(PlantelFactory())
    page = kept(a_pile(by))
    chosen = foreign.public_id if chosen == "foreign" else chosen

    response = client.post(address("file_page", page.pile.public_id, 1), {"renuncia": chosen})

    assert response.status_code == 404
    assert Renuncia.objects.get().state == "ISSUED"


def test_discard_page_can_be_undone(client, by):
    page = kept(a_pile(by))
    where = page.pile.public_id

    discarded = client.post(address("discard_page", where, 1))
    listed = text_of(client.get(discarded.url))
    shown = text_of(client.get(address("show_pile_page", where, 1)))
    client.post(address("restore_page", where, 1))

    page.refresh_from_db()
    assert "Se descartó la hoja 1. Abajo se puede recuperar" in listed
    assert address("restore_page", where, 1) in listed
    assert "Deshacer y recuperarla" in shown
    assert page.outcome == "NO_QR"


def test_discard_page_and_restore_page_say_when_they_come_too_late(client, by):
    page = kept(a_pile(by))
    where = page.pile.public_id

    too_early = client.post(address("restore_page", where, 1))
    first = text_of(client.get(too_early.url))
    discard_page(page, by=by, now=NOW)
    too_late = client.post(address("discard_page", where, 1))

    assert "Otra persona ya lo atendió" in first
    assert "Otra persona ya lo atendió" in text_of(client.get(too_late.url))


def test_show_pile_page_of_a_filed_one_says_where_it_is(client, by, plantel):
    renuncia = expected(plantel)
    pile = a_pile(by)
    kept(pile, link_of(renuncia))
    where = address("show_pile_page", pile.public_id, 1)

    filed = text_of(client.get(where))
    undo_renuncia(renuncia, by=by, now=NOW)
    undone = text_of(client.get(where))

    assert renuncia.paper.folio in filed
    assert "¿De quién es esta hoja?" not in filed
    assert "Se había archivado y se deshizo" in undone


def test_show_pile_page_of_one_that_does_not_open_offers_nobody(client, by, plantel):
    expected(plantel)
    page = kept(a_pile(by), trouble="PDF_DAMAGED")

    words = text_of(client.get(address("show_pile_page", page.pile.public_id, 1)))

    assert "Escanearla otra vez y subirla." in words
    assert "¿De quién es esta hoja?" not in words


# The picture of a sheet --------------------------------------------------------------------------
def test_picture_of_a_loose_sheet_is_shown_and_the_look_written_down(client, by):
    page = kept(a_pile(by))

    response = client.get(picture_of(page))

    entry = AccessEntry.objects.get()
    assert (response.status_code, response.content) == (200, a_picture())
    assert (entry.enrollment, entry.file, entry.by, entry.look) == (
        None,
        page.file,
        by,
        Look.DOCUMENT,
    )


def test_picture_of_a_filed_sheet_is_a_look_at_its_student(client, by, plantel):
    renuncia = expected(plantel)
    page = kept(a_pile(by), link_of(renuncia))

    assert client.get(picture_of(page)).status_code == 200

    assert AccessEntry.objects.get().enrollment == renuncia.enrollment


def test_student_sees_the_own_sheet_and_no_other(client, by, plantel):
    mine, other = expected(plantel), expected(plantel)
    pile = a_pile(by, 3)
    pages = [kept(pile, link_of(mine)), kept(pile, link_of(other)), kept(pile)]
    client.force_login(mine.enrollment.student.user)

    answers = [client.get(picture_of(page)).status_code for page in pages]

    assert answers == [200, 404, 404]
    assert AccessEntry.objects.count() == 0


def test_sheet_taken_out_of_a_renuncia_is_no_longer_its_students(client, by, plantel):
    renuncia = expected(plantel)
    page = kept(a_pile(by), link_of(renuncia))
    undo_renuncia(renuncia, by=by, now=NOW)
    client.force_login(renuncia.enrollment.student.user)

    assert client.get(picture_of(page)).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.REVISOR, 403), (Role.CONSULTA, 403), (Role.ADMIN, 403), (Role.AUDITOR, 403)],
)
def test_sheets_are_for_who_handles_renuncias(client, by, plantel, role, status):
    renuncia = expected(plantel)
    pile = a_pile(by, 2)
    pages = kept(pile, link_of(renuncia)), kept(pile)
    client.force_login(staff(role, None if role in {Role.ADMIN, Role.AUDITOR} else plantel))

    assert [client.get(picture_of(page)).status_code for page in pages] == [status] * 2
    assert AccessEntry.objects.count() == 0


def test_sheets_of_another_plantel_do_not_exist(client, by):
    page = kept(a_pile(by))
    client.force_login(responsable())

    assert client.get(picture_of(page)).status_code == 404
    assert client.get(address("show_pile", page.pile.public_id)).status_code == 404
    assert client.get(address("show_pile_page", page.pile.public_id, 1)).status_code == 404


def test_whole_pile_is_never_sent(client, by):
    pile = a_pile(by)
    finish_pile(pile, now=NOW)
    file = pile.files.get().file

    for what in ("1", "original"):
        where = reverse("students:file", args=[file.public_id, what])
        assert client.get(where).status_code == 404
