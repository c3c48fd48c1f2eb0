"""Reads of the piles of signed sheets: whose, what is left to read or to decide, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from common.search import has_words, read_typed
from common.uploads import Kind
from papers.folio import folios_typed
from papers.models import LotPaper, PrintJob
from papers.states import CALLED_OFF, PaperKind
from renuncias.models import PileFile, PilePage, Renuncia, SignedPile
from renuncias.states import PageOutcome, PileState, RenunciaState
from school.access import Ability, planteles_with
from school.models import Plantel, User
from students.states import EnrollmentState

NOTHING_TO_DECIDE = (PageOutcome.SET_ASIDE, PageOutcome.BLANK)
MOST_CANDIDATES = 20
RECENT_LOTS = 50


def piles_for(user: User) -> QuerySet[SignedPile]:
    """Return the piles of the planteles whose renuncias the person handles, newest first, with counts.

    `sheets_read`, `filed` and `to_decide` count the pages that were read, that a renuncia holds, and that wait for
    a person.
    """
    planteles = planteles_with(user, Ability.REGISTER_RENUNCIA)
    return (
        SignedPile.objects.filter(plantel__in=planteles)
        .select_related("plantel", "lot", "created_by")
        .annotate(
            sheets_read=Count("pages"),
            filed=Count("pages", filter=Q(pages__file__renuncia__isnull=False)),
            to_decide=Count(
                "pages",
                filter=~Q(pages__outcome__in=NOTHING_TO_DECIDE)
                & Q(pages__file__renuncia__isnull=True),
            ),
        )
        .order_by("-created_at", "-pk")
    )


def piles_due() -> QuerySet[SignedPile]:
    """Return the piles with pages to read, the oldest first; who claims skips the held ones."""
    return SignedPile.objects.filter(state=PileState.UPLOADED).order_by("created_at", "pk")


def files_in(pile: SignedPile) -> list[PileFile]:
    """Return the files of a pile in the order of their sheets."""
    return list(pile.files.select_related("file").order_by("number"))


@dataclass(frozen=True)
class PlacedSheet:
    """Where a page of a pile is: its number in the pile, its file, and which page of that file, all from 1."""

    number: int
    file: PileFile
    page: int


def unread_sheets(pile: SignedPile, files: Sequence[PileFile]) -> list[PlacedSheet]:
    """Return the pages of a pile that no row keeps yet, in their order."""
    known = set(pile.pages.values_list("number", flat=True))
    placed = [(one, page) for one in files for page in range(1, pages_of(one) + 1)]
    return [
        PlacedSheet(number, one, page)
        for number, (one, page) in enumerate(placed, 1)
        if number not in known
    ]


def pages_of(file: PileFile) -> int:
    """Return how many pages a file has: a picture is one, a PDF is 0 until somebody counted."""
    return file.file.pages if file.file.kind == Kind.PDF else 1


def pages_to_decide(pile: SignedPile) -> QuerySet[PilePage]:
    """Return the pages of a pile that wait for a person, in the order of the sheets.

    One that was filed is among them once the receipt of its renuncia was undone.
    """
    return to_decide(pile.pages.all()).select_related("file")


def to_decide(pages: QuerySet[PilePage]) -> QuerySet[PilePage]:
    """Keep the pages that wait for a person."""
    return pages.filter(file__renuncia__isnull=True).exclude(outcome__in=NOTHING_TO_DECIDE)


def is_open(page: PilePage) -> bool:
    """Tell whether a page may still be filed: it opened, no renuncia holds it and nobody discarded it."""
    is_loose = page.file is not None and not hasattr(page.file, "renuncia")
    return is_loose and page.outcome != PageOutcome.SET_ASIDE


def other_pages(pile: SignedPile, outcome: PageOutcome) -> QuerySet[PilePage]:
    """Return the pages of a pile with that outcome, in the order of the sheets."""
    return pile.pages.filter(outcome=outcome).select_related("file")


def filed_pages(pile: SignedPile) -> QuerySet[PilePage]:
    """Return the pages of a pile that a renuncia holds, in the order of the sheets."""
    return (
        pile.pages.filter(file__renuncia__isnull=False)
        .select_related(
            "file__renuncia__paper", "file__renuncia__enrollment__student", "decided_by"
        )
        .order_by("number")
    )


def missing_in(pile: SignedPile) -> QuerySet[LotPaper]:
    """Return the papers of the pile's lot whose renuncia nobody has brought back yet, as printed.

    Who left meanwhile owes nothing.
    """
    return (
        LotPaper.objects.filter(
            job=pile.lot_id,
            job__isnull=False,
            paper__renuncia__state=RenunciaState.ISSUED,
            paper__renuncia__enrollment__state=EnrollmentState.ACTIVE,
        )
        .select_related("paper__renuncia__enrollment__student")
        .order_by("position")
    )


def lot_of_most(pile: SignedPile) -> PrintJob | None:
    """Return the lot in which most of the pile's known sheets were printed; the newest of two alike."""
    return (
        _plantel_lots()
        .filter(plantel=pile.plantel_id, lot__paper__renuncia__pile_pages__pile=pile)
        .annotate(sheets=Count("lot__paper", distinct=True))
        .order_by("-sheets", "-created_at", "-pk")
        .first()
    )


def lots_to_choose(planteles: QuerySet[Plantel]) -> QuerySet[PrintJob]:
    """Return the newest lots of renuncias of those planteles."""
    recent = _plantel_lots().filter(plantel__in=planteles).order_by("-created_at")
    return PrintJob.objects.filter(pk__in=recent.values("pk")[:RECENT_LOTS])


def _plantel_lots() -> QuerySet[PrintJob]:
    """The lots of renuncias that staff printed: neither a student's own sheet nor one of which nothing came out."""
    lots = PrintJob.objects.filter(kind=PaperKind.RENUNCIA, parameters__is_own=False)
    return lots.exclude(state__in=CALLED_OFF)


def expected_in(plantel: Plantel) -> QuerySet[Renuncia]:
    """Return the renuncias of a plantel whose signed sheet may still be scanned, in order of names.

    Those that were not brought back, and those that were received at the window without a picture.
    """
    return (
        Renuncia.objects.filter(
            plantel=plantel, state__in=[RenunciaState.ISSUED, RenunciaState.SIGNED], scan=None
        )
        .select_related("paper", "enrollment__student")
        .order_by("enrollment__student__search_name", "pk")
    )


def candidates(pile: SignedPile, text: str) -> list[Renuncia]:
    """Return the expected renuncias that a typed folio, matrícula or name may mean, 20 at most.

    Nothing typed returns those of the lot that are missing.
    """
    expected = expected_in(pile.plantel)
    if not text.strip():
        missing = missing_in(pile).values("paper__renuncia")
        return list(expected.filter(pk__in=missing)[:MOST_CANDIDATES])
    typed = read_typed(text)
    condition = Q(paper__folio__in=folios_typed(text))
    if text.strip().isdecimal():
        condition |= Q(paper__folio__endswith=f"-{text.strip():0>5}")
    if typed.matricula:
        condition |= Q(enrollment__matricula=typed.matricula)
    if typed.name:
        condition |= has_words("enrollment__student__search_name", typed.name)
    return list(expected.filter(condition)[:MOST_CANDIDATES])
