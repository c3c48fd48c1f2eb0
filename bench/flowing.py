"""How many sheets two cores print in a second: citatorios, which are running text, and the stamped lists of groups.

Ours is what the workers do: two processes claim the parts of one lot, draw them, keep them, and one joins them with
the cover; every sheet has tags, folio and QR. The peer is what everybody writes first: for each sheet one template and
one `HTML(…).write_pdf()`, its stylesheet parsed each time, without tags, on the same two cores. Everything loaded at
the start of a process is not counted.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

from bench.harness import Goal, report
from bench.printers import CORES, Workers, peak, told

GOAL = 2.5


def ready() -> None:
    """Load what a worker has loaded, in a process of its own."""
    import django

    django.setup()
    import weasyprint  # noqa: F401 -- loaded before the clock runs

    import followup.tasks  # noqa: F401 -- loaded before the clock runs


def draw_as_a_worker(job: int) -> int:
    """Sweep until the lot is ready."""
    from followup.tasks import print_citatorios, print_group_lists
    from papers.models import PrintJob
    from papers.states import PaperKind, PrintState

    lot = PrintJob.objects.get(pk=job)
    sweep = print_citatorios if lot.kind == PaperKind.CITATORIO else print_group_lists
    while PrintJob.objects.get(pk=job).state != PrintState.READY:
        sweep() or time.sleep(0.02)
    return peak()


def draw_by_peer(given: tuple[int, int]) -> int:
    """Draw every second sheet as a document of its own."""
    from django.conf import settings
    from weasyprint import HTML

    from papers.models import PrintJob
    from papers.queries import papers_in

    job, half = given
    lot = PrintJob.objects.select_related("plantel").get(pk=job)
    folder = settings.ROOT / "static" / "css" / "print"
    style = (folder / "paper.css").read_text()
    for page in pages_of(lot, list(papers_in(lot))[half::CORES]):
        html = page.replace("</head>", f"<style>{style}</style></head>")
        HTML(string=html, base_url=folder.as_uri() + "/").write_pdf()
    return peak()


def pages_of(lot: Any, places: Sequence[Any]) -> Iterator[str]:
    """Write each sheet of the lot, from the template that ours is drawn from."""
    from django.template.loader import render_to_string

    from followup.render.citatorios import TEMPLATE, citatorio
    from followup.render.group_lists import page_of, sheets_of
    from papers.states import PaperKind
    from students.queries.enrollments import stays_about

    if lot.kind == PaperKind.GROUP_LIST:
        yield from (page_of(sheet, lot) for sheet in sheets_of(lot, places))
        return
    stays = stays_about([place.paper.about for place in places])
    context = {"title": lot.title, "plantel": lot.plantel}
    for place in places:
        sheet = citatorio(place, stays[place.paper.about], lot)
        yield render_to_string(TEMPLATE, {**context, "sheets": [sheet]})


def plantel_of(students: int) -> Any:
    """Return a plantel with so many students in nine groups."""
    from tests.factories.crowd import crowd
    from tests.factories.school import PlantelFactory, SchoolCycleFactory

    plantel = PlantelFactory()
    crowd([plantel], SchoolCycleFactory(), students)
    return plantel


def citatorios_of(plantel: Any, count: int, by: Any) -> int:
    """Order a citatorio for each of so many students as one lot."""
    from papers.actions import issue_papers, queue_lot
    from papers.states import PaperKind
    from school.actions.texts import keep_text_in_use
    from school.states import TextKind
    from students.models import Enrollment
    from students.queries.enrollments import about_stay
    from tests.factories.students import NOW

    stays = list(Enrollment.objects.filter(plantel=plantel).select_related("cycle")[:count])
    papers = issue_papers(
        PaperKind.CITATORIO,
        plantel,
        stays[0].cycle,
        [about_stay(stay) for stay in stays],
        text=keep_text_in_use(TextKind.CITATORIO, now=NOW),
        by=by,
        now=NOW,
    )
    lot = queue_lot(plantel, PaperKind.CITATORIO, papers, title="Citatorios", by=by, now=NOW)
    return int(lot.pk)


def lists_of(plantel: Any, by: Any) -> int:
    """Order the lists of all groups as one lot."""
    from followup.actions.papers import order_group_lists
    from followup.queries.papers import groups_to_list
    from tests.factories.students import NOW

    groups = [one.group for one in groups_to_list(plantel)]
    return int(order_group_lists(plantel, groups, by=by, now=NOW).pk)


def sheets_in(job: int) -> int:
    """Return how many sheets a lot has."""
    from papers.models import PrintJob

    return int(PrintJob.objects.get(pk=job).sheets_total)


def rates(order: Callable[[], int], name: str, rounds: int) -> tuple[float, float]:
    """Return the pages a second of ours and of the peer, medians; each round prints a lot anew."""
    ours, peers = [], []
    for _ in range(rounds):
        job = order()
        sheets = sheets_in(job)
        seconds, _ = Workers(ready).timed(draw_as_a_worker, [job] * CORES)
        ours.append(told(f"{name}, ours", sheets, seconds))
        seconds, _ = Workers(ready).timed(draw_by_peer, [(job, half) for half in range(CORES)])
        peers.append(told(f"{name}, peer", sheets, seconds))
    return median(ours), median(peers)


def asked() -> argparse.Namespace:
    """Return how much is to be measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--citatorios", type=int, default=300)
    parser.add_argument("--listed", type=int, default=2_400)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    """Measure and report."""
    from django.core.management import call_command

    from school.states import Role
    from tests.factories.school import staff

    options = asked()
    call_command("migrate", verbosity=0)
    plantel = plantel_of(options.listed)
    by = staff(Role.RESPONSABLE, plantel)
    lists = rates(lambda: lists_of(plantel, by), "lists", options.rounds)
    letters = rates(
        lambda: citatorios_of(plantel, options.citatorios, by), "citatorios", options.rounds
    )
    report(
        "flowing",
        figures={
            "lists_per_s": round(lists[0], 1),
            "lists_by_peer_per_s": round(lists[1], 1),
            "citatorios_per_s": round(letters[0], 1),
            "citatorios_by_peer_per_s": round(letters[1], 1),
        },
        ratios={
            "lists_to_peer": round(lists[0] / lists[1], 2),
            "citatorios_to_peer": round(letters[0] / letters[1], 2),
        },
        goals=[Goal("lists_to_peer", at_least=GOAL), Goal("citatorios_to_peer", at_least=GOAL)],
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imss_afiliacion.settings")
    import django

    django.setup()
    main()
