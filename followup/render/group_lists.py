"""Lists of groups for the tutor of the class: papers of a lot in, PDF out. Called by the worker alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from followup.queries.papers import LINES, list_of, members_of
from papers.models import LotPaper, PrintJob
from papers.render import Stamp, draw, draw_cover, stamp_in_lot
from students.models import Enrollment


@dataclass(frozen=True)
class ListSheet:
    """One sheet of a group; `first` is the number of its first line."""

    stamp: Stamp
    group: str
    first: int
    members: list[Enrollment]


def draw_group_lists(job: PrintJob, places: Sequence[LotPaper]) -> bytes:
    """This will draw one sheet each, or the cover when there is none to draw."""
    if not places:
        return draw_cover(job)
    lists = [list_of(place.paper) for place in places]
    members = members_of(job.plantel, {group for group, _ in lists})
    sheets = [
        ListSheet(
            stamp=stamp_in_lot(place, job),
            group=f"Grupo {group}" if group else "Sin grupo",
            first=start + 1,
            members=members.get(group, [])[start : start + LINES],
        )
        for place, (group, start) in zip(places, lists, strict=True)
    ]
    return draw(
        "followup/print/group_lists.html",
        title=job.title,
        plantel=job.plantel,
        sheets=sheets,
    )
