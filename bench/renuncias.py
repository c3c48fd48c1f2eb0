"""How many renuncias two cores print in a second: 600 with QR and embedded fonts, from the order to the joined PDF.

Ours is what the workers do: two processes claim the parts of one lot, draw them, keep them, and one joins them with
the cover. The peer is what everybody writes first: for each student one template and one `HTML(…).write_pdf()`, its
stylesheet parsed each time, on the same two cores. The limit is bare stamping: the same words, glyphs and QR put by
pikepdf over the form drawn once, without structure, cover, database and joining, half of the sheets in each process.
Everything loaded at the start of a process is not counted; the form that ours draws first is. Each round prints
other renuncias: none is a reprint. Memory is the peak of a process of ours after a lot of `--sheets` and one of
`--more`.
"""

import argparse
import io
import os
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from bench.harness import Goal, report
from bench.printers import CORES, Workers, peak, told


def students(count: int) -> list[Any]:
    """Make so many students, each with a renuncia that waits for its signature."""
    from renuncias.actions import issue_renuncias
    from school.states import Role
    from students.models import Enrollment
    from tests.factories.crowd import crowd
    from tests.factories.school import PlantelFactory, SchoolCycleFactory, staff
    from tests.factories.students import NOW

    plantel = PlantelFactory()
    crowd([plantel], SchoolCycleFactory(), count)
    person = staff(Role.RESPONSABLE, plantel)
    return issue_renuncias(Enrollment.objects.filter(plantel=plantel), by=person, now=NOW)


def order(issued: Sequence[Any]) -> int:
    """Order them all as one lot."""
    from renuncias.actions import print_renuncias
    from tests.factories.students import NOW

    by = issued[0].paper.issued_by
    return int(print_renuncias(issued, title="Renuncias", by=by, now=NOW).pk)


def draw_as_a_worker(job: int) -> int:
    """Sweep until the lot is ready."""
    from papers.models import PrintJob
    from papers.states import PrintState
    from renuncias.tasks import print_renuncias

    while PrintJob.objects.get(pk=job).state != PrintState.READY:
        print_renuncias() or time.sleep(0.02)
    return peak()


def draw_by_peer(job: int, half: int) -> int:
    """Draw every second sheet as a document of its own."""
    from django.conf import settings
    from weasyprint import HTML

    from renuncias.render import STYLESHEETS, _Formats, words_of

    folder = settings.ROOT / "static" / "css" / "print"
    style = "".join((folder / name).read_text() for name in STYLESHEETS)
    for renuncia, place, lot in sheets_of(job)[half::CORES]:
        page = _Formats()._page(renuncia, words_of(renuncia, place, lot))
        html = page.replace("</head>", f"<style>{style}</style></head>")
        HTML(string=html, base_url=folder.as_uri() + "/").write_pdf()
    return peak()


def draw_by_limit(job: int, half: int) -> int:
    """Stamp every second sheet over the form, with nothing else."""
    import pikepdf

    from common.stamping.sheets import _Pen
    from renuncias.render import _Formats, words_of

    rows = sheets_of(job)[half::CORES]
    form = _Formats()._form(rows[0][0])
    pdf = pikepdf.Pdf.new()
    drawn = pikepdf.Page(pdf.copy_foreign(form.source.pages[0].obj))
    base = pdf.make_indirect(drawn.as_form_xobject())
    fonts = pdf.copy_foreign(form.source.pages[0].Resources.Font)
    pen = _Pen(form)
    for renuncia, place, lot in rows:
        words = pen.write(words_of(renuncia, place, lot))
        page = pdf.add_blank_page(page_size=(612, 792))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Form=base), Font=fonts)
        page.obj.Contents = pikepdf.Stream(pdf, b"/Form Do\n" + words)
    pdf.save(io.BytesIO())
    return peak()


def by_peer(given: tuple[int, int]) -> int:
    """Take the order as a pair."""
    return draw_by_peer(*given)


def by_limit(given: tuple[int, int]) -> int:
    """Take the order as a pair."""
    return draw_by_limit(*given)


def sheets_of(job: int) -> list[tuple[Any, Any, Any]]:
    """Return the renuncia and the place of each sheet, and the lot."""
    from papers.models import PrintJob
    from renuncias.queries.renuncias import by_paper

    lot = PrintJob.objects.get(pk=job)
    places = list(lot.lot.select_related("paper"))
    known = by_paper([place.paper_id for place in places])
    return [(known[place.paper_id], place, lot) for place in places]


def asked() -> argparse.Namespace:
    """Return how much is to be measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=600)
    parser.add_argument("--more", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def ready() -> None:
    """Load what a worker has loaded, in a process of its own."""
    import django

    django.setup()
    import weasyprint  # noqa: F401 -- loaded before the clock runs

    import renuncias.tasks  # noqa: F401 -- loaded before the clock runs


def in_rounds(
    issued: Sequence[Any], *, sheets: int, rounds: int
) -> tuple[list[float], list[float], int, int]:
    """Print other sheets in each round, ours and the limit's; return both rates, our memory and the last lot."""
    ours, limits, memory, job = [], [], 0, 0
    for start in range(0, rounds * sheets, sheets):
        workers, job = Workers(ready), order(issued[start : start + sheets])
        seconds, memory = workers.timed(draw_as_a_worker, [job] * CORES)
        ours.append(told("ours", sheets, seconds))
        seconds, _ = Workers(ready).timed(by_limit, [(job, half) for half in range(CORES)])
        limits.append(told("limit", sheets, seconds))
    return ours, limits, memory, job


def main() -> None:
    """Measure and report."""
    from django.core.management import call_command

    options = asked()
    call_command("migrate", verbosity=0)
    issued = students(options.rounds * options.sheets + options.more)
    ours, limits, small, job = in_rounds(issued, sheets=options.sheets, rounds=options.rounds)
    seconds, _ = Workers(ready).timed(by_peer, [(job, half) for half in range(CORES)])
    peer = told("peer", options.sheets, seconds)
    more = order(issued[-options.more :])
    seconds, large = Workers(ready).timed(draw_as_a_worker, [more] * CORES)
    told(f"ours, {options.more} sheets", options.more, seconds)
    report(
        "renuncias",
        figures={
            "sheets": options.sheets,
            "ours_per_s": round(median(ours)),
            "limit_per_s": round(median(limits)),
            "peer_per_s": round(peer, 1),
            "peak_mb": small,
            "peak_mb_of_more": large,
        },
        ratios={
            "to_peer": round(median(ours) / peer, 1),
            "to_limit": round(median(ours) / median(limits), 2),
        },
        goals=[
            Goal("to_peer", at_least=10),
            Goal("to_limit", at_least=0.5),
            Goal("peak_mb", at_most=150),
            Goal("peak_mb_of_more", at_most=150),
        ],
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    import django

    django.setup()
    main()
