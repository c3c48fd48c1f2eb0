"""Synthetic piles of signed sheets, uploaded and read by the real verbs."""

import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from papers.models import PrintJob
from renuncias.actions.piles import keep_sheet, upload_pile
from renuncias.models import PilePage, Renuncia, SignedPile
from renuncias.queries.piles import files_in, unread_sheets
from renuncias.sheets import Sheet
from renuncias.states import PileState
from renuncias.tasks import read_piles
from school.models import Plantel, User
from school.states import Role
from tests.factories.renuncias import issued
from tests.factories.school import PlantelFactory, staff
from tests.factories.students import NOW, EnrollmentFactory
from tests.samples import hostile, sheets


def responsable(plantel: Plantel | None = None) -> User:
    """Return somebody who handles the renuncias of a plantel."""
    return staff(Role.RESPONSABLE, plantel or PlantelFactory())


def expected(plantel: Plantel, **stay: object) -> Renuncia:
    """Return a renuncia of the plantel that waits for signatures."""
    return issued(EnrollmentFactory(plantel=plantel, **stay))


def link_of(renuncia: Renuncia) -> str:
    """Return what the QR of its sheet says."""
    return sheets.link(renuncia.paper.token)


def sheet_of(renuncia: Renuncia) -> Image.Image:
    """Return its sheet as it is scanned."""
    return sheets.sheet(link_of(renuncia), title=renuncia.paper.folio)


def scanned(*pages: Image.Image, name: str = "pila.pdf") -> SimpleUploadedFile:
    """Return pages as one PDF that somebody uploads."""
    return SimpleUploadedFile(name, sheets.pdf(*pages))


def uploaded(
    by: User, *files: SimpleUploadedFile, lot: PrintJob | None = None, now: datetime = NOW
) -> SignedPile:
    """Return a pile of the person's plantel that waits for the worker."""
    plantel = by.memberships.get().plantel
    return upload_pile(plantel, list(files), lot=lot, by=by, now=now)


def read_to_the_end(pile: SignedPile) -> int:
    """Let the sweep tick until the pile is read; return the ticks."""
    for ticks in range(1, 40):
        read_piles()
        pile.refresh_from_db()
        if pile.state != PileState.UPLOADED:
            return ticks
    raise AssertionError("the pile is never read")


def a_pile(by: User, pages: int = 1, **values: object) -> SignedPile:
    """Return a pile whose pages were counted and not read, without anything that could be read on them."""
    file = SimpleUploadedFile(f"{pages}.pdf", hostile.plain_pdf(pages))
    pile = uploaded(by, file, **values)
    stored = pile.files.get().file
    stored.pages = pile.sheets_total = pages
    stored.save()
    pile.save()
    return pile


def kept(pile: SignedPile, *texts: str, is_blank: bool = False, trouble: str = "") -> PilePage:
    """Return the next page of the pile as the sweep keeps it after the reader saw these QR codes."""
    placed = unread_sheets(pile, files_in(pile))[0]
    sheet = Sheet(placed.number, texts, is_blank=is_blank, trouble=trouble)
    keep_sheet(placed, sheet, None if trouble else a_picture(), now=NOW)
    return pile.pages.get(number=placed.number)


def a_picture() -> bytes:
    """Return a small JPEG."""
    buffer = io.BytesIO()
    Image.new("L", (60, 80), 250).save(buffer, "JPEG")
    return buffer.getvalue()
