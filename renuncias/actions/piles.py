"""The signed pile: uploaded, read page by page, each sheet filed with its renuncia or set aside for a person."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.transitions import TransitionNotAllowed, check
from common.uploads import (
    MAX_PILE_PAGES,
    PILE,
    ChildResult,
    Kind,
    Limits,
    Refusal,
    Refused,
    check_size,
    run_child,
)
from papers.models import Paper, PrintJob
from papers.states import PaperKind, PaperState
from renuncias.actions import attach_scan, receive_renuncia
from renuncias.actions.steps import lock_renuncia
from renuncias.models import PileFile, PilePage, Renuncia, SignedPile
from renuncias.queries.piles import PlacedSheet, files_in, lot_of_most, pages_of, unread_sheets
from renuncias.sheets import JOB, Sheet, picture_name, sheets_from_json, token_of
from renuncias.states import (
    OPEN_RENUNCIA,
    PAGE_MOVES,
    PILE_MOVES,
    PageOutcome,
    PileState,
    RenunciaState,
)
from school.access import Ability, may
from school.models import Plantel, User
from students.actions.files import (
    CHECK_JOB,
    CheckedFile,
    UploadRefused,
    absolute,
    checked_upload,
    keep_derivatives,
    keep_file,
    keep_picture,
    refusal_of,
    refuse_file,
)
from students.models import StoredFile

COUNTING = Limits(wall_seconds=30)
READING = Limits(cpu_seconds=20, wall_seconds=40)
SHEETS_A_TURN = 10
FEWER = 3
"""After each child that died the next one gets a third, until the page that kills it stands alone."""
MAX_ATTEMPTS = 10
"""Claims without a page in between: long before, a page that kills its reader was set aside."""
NOT_ALLOWED = "NOT_ALLOWED"
"""The failure of a pile whose uploader may not file renuncias any more."""


class PileRefused(Exception):
    """A file of the pile breaks a rule and nothing was stored; `sentence` says what happened and how to mend it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OtherPlantel(Exception):
    """A sheet is filed with a renuncia of the pile's own plantel alone."""

    sentence = "Esa renuncia es de otro plantel. Elegir una de este plantel"


# Uploading ---------------------------------------------------------------------------------------
def upload_pile(
    plantel: Plantel,
    uploads: Sequence[UploadedFile],
    *,
    lot: PrintJob | None,
    by: User,
    now: datetime,
) -> SignedPile:
    """Store the files of one pile, in their order, and put it in line to be read.

    A pile of the very same files that did not fail is returned as it stands. Raises PileRefused over 40 MB or
    100 files, and for a file that is neither PDF, JPEG nor PNG.
    """
    with _refusals_for_people(), ExitStack() as stack:
        check_size(sum(upload.size or 0 for upload in uploads), PILE)
        if len(uploads) > MAX_PILE_PAGES:
            raise Refused(Refusal.TOO_MANY_PAGES)
        checked = [stack.enter_context(checked_upload(upload, PILE)) for upload in uploads]
        return _keep_pile(plantel, checked, lot=lot, by=by, now=now)


@contextmanager
def _refusals_for_people() -> Iterator[None]:
    try:
        yield
    except UploadRefused as error:
        raise PileRefused(error.refused.sentence(pile=True)) from None
    except Refused as refused:
        raise PileRefused(refused.sentence(pile=True)) from None


@transaction.atomic
def _keep_pile(
    plantel: Plantel,
    checked: Sequence[CheckedFile],
    *,
    lot: PrintJob | None,
    by: User,
    now: datetime,
) -> SignedPile:
    Plantel.objects.select_for_update(of=("self",), no_key=True).get(pk=plantel.pk)
    sha256 = hashlib.sha256("".join(one.sha256 for one in checked).encode()).hexdigest()
    twins = SignedPile.objects.filter(plantel=plantel, sha256=sha256)
    twin = twins.exclude(state=PileState.FAILED).first()
    if twin is not None:
        return twin
    are_pictures = all(one.kind is not Kind.PDF for one in checked)
    pile = SignedPile.objects.create(
        plantel=plantel,
        lot=lot,
        sha256=sha256,
        sheets_total=len(checked) if are_pictures else 0,
        created_at=now,
        created_by=by,
    )
    for number, one in enumerate(checked, 1):
        file = keep_file(one, plantel=plantel, by=by, now=now)
        PileFile.objects.create(pile=pile, number=number, file=file)
    return pile


# Reading -----------------------------------------------------------------------------------------
def read_pile(pile: SignedPile, *, now: datetime) -> None:
    """Take a claimed pile one step further: count the pages of a file, or read the next few pages.

    What is kept already is not read again, so that a worker may die anywhere. Raises NoSlot when no child is free,
    TransitionNotAllowed when another worker was faster.
    """
    if not may(pile.created_by, Ability.REGISTER_RENUNCIA, pile.plantel):
        fail_pile(pile, NOT_ALLOWED, now=now)
    elif pile.attempts > MAX_ATTEMPTS:
        fail_pile(pile, Refusal.NOT_WRITTEN, now=now)
    elif not pile.sheets_total:
        _count_pages(pile, now=now)
    else:
        _read_on(pile, now=now)


def _count_pages(pile: SignedPile, *, now: datetime) -> None:
    """One PDF in a turn; the last one tells how many sheets the pile has."""
    file = next(one.file for one in files_in(pile) if not pages_of(one))
    arguments = {"kind": file.kind, "most_pages": MAX_PILE_PAGES}
    result = run_child(CHECK_JOB, absolute(file.path), limits=COUNTING, arguments=arguments)
    if not result.is_done:
        code = refusal_of(result, Kind.PDF)
        refuse_file(file, code)
        fail_pile(pile, code, now=now)
        return
    keep_derivatives(file, {}, pages=result.value["pages"])
    pages = [pages_of(one) for one in files_in(pile)]
    if sum(pages) > MAX_PILE_PAGES:
        fail_pile(pile, Refusal.TOO_MANY_PAGES, now=now)
    elif all(pages):
        _free(pile, sheets_total=sum(pages), attempts=0)
    else:
        _free(pile, attempts=0)


def _read_on(pile: SignedPile, *, now: datetime) -> None:
    unread = unread_sheets(pile, files_in(pile))
    deaths = pile.attempts - 1
    most = max(min(len(unread), SHEETS_A_TURN) // FEWER**deaths, 1)
    wanted = {placed.number: placed for placed in unread[:most]}
    result = _run_reader(list(wanted.values())) if wanted else ChildResult({"sheets": []})
    if result.refused is not None:
        fail_pile(pile, result.refused.code, now=now)
        return
    if result.is_done:
        sheets = sheets_from_json(result.value)
    elif most == 1 and deaths:
        (placed,) = wanted.values()
        code = refusal_of(result, Kind(placed.file.file.kind))
        sheets = [Sheet(placed.number, trouble=code.value)]
    else:
        _free(pile)  # and the next turn is given fewer
        return
    for sheet in sheets:
        keep_sheet(
            wanted[sheet.number], sheet, result.files.get(picture_name(sheet.number)), now=now
        )
    if len(sheets) == len(unread):
        finish_pile(pile, now=now)
    else:
        _free(pile, attempts=max(pile.attempts - 2, 0))


def _run_reader(wanted: Sequence[PlacedSheet]) -> ChildResult:
    files = list(dict.fromkeys(placed.file for placed in wanted))
    sheets = [
        {
            "number": placed.number,
            "page": placed.page,
            "input": files.index(placed.file),
            "kind": placed.file.file.kind,
        }
        for placed in wanted
    ]
    paths = (absolute(one.file.path) for one in files)
    return run_child(JOB, *paths, limits=READING, arguments={"sheets": sheets})


@transaction.atomic
def keep_sheet(placed: PlacedSheet, sheet: Sheet, picture: bytes | None, *, now: datetime) -> None:
    """Keep one page that was read, and file it with its renuncia or set it aside. Twice is once."""
    pile = _locked(placed.file.pile)
    if pile.pages.filter(number=sheet.number).exists():
        return
    outcome, renuncia = _outcome(pile, sheet)
    file = None
    if picture is not None:
        name, by = f"hoja-{sheet.number:03}.jpg", pile.created_by
        file = keep_picture(picture, name=name, plantel=pile.plantel, by=by, now=now)
    PilePage.objects.create(
        pile=pile,
        number=sheet.number,
        read_as=outcome,
        outcome=outcome,
        file=file,
        renuncia=renuncia,
    )
    if renuncia and file and outcome == PageOutcome.FILED:
        _file_scan(renuncia, file, by=pile.created_by, now=now)
    _keep_state(placed.file.file, sheet)


def _file_scan(renuncia: Renuncia, scan: StoredFile, *, by: User, now: datetime) -> None:
    """The sheet comes back with its picture, or only the picture of one that came back at the window."""
    if lock_renuncia(renuncia).state == RenunciaState.ISSUED:
        receive_renuncia(renuncia, by=by, now=now, scan=scan)
    else:
        attach_scan(renuncia, scan=scan, by=by, now=now)


def _keep_state(file: StoredFile, sheet: Sheet) -> None:
    """A PDF was judged when its pages were counted, a picture is by its only page."""
    if file.kind == Kind.PDF:
        return
    if sheet.trouble:
        refuse_file(file, Refusal(sheet.trouble))
    else:
        keep_derivatives(file, {}, pages=1)


def _outcome(pile: SignedPile, sheet: Sheet) -> tuple[PageOutcome, Renuncia | None]:
    """Filed is only what carries one QR and no other, of an open renuncia of this plantel that has no picture yet."""
    if sheet.trouble:
        return PageOutcome.UNREADABLE, None
    if not any(sheet.texts):
        return (PageOutcome.BLANK if sheet.is_blank else PageOutcome.NO_QR), None
    if len(sheet.texts) > 1:
        return PageOutcome.SEVERAL_QR, None
    paper = _paper_of(sheet.texts[0])
    if paper is None:
        return PageOutcome.UNKNOWN, None
    if paper.plantel_id != pile.plantel_id:
        return PageOutcome.OTHER_PLANTEL, None
    renuncia = lock_renuncia(paper.renuncia)
    if renuncia.state not in OPEN_RENUNCIA or paper.state != PaperState.VALID:
        return PageOutcome.NOT_EXPECTED, renuncia
    if renuncia.scan_id is not None:
        return PageOutcome.REPEATED, renuncia
    return PageOutcome.FILED, renuncia


def _paper_of(text: str) -> Paper | None:
    token = token_of(text)
    if token is None:
        return None
    papers = Paper.objects.filter(kind=PaperKind.RENUNCIA, renuncia__isnull=False)
    return papers.select_related("renuncia__enrollment").filter(token=token).first()


def _locked(pile: SignedPile) -> SignedPile:
    return (
        SignedPile.objects.select_for_update(of=("self",))
        .select_related("plantel", "created_by")
        .get(pk=pile.pk)
    )


def _free(pile: SignedPile, **values: int) -> None:
    """Give the lease back, unless another worker has it by now."""
    held = SignedPile.objects.filter(pk=pile.pk, lease_until=pile.lease_until)
    held.update(lease_until=None, **values)


@transaction.atomic
def finish_pile(pile: SignedPile, *, now: datetime) -> None:
    """Call a pile read, and name its lot by its sheets where nobody chose one.

    Raises TransitionNotAllowed when another worker was faster.
    """
    pile = _locked(pile)
    check(PILE_MOVES, pile.state, PileState.FILED)
    pile.lot = pile.lot or lot_of_most(pile)
    _end(pile, PileState.FILED, now=now)


@transaction.atomic
def fail_pile(pile: SignedPile, code: str, *, now: datetime) -> None:
    """End a pile that cannot be read on; the pages that were filed stay so.

    Raises TransitionNotAllowed when it has ended already.
    """
    pile = _locked(pile)
    check(PILE_MOVES, pile.state, PileState.FAILED)
    pile.failure = code
    _end(pile, PileState.FAILED, now=now)


def _end(pile: SignedPile, state: PileState, *, now: datetime) -> None:
    pile.state, pile.read_at, pile.lease_until = state, now, None
    pile.save(update_fields=["state", "failure", "lot", "read_at", "lease_until"])


# By hand -----------------------------------------------------------------------------------------
@transaction.atomic
def file_page(page: PilePage, renuncia: Renuncia, *, by: User, now: datetime) -> None:
    """File a page that was set aside with the renuncia that a person chose: received, if it was not yet.

    Raises TransitionNotAllowed when the page was decided or the renuncia is not expected any more, OtherPlantel for
    a renuncia of another plantel.
    """
    page = _lock_to_decide(page, PageOutcome.BY_HAND)
    if renuncia.plantel_id != page.pile.plantel_id:
        raise OtherPlantel
    renuncia = lock_renuncia(renuncia)
    if renuncia.state == RenunciaState.ACCEPTED:  # there a wrong sheet could not be taken back
        raise TransitionNotAllowed(page.outcome, PageOutcome.BY_HAND)
    scan = cast(StoredFile, page.file)  # a page that did not open never comes here (PAGE_MOVES)
    _file_scan(renuncia, scan, by=by, now=now)
    page.outcome, page.renuncia = PageOutcome.BY_HAND, renuncia
    page.decided_at, page.decided_by = now, by
    page.save(update_fields=["outcome", "renuncia", "decided_at", "decided_by"])


@transaction.atomic
def discard_page(page: PilePage, *, by: User, now: datetime) -> None:
    """Put a page away that belongs to no renuncia; it is kept. Raises TransitionNotAllowed once decided."""
    page = _lock_to_decide(page, PageOutcome.SET_ASIDE)
    page.outcome, page.decided_at, page.decided_by = PageOutcome.SET_ASIDE, now, by
    page.save(update_fields=["outcome", "decided_at", "decided_by"])


@transaction.atomic
def restore_page(page: PilePage) -> None:
    """Bring a discarded page back to what it was read as. Raises TransitionNotAllowed for another."""
    page = _lock_to_decide(page, page.read_as)
    page.outcome, page.decided_at, page.decided_by = page.read_as, None, None
    page.save(update_fields=["outcome", "decided_at", "decided_by"])


def _lock_to_decide(page: PilePage, outcome: str) -> PilePage:
    """A page that a renuncia holds is decided by undoing its receipt; then it waits for a person again."""
    locked = (
        PilePage.objects.select_for_update(of=("self",))
        .select_related("pile", "file")
        .get(pk=page.pk)
    )
    check(PAGE_MOVES, locked.outcome, outcome)
    # Asked now that the row is locked: joined to it, the renuncia would be as it was before the wait.
    if hasattr(locked.file, "renuncia"):
        raise TransitionNotAllowed(locked.outcome, outcome)
    return locked
