"""A pile of signed sheets: each filed with its student and nobody else, or set aside; nothing twice, nothing lost."""

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.transitions import TransitionNotAllowed
from common.uploads import MAX_PILE_PAGES
from papers.actions import issue_papers, queue_lot, revoke_paper
from papers.models import Paper
from papers.states import PaperKind
from renuncias.actions import attach_scan, receive_renuncia, undo_renuncia, void_renuncia
from renuncias.actions.piles import (
    NOT_ALLOWED,
    OtherPlantel,
    PileRefused,
    discard_page,
    fail_pile,
    file_page,
    finish_pile,
    keep_sheet,
    restore_page,
)
from renuncias.models import PilePage, Renuncia, SignedPile
from renuncias.queries.piles import files_in, pages_to_decide, unread_sheets
from renuncias.sheets import Sheet
from renuncias.states import PageOutcome, PileState, RenunciaState
from renuncias.tasks import read_piles
from students.actions.files import absolute
from students.models import StoredFile, TimelineEntry
from students.states import Event, FileState
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
from tests.factories.renuncias import registered
from tests.factories.school import PlantelFactory, SchoolCycleFactory
from tests.factories.students import NOW, EnrollmentFactory
from tests.samples import hostile, hostile_pictures, sheets

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
WHY = "Se capturó a otra persona por error"


@pytest.fixture
def by():
    """Give somebody who handles the renuncias of plantel A."""
    return responsable()


@pytest.fixture
def plantel(by):
    """Give that person's plantel."""
    return by.memberships.get().plantel


def outcomes(pile: SignedPile) -> list[str]:
    """List what became of each page, in their order."""
    return list(pile.pages.order_by("number").values_list("outcome", flat=True))


def holders(pile: SignedPile) -> list[Renuncia | None]:
    """List which renuncia holds each page, in their order."""
    pages = pile.pages.order_by("number").select_related("file__renuncia")
    return [getattr(page.file, "renuncia", None) for page in pages]


def state_of(renuncia: Renuncia) -> str:
    """Give where a renuncia stands now."""
    return Renuncia.objects.get(pk=renuncia.pk).state


def files_on_disk(folder: Path) -> int:
    """Count what lies in the store."""
    return sum(path.is_file() for path in (folder / "files").rglob("*"))


# From the scanner to the student -----------------------------------------------------------------
def test_pile_is_filed_sheet_by_sheet_and_never_to_the_wrong_student(by, plantel):
    a, b, c, d, e = (expected(plantel) for _ in range(5))
    foreign, voided = expected(PlantelFactory()), expected(plantel)
    void_renuncia(voided, reason=WHY, by=by, now=NOW)
    pile = uploaded(
        by,
        scanned(
            sheet_of(c),
            sheets.lying(sheet_of(a), 180),
            sheets.lying(sheet_of(b), 90),
            sheets.lying(sheet_of(d), 3),
            sheet_of(a),
            sheets.sheet(link_of(e), link_of(b)),
            sheets.sheet(),
            sheets.sheet("https://example.org/verifica/"),
            sheet_of(foreign),
            sheet_of(voided),
            sheets.blank(),
        ),
    )

    ticks = read_to_the_end(pile)

    assert outcomes(pile) == [
        "FILED",
        "FILED",
        "FILED",
        "FILED",
        "REPEATED",
        "SEVERAL_QR",
        "NO_QR",
        "UNKNOWN",
        "OTHER_PLANTEL",
        "NOT_EXPECTED",
        "BLANK",
    ]
    assert holders(pile) == [c, a, b, d, None, None, None, None, None, None, None]
    assert [state_of(one) for one in (a, b, c, d, e, foreign, voided)] == [
        *["SIGNED"] * 4,
        *("ISSUED", "ISSUED", "VOIDED"),
    ]
    assert (pile.state, pile.sheets_total, ticks) == (PileState.FILED, 11, 3)


def test_pile_of_photos_and_a_pdf_is_one(by, plantel):
    a, b, c = (expected(plantel) for _ in range(3))
    pile = uploaded(
        by,
        SimpleUploadedFile("1.jpg", sheets.photo(sheet_of(a))),
        scanned(sheet_of(b)),
        SimpleUploadedFile("3.png", sheets.photo(sheet_of(c), "PNG")),
    )

    read_to_the_end(pile)

    assert holders(pile) == [a, b, c]
    states = pile.files.order_by("number").values_list("file__state", "file__pages")
    assert list(states) == [(FileState.READY, 1)] * 3


def test_pile_of_photos_alone_needs_no_counting(by, plantel):
    renuncia = expected(plantel)
    cut = sheets.photo(sheet_of(expected(plantel)))[:9000]
    pile = uploaded(
        by,
        SimpleUploadedFile("1.jpg", cut),
        SimpleUploadedFile("2.jpg", sheets.photo(sheet_of(renuncia))),
    )

    assert read_to_the_end(pile) == 1

    assert outcomes(pile) == ["UNREADABLE", "FILED"]
    assert holders(pile) == [None, renuncia]
    broken = pile.files.get(number=1).file
    assert (broken.state, broken.refusal) == (FileState.REFUSED, "IMAGE_DAMAGED")


def test_page_that_kills_the_reader_is_set_aside_alone(by, plantel):
    renuncia = expected(plantel)
    content = sheets.with_bomb(sheets.pdf(sheet_of(renuncia)), at=0)
    pile = uploaded(by, SimpleUploadedFile("pila.pdf", content))

    read_to_the_end(pile)

    assert outcomes(pile) == ["UNREADABLE", "FILED"]
    assert holders(pile) == [None, renuncia]
    assert pile.state == PileState.FILED


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (partial(hostile_pictures.square_png, 30_000), "IMAGE_TOO_LARGE"),
        (hostile_pictures.long_strip, "IMAGE_TOO_LARGE"),
        (lambda: hostile.jpeg()[:200], "IMAGE_DAMAGED"),
    ],
)
def test_hostile_picture_is_set_aside_without_being_opened(by, make, refusal):  # T5
    pile = uploaded(by, SimpleUploadedFile("hoja", make()))

    read_to_the_end(pile)

    stored = pile.files.get().file
    assert (outcomes(pile), pile.state) == (["UNREADABLE"], PileState.FILED)
    assert (stored.state, stored.refusal) == (FileState.REFUSED, refusal)


def test_same_sheets_scanned_again_file_nothing_twice(by, plantel):
    renuncia = expected(plantel)
    first = uploaded(by, scanned(sheet_of(renuncia)))
    read_to_the_end(first)

    again = uploaded(by, scanned(sheet_of(renuncia), sheets.blank()), now=LATER)
    read_to_the_end(again)

    assert outcomes(again) == ["REPEATED", "BLANK"]
    assert holders(first) == [renuncia]
    assert TimelineEntry.objects.filter(event=Event.RENUNCIA_RECEIVED).count() == 1


# Uploading ---------------------------------------------------------------------------------------
def test_upload_pile_keeps_its_files_in_their_order(by, plantel, own_folders):
    contents = [hostile.plain_pdf(), hostile.plain_pdf(2)]
    lot = None

    pile = uploaded(by, *(SimpleUploadedFile("hojas.pdf", one) for one in contents), lot=lot)

    stored = [one.file for one in files_in(pile)]
    assert [one.sha256 for one in stored] == [hashlib.sha256(one).hexdigest() for one in contents]
    assert [one.state for one in stored] == [FileState.QUARANTINED] * 2
    assert (pile.plantel, pile.lot, pile.created_by, pile.created_at) == (plantel, None, by, NOW)
    assert (pile.state, pile.sheets_total) == (PileState.UPLOADED, 0)
    assert files_on_disk(own_folders) == 2


def test_upload_pile_returns_the_same_pile_for_the_same_files(by, own_folders):
    pile = uploaded(by, SimpleUploadedFile("a.pdf", hostile.plain_pdf()))

    again = uploaded(by, SimpleUploadedFile("b.pdf", hostile.plain_pdf()), now=LATER)
    elsewhere = uploaded(responsable(), SimpleUploadedFile("a.pdf", hostile.plain_pdf()))

    assert again == pile
    assert elsewhere != pile
    assert files_on_disk(own_folders) == 2


def test_upload_pile_takes_again_what_failed(by):
    pile = uploaded(by, SimpleUploadedFile("a.pdf", hostile.plain_pdf()))
    fail_pile(pile, "PDF_DAMAGED", now=NOW)

    again = uploaded(by, SimpleUploadedFile("a.pdf", hostile.plain_pdf()), now=LATER)

    assert again != pile


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "El archivo está vacío. Escanear las hojas otra vez y subirlas"),
        ([("a.pdf", b"")], "El archivo está vacío. Escanear las hojas otra vez y subirlas"),
        ([("a.txt", b"hola")], "Los archivos deben ser PDF, JPG o PNG"),
        ([("a.gif", b"GIF89a"), ("b.pdf", b"%PDF-1.7")], "Los archivos deben ser PDF, JPG o PNG"),
        (
            [("a.pdf", b"hola")],
            "El archivo no es lo que dice su nombre. Escanear las hojas otra vez y subirlas",
        ),
        (
            [(f"{number}.jpg", b"\xff\xd8\xff") for number in range(MAX_PILE_PAGES + 1)],
            "La pila debe tener 100 hojas o menos. Dividirla y subir las partes",
        ),
        (
            [("a.pdf", bytes(21 * 2**20)), ("b.pdf", bytes(20 * 2**20))],
            "La pila debe pesar menos de 40 MB; esta pesa 41 MB. Dividirla o escanearla en gris a 200 dpi",
        ),
    ],
    ids=["none", "empty", "text", "one of two", "name lies", "101 photos", "41 MB"],
)
def test_upload_pile_refuses(by, files, sentence, own_folders):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]

    with pytest.raises(PileRefused) as refused:
        uploaded(by, *uploads)

    assert refused.value.sentence == sentence
    assert SignedPile.objects.count() == StoredFile.objects.count() == 0
    assert files_on_disk(own_folders) == 0


# Counting ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "failure"),
    [
        (partial(hostile.plain_pdf, MAX_PILE_PAGES + 1), "TOO_MANY_PAGES"),
        (hostile.many_pages, "TOO_MANY_PAGES"),
        (hostile.only_header, "PDF_DAMAGED"),
        (hostile.user_password, "PDF_ENCRYPTED"),
        (hostile.page_loop, "PDF_DAMAGED"),
        (hostile.huge_page, "PAGE_TOO_LARGE"),
        (hostile.script_direct, "PDF_ACTIVE"),
        (hostile.attachment, "PDF_ATTACHMENTS"),
        (hostile.zip_behind, "PDF_DAMAGED"),
    ],
)
def test_hostile_pile_fails_with_its_reason(by, make, failure):  # N4, T5
    pile = uploaded(by, SimpleUploadedFile("pila.pdf", make()))

    assert read_to_the_end(pile) == 1

    assert (pile.state, pile.failure, pile.pages.count()) == (PileState.FAILED, failure, 0)
    stored = pile.files.get().file
    assert (stored.state, stored.refusal) == (FileState.REFUSED, failure)
    assert absolute(stored.path).exists()


def test_pile_of_a_hundred_pages_is_taken(by):
    pile = uploaded(by, SimpleUploadedFile("pila.pdf", hostile.plain_pdf(MAX_PILE_PAGES)))

    read_piles()

    pile.refresh_from_db()
    assert (pile.state, pile.sheets_total) == (PileState.UPLOADED, MAX_PILE_PAGES)


def test_two_files_over_a_hundred_pages_together_are_refused(by):
    files = (SimpleUploadedFile(f"{n}.pdf", hostile.plain_pdf(n)) for n in (60, 41))
    pile = uploaded(by, *files)

    read_to_the_end(pile)

    assert (pile.failure, pile.sheets_total) == ("TOO_MANY_PAGES", 0)


def test_pile_that_pdfium_alone_cannot_open_fails(by):
    pile = a_pile(by)
    absolute(pile.files.get().file.path).write_bytes(hostile.only_header())

    read_to_the_end(pile)

    assert (pile.state, pile.failure) == (PileState.FAILED, "PDF_DAMAGED")


def test_pile_of_who_lost_the_role_files_nothing(by, plantel):
    renuncia = expected(plantel)
    pile = uploaded(by, scanned(sheet_of(renuncia)))
    by.memberships.all().delete()

    assert read_to_the_end(pile) == 1

    assert (pile.state, pile.failure) == (PileState.FAILED, NOT_ALLOWED)
    assert state_of(renuncia) == RenunciaState.ISSUED


# Filing one sheet --------------------------------------------------------------------------------
def test_keep_sheet_files_with_the_renuncia_of_its_qr(by, plantel):
    renuncia, other = expected(plantel), expected(plantel)
    pile = a_pile(by)

    page = kept(pile, link_of(renuncia))

    renuncia.refresh_from_db()
    assert (page.outcome, page.read_as, page.renuncia) == ("FILED", "FILED", renuncia)
    assert (renuncia.state, renuncia.scan, renuncia.signed_by) == ("SIGNED", page.file, by)
    assert page.file.enrollment is None
    assert absolute(page.file.path).read_bytes() == a_picture()
    assert page.file.derivative_pages == [page.file.path]
    assert state_of(other) == RenunciaState.ISSUED


@pytest.mark.parametrize(
    ("texts", "blank", "outcome"),
    [
        ((), False, PageOutcome.NO_QR),
        ((), True, PageOutcome.BLANK),
        (("",), False, PageOutcome.NO_QR),
        (("https://example.org/",), False, PageOutcome.UNKNOWN),
        ((sheets.link("x" * 22),), False, PageOutcome.UNKNOWN),
    ],
)
def test_keep_sheet_sets_aside_what_names_no_renuncia(by, texts, blank, outcome):
    page = kept(a_pile(by), *texts, is_blank=blank)

    assert (page.outcome, page.renuncia) == (outcome, None)
    assert page.file.state == FileState.READY


@pytest.mark.parametrize("second", ["", "https://example.org/", "same", "other"])
def test_keep_sheet_never_files_a_page_with_a_second_qr(by, plantel, second):
    renuncia, other = expected(plantel), expected(plantel)
    text = {"same": link_of(renuncia), "other": link_of(other)}.get(second, second)

    page = kept(a_pile(by), link_of(renuncia), text)

    assert (page.outcome, page.renuncia) == (PageOutcome.SEVERAL_QR, None)
    assert state_of(renuncia) == state_of(other) == RenunciaState.ISSUED


def test_keep_sheet_never_files_a_sheet_of_another_plantel(by):
    foreign = expected(PlantelFactory())

    page = kept(a_pile(by), link_of(foreign))

    assert (page.outcome, page.renuncia) == (PageOutcome.OTHER_PLANTEL, None)
    assert state_of(foreign) == RenunciaState.ISSUED


def test_keep_sheet_never_files_another_kind_of_paper(by, plantel):
    cycle = SchoolCycleFactory()
    other_kind, without_renuncia = (
        issue_papers(kind, plantel, cycle, ["enrollment:1"], text=None, by=by, now=NOW)[0]
        for kind in (PaperKind.COMPROBANTE, PaperKind.RENUNCIA)
    )
    pile = a_pile(by, 2)

    pages = [kept(pile, sheets.link(one.token)) for one in (other_kind, without_renuncia)]

    assert [page.outcome for page in pages] == [PageOutcome.UNKNOWN] * 2


def test_keep_sheet_never_files_by_the_qr_of_a_paper_that_is_no_renuncia(by, plantel):
    renuncia = expected(plantel)
    Paper.objects.update(kind=PaperKind.COMPROBANTE)

    page = kept(a_pile(by), link_of(renuncia))

    assert page.outcome == PageOutcome.UNKNOWN
    assert state_of(renuncia) == RenunciaState.ISSUED


def test_keep_sheet_tells_a_received_renuncia_from_one_that_is_over(by, plantel):
    received, voided, revoked = expected(plantel), expected(plantel), expected(plantel)
    pile = a_pile(by, 4)
    scan = kept(pile, link_of(received)).file
    void_renuncia(voided, reason=WHY, by=by, now=NOW)
    revoke_paper(Paper.objects.get(renuncia=revoked), now=NOW)

    pages = [kept(pile, link_of(one)) for one in (received, voided, revoked)]

    assert [page.outcome for page in pages] == ["REPEATED", *["NOT_EXPECTED"] * 2]
    assert [page.renuncia for page in pages] == [received, voided, revoked]
    assert state_of(revoked) == RenunciaState.ISSUED
    received.refresh_from_db()
    assert received.scan == scan


@pytest.mark.parametrize("state", ["SIGNED", "ACCEPTED"])
def test_keep_sheet_attaches_the_picture_of_one_received_at_the_window_once(by, plantel, state):
    renuncia = registered(EnrollmentFactory(plantel=plantel))
    Renuncia.objects.filter(pk=renuncia.pk).update(state=state)
    renuncia.refresh_from_db()
    signed = (renuncia.signed_at, renuncia.signed_by)
    pile = a_pile(by, 2)

    first, second = (kept(pile, link_of(renuncia)) for _ in range(2))

    renuncia.refresh_from_db()
    assert (first.outcome, second.outcome) == (PageOutcome.FILED, PageOutcome.REPEATED)
    assert (renuncia.state, renuncia.scan) == (state, first.file)
    assert (renuncia.signed_at, renuncia.signed_by) == signed
    (line,) = TimelineEntry.objects.filter(event=Event.RENUNCIA_SCANNED)
    assert (line.enrollment, line.by, line.data) == (
        renuncia.enrollment,
        by,
        {"folio": renuncia.paper.folio},
    )


def test_file_page_attaches_the_picture_of_one_received_at_the_window(by, plantel):
    renuncia = expected(plantel)
    receive_renuncia(renuncia, by=by, now=NOW)
    page = kept(a_pile(by))

    file_page(page, renuncia, by=by, now=LATER)

    renuncia.refresh_from_db()
    assert (renuncia.state, renuncia.signed_at, renuncia.scan) == ("SIGNED", NOW, page.file)
    assert TimelineEntry.objects.latest("pk").event == Event.RENUNCIA_SCANNED


def test_file_page_attaches_no_second_picture(by, plantel):
    renuncia = expected(plantel)
    pile = a_pile(by, 2)
    scan = kept(pile, link_of(renuncia)).file

    with pytest.raises(TransitionNotAllowed):
        file_page(kept(pile), renuncia, by=by, now=NOW)

    renuncia.refresh_from_db()
    assert renuncia.scan == scan


def test_attach_scan_refuses_one_that_was_never_received(by, plantel):
    with pytest.raises(TransitionNotAllowed):
        attach_scan(expected(plantel), scan=kept(a_pile(by)).file, by=by, now=NOW)


def test_keep_sheet_twice_is_once(by, plantel):
    renuncia = expected(plantel)
    pile = a_pile(by)
    placed = unread_sheets(pile, files_in(pile))[0]
    keep = partial(keep_sheet, placed, Sheet(1, (link_of(renuncia),)), a_picture(), now=NOW)

    keep()
    keep()

    assert pile.pages.count() == 1
    assert TimelineEntry.objects.filter(event=Event.RENUNCIA_RECEIVED).count() == 1
    assert StoredFile.objects.filter(original_name="hoja-001.jpg").count() == 1


def test_killed_in_the_middle_the_next_worker_goes_on(by, plantel):
    a, b = expected(plantel), expected(plantel)
    pile = uploaded(by, scanned(sheet_of(a), sheet_of(b)))
    read_piles()
    kept(pile, link_of(a))  # and the worker dies before it says so
    SignedPile.objects.update(attempts=1)

    read_to_the_end(pile)

    assert holders(pile) == [a, b]
    assert pile.pages.count() == 2
    assert TimelineEntry.objects.filter(event=Event.RENUNCIA_RECEIVED).count() == 2


def test_killed_before_the_end_the_next_worker_ends_it(by, plantel):
    pile = a_pile(by)
    kept(pile)

    read_to_the_end(pile)

    assert (pile.state, outcomes(pile)) == (PileState.FILED, ["NO_QR"])


# The lot -----------------------------------------------------------------------------------------
def lot_of(renuncias: list[Renuncia], by, now=NOW):
    """Return a lot in which these were printed."""
    papers = [one.paper for one in renuncias]
    plantel = renuncias[0].plantel
    return queue_lot(plantel, PaperKind.RENUNCIA, papers, title="Grupo 101", by=by, now=now)


def test_finish_pile_names_the_lot_of_most_sheets(by, plantel):
    one, *two = (expected(plantel) for _ in range(3))
    lot_of([one], by)
    lot = lot_of(two, by)
    pile = a_pile(by, 3)
    for renuncia in (one, *two):
        kept(pile, link_of(renuncia))

    finish_pile(pile, now=LATER)

    pile.refresh_from_db()
    assert (pile.lot, pile.read_at, pile.state) == (lot, LATER, PileState.FILED)


def test_finish_pile_keeps_the_chosen_lot(by, plantel):
    one, other = expected(plantel), expected(plantel)
    chosen = lot_of([other], by)
    lot_of([one], by)
    pile = a_pile(by, lot=chosen)
    kept(pile, link_of(one))

    finish_pile(pile, now=NOW)

    pile.refresh_from_db()
    assert pile.lot == chosen


def test_pile_ends_once(by):
    pile = a_pile(by)
    finish_pile(pile, now=NOW)

    with pytest.raises(TransitionNotAllowed):
        finish_pile(pile, now=LATER)
    with pytest.raises(TransitionNotAllowed):
        fail_pile(pile, "PDF_DAMAGED", now=LATER)


# By hand -----------------------------------------------------------------------------------------
def test_file_page_files_with_the_chosen_renuncia(by, plantel):
    renuncia = expected(plantel)
    page = kept(a_pile(by))

    file_page(page, renuncia, by=by, now=LATER)

    page.refresh_from_db()
    renuncia.refresh_from_db()
    assert (page.outcome, page.read_as, page.renuncia) == ("BY_HAND", "NO_QR", renuncia)
    assert (page.decided_by, page.decided_at) == (by, LATER)
    assert (renuncia.state, renuncia.scan, renuncia.signed_at) == ("SIGNED", page.file, LATER)


def test_file_page_twice_is_refused(by, plantel):
    first, second = expected(plantel), expected(plantel)
    page = kept(a_pile(by))
    file_page(page, first, by=by, now=LATER)

    with pytest.raises(TransitionNotAllowed):
        file_page(page, second, by=by, now=LATER)

    assert state_of(second) == RenunciaState.ISSUED


def test_file_page_takes_no_renuncia_that_is_not_expected(by, plantel):
    page = kept(a_pile(by))
    over = registered(EnrollmentFactory(plantel=plantel))

    with pytest.raises(TransitionNotAllowed):
        file_page(page, over, by=by, now=LATER)

    page.refresh_from_db()
    assert (page.outcome, page.renuncia) == ("NO_QR", None)


def test_file_page_takes_no_renuncia_of_another_plantel(by):
    page, foreign = kept(a_pile(by)), expected(PlantelFactory())

    with pytest.raises(OtherPlantel):
        file_page(page, foreign, by=by, now=LATER)

    assert state_of(foreign) == RenunciaState.ISSUED


def test_file_page_takes_no_page_without_a_picture(by, plantel):
    page, renuncia = kept(a_pile(by), trouble="PDF_DAMAGED"), expected(plantel)

    with pytest.raises(TransitionNotAllowed):
        file_page(page, renuncia, by=by, now=LATER)


def test_page_filed_wrongly_comes_back_when_its_receipt_is_undone(by, plantel):
    wrong, right = expected(plantel), expected(plantel)
    pile = a_pile(by)
    page = kept(pile)
    file_page(page, wrong, by=by, now=NOW)

    undo_renuncia(wrong, by=by, now=LATER)
    assert list(pages_to_decide(pile)) == [page]
    file_page(page, right, by=by, now=LATER)

    assert holders(pile) == [right]
    assert [state_of(one) for one in (wrong, right)] == ["ISSUED", "SIGNED"]


def test_discard_page_and_restore_page_lose_nothing(by):
    pile = a_pile(by)
    page = kept(pile, "https://example.org/")

    discard_page(page, by=by, now=LATER)
    page.refresh_from_db()
    assert (page.outcome, page.decided_by, page.decided_at) == ("SET_ASIDE", by, LATER)
    assert list(pages_to_decide(pile)) == []
    restore_page(page)

    page.refresh_from_db()
    assert (page.outcome, page.decided_by, page.decided_at) == ("UNKNOWN", None, None)
    assert absolute(page.file.path).exists()


def test_discard_page_takes_no_filed_page(by, plantel):
    page = kept(a_pile(by), link_of(expected(plantel)))

    with pytest.raises(TransitionNotAllowed):
        discard_page(page, by=by, now=LATER)

    assert PilePage.objects.get().outcome == "FILED"


def test_restore_page_takes_only_discarded_ones(by):
    page = kept(a_pile(by))

    with pytest.raises(TransitionNotAllowed):
        restore_page(page)
