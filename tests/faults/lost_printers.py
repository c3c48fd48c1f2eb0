"""R15: workers die while they draw a lot; each sheet comes out once, under its one folio, word for word the same."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import sleep

import pypdfium2
from django.db.models import Sum
from django.utils import timezone

from papers.actions.lots import A_PART
from papers.models import LotPaper, Paper, PrintJob, PrintPart
from papers.queries import papers_in
from papers.states import WAITING, PrintState
from renuncias.actions.ask import issue_renuncias
from renuncias.actions.prints import print_renuncias
from renuncias.models import Renuncia
from renuncias.queries.sheet import digest_of
from renuncias.render import draw_lot
from school.states import Role
from tests.conftest import database_url
from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
from tests.factories.students import EnrollmentFactory
from tests.faults.processes import Portal, Process, portal, redis, wait_until

A_LOT = 200
"""Sheets of one lot: joining more takes so long that somebody who kills every few seconds kills it four times."""

LONGEST_LIFE = 20
"""Seconds after which somebody dies although no sheet was drawn meanwhile."""


def lost_printers(
    folder: Path, *, sheets: int, kills: int, lease: int, seed: int
) -> dict[str, float]:
    """Order lots of renuncias, and kill one or both workers or the clock so often while they are drawn.

    `lease` are the seconds for which a part is its worker's: more than drawing or joining takes here.
    """
    _order(sheets)
    with (
        redis(folder / "redis") as broker,
        portal(
            folder / "portal",
            DATABASE_URL=database_url(),
            CELERY_BROKER_URL=broker.url,
            EMAIL_URL="smtp://127.0.0.1:9",  # nobody listens: no mail matters here
            PRINT_LEASE=str(lease),
        ) as processes,
    ):
        _kill_again_and_again(processes, sheets=sheets, kills=kills, seed=seed)
        seconds = wait_until(lambda: not _waiting(), "a lot hangs", seconds=600)
    return {
        "sheets": sheets,
        "kills": kills,
        "seconds_after_last_kill": round(seconds, 1),
        **_came_out(folder / "portal" / "files"),
    }


def _order(sheets: int) -> None:
    plantel = PlantelFactory()
    by = staff(Role.RESPONSABLE, plantel)
    stays = EnrollmentFactory.create_batch(sheets, plantel=plantel, cycle=SchoolCycleFactory())
    renuncias = issue_renuncias(stays, by=by, now=timezone.now())
    for at in range(0, sheets, A_LOT):
        lot = renuncias[at : at + A_LOT]
        print_renuncias(lot, title="Renuncias", by=by, now=timezone.now())


def _kill_again_and_again(processes: Portal, *, sheets: int, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    start: list[Callable[[], Process]] = [
        lambda: processes.worker("one", queue="heavy"),
        lambda: processes.worker("two", queue="heavy"),
        lambda: processes.beat("clock", app="tests.faults.hurried"),
    ]
    running = [begin() for begin in start]
    for number in range(kills):
        enough = sheets * (number + chance.random()) / (kills + 1)
        with suppress(TimeoutError):
            wait_until(lambda: _drawn() >= enough, "", seconds=LONGEST_LIFE)  # noqa: B023 -- called at once
        sleep(chance.uniform(0, 0.05))
        victims = chance.sample(range(3), chance.choice([1, 2, 2, 3]))
        for victim in victims:
            running[victim].kill()
        for victim in victims:
            running[victim] = start[victim]()


def _drawn() -> int:
    return PrintJob.objects.aggregate(drawn=Sum("sheets_done"))["drawn"]


def _waiting() -> bool:
    return PrintJob.objects.filter(state__in=WAITING).exists()


def _came_out(files: Path) -> dict[str, float]:
    """What became of the sheets, compared with the same lots drawn undisturbed."""
    folios = set(Paper.objects.values_list("folio", flat=True))
    seen: Counter[str] = Counter()
    others = 0
    for job in PrintJob.objects.select_related("plantel", "created_by"):
        pages = _pages((files / job.path).read_bytes()) if job.path else []
        expected, cover = _undisturbed(job)
        others += _differences(pages, expected)
        seen.update(folio for page in pages[cover:] for folio in set(page.split()) & folios)
    return {
        "failed": PrintJob.objects.exclude(state=PrintState.READY).count(),
        "missing": sum(not seen[folio] for folio in folios),
        "double": sum(seen[folio] > 1 for folio in folios),
        "second_folios": Paper.objects.count() - Renuncia.objects.count(),
        "second_places": LotPaper.objects.count() - Paper.objects.count(),
        "other_words": others,
        "other_digests": sum(
            one.printed_sha256 != digest_of(one.printed, one.paper.text.version)
            for one in Renuncia.objects.select_related("paper__text")
        ),
        "taken_over": PrintPart.objects.filter(attempts__gt=1).count(),
        "parts_left": PrintPart.objects.exclude(path="").count(),
    }


def _undisturbed(job: PrintJob) -> tuple[list[str], int]:
    """The texts of the pages, and how many of them are the cover."""
    places, cover = list(papers_in(job)), _pages(draw_lot(job, ()))
    parts = [draw_lot(job, places[at : at + A_PART]) for at in range(0, len(places), A_PART)]
    return [*cover, *(page for part in parts for page in _pages(part))], len(cover)


def _differences(pages: Sequence[str], expected: Sequence[str]) -> int:
    pairs = zip(map(_digest, pages), map(_digest, expected), strict=False)
    return abs(len(pages) - len(expected)) + sum(one != other for one, other in pairs)


def _digest(page: str) -> str:
    return sha256(page.encode()).hexdigest()


def _pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
